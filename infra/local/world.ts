import type { HttpApi } from './http-api.ts';
import type { Identities } from './identities.ts';
import type { LambdaHost } from './lambda/host.ts';
import type { Statement } from './policy.ts';
import type { Runtime } from './service.ts';
import type { CloudWatch } from './services/cloudwatch.ts';
import type { DynamoDb } from './services/dynamodb.ts';
import type { Ses } from './services/ses.ts';
import type { Sns } from './services/sns.ts';
import type { Sqs } from './services/sqs.ts';
import type { Ssm } from './services/ssm.ts';

/** Everything the resources of a template are made in. */
export interface World {
  runtime: Runtime;
  /** `http://localhost:<port>` */
  url: string;
  /** The AWS endpoint, `http://127.0.0.1:<port>`. */
  endpoint: string;
  identities: Identities;
  lambda: LambdaHost;
  httpApi: HttpApi;
  sqs: Sqs;
  sns: Sns;
  cloudwatch: CloudWatch;
  dynamodb: DynamoDb;
  ssm: Ssm;
  ses: Ses;
  /** ARN of each function's role, by the function's name. */
  roles: Map<string, string>;
  /** Statements of managed policies, by ARN. */
  managedPolicies: Map<string, Statement[]>;
  /** ARN of the function behind each integration of the HTTP API. */
  integrations: Map<string, string>;
  /** Directory or file of an asset. Throws where there is none. */
  asset(objectKey: string): string;
}
