import { findChromium } from '../../shared/monitors/browser/chromium.ts';
import type { Activity } from './activity.ts';
import { channelsByArn, configOf } from './channel-secrets.ts';
import { type Connected, connectServices } from './connections.ts';
import { startDelivery } from './delivery.ts';
import { awsEndpoint } from './endpoint/endpoint.ts';
import { front } from './front.ts';
import { createHttpApi, type HttpApi } from './http-api.ts';
import { createIdentities, type Identities } from './identities.ts';
import type { Answerer } from './listen.ts';
import { createLogs, type Logs } from './logs.ts';
import type { ManualClock } from './manual-clock.ts';
import type { Attempt, Statement } from './policy.ts';
import type { Runtime } from './service.ts';
import { createDynamoDb, type DynamoDb } from './services/dynamodb.ts';
import { createEventBridge } from './services/eventbridge.ts';
import { createOutbox, type Outbox } from './services/outbox.ts';
import { outsideFunctions } from './services/outside-functions.ts';
import { createSes } from './services/ses.ts';
import type { Ssm } from './services/ssm.ts';
import type { Stack } from './template.ts';

/** Everything the resources of a template are made in. */
export interface World extends Connected {
  runtime: Runtime;
  /** `http://localhost:<port>` */
  url: string;
  /** The AWS endpoint, `http://127.0.0.1:<port>`. */
  endpoint: string;
  identities: Identities;
  httpApi: HttpApi;
  dynamodb: DynamoDb;
  ssm: Ssm;
  outbox: Outbox;
  logs: Logs;
  /** ARN of each function's role, by the function's name. */
  roles: Map<string, string>;
  /** Statements of managed policies, by ARN. */
  managedPolicies: Map<string, Statement[]>;
  /** ARN of the function behind each integration of the HTTP API. */
  integrations: Map<string, string>;
  /** Path of this machine's Chromium; undefined where there is none. */
  chromium: string | undefined;
  /** Directory or file of an asset. Throws where there is none. */
  asset(objectKey: string): string;
  /** What answers on the port for people. */
  people: Answerer;
  /** What answers on the AWS endpoint. */
  machines: Answerer;
  /** Ends the services; functions and ports must have ended before. */
  close(): Promise<void>;
}

export interface WorldOptions {
  runtime: Runtime;
  activity: Activity;
  manual: ManualClock | undefined;
  stack: Stack;
  addresses: { url: string; endpoint: string };
  /** By environment name, e.g. `SLACK_WEBHOOK`. */
  secrets: Record<string, string | undefined>;
}

/** The services, connected as they are on AWS, before there is any resource. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { runtime, activity, manual, stack, addresses, secrets } = options;
  const { endpoint } = addresses;
  const outbox = createOutbox(runtime);
  const identities = createIdentities();
  const logs = createLogs();
  const roles = new Map<string, string>();
  const config = configOf(stack);
  const byArn = channelsByArn(config ?? { channels: [] });
  const channelOf = (arn: string) => byArn.get(arn);
  const { ssm, smtp, capture } = await startDelivery({ runtime, endpoint, config, secrets }, outbox);
  const connected = connectServices({
    runtime,
    activity,
    manual,
    endpoint,
    identities,
    outbox,
    channelOf,
    logs,
  });
  const { lambda, sqs, sns, cloudwatch } = connected;
  const dynamodb = createDynamoDb(runtime);
  const httpApi = createHttpApi(runtime.clock, runtime.account);
  const services = {
    sqs,
    sns,
    monitoring: cloudwatch,
    ssm,
    ses: createSes(runtime, outbox),
    dynamodb,
    events: createEventBridge(outbox, channelOf),
  };
  const refusal = (caller: string, attempt: Attempt) => {
    const role = roles.get(caller);
    return role === undefined ? undefined : identities.roleRefusal(role, attempt);
  };
  return {
    runtime,
    ...addresses,
    ...connected,
    identities,
    httpApi,
    dynamodb,
    ssm,
    outbox,
    logs,
    roles,
    managedPolicies: new Map(),
    integrations: new Map(),
    chromium: findChromium(process.env),
    asset: (objectKey) => {
      const path = stack.assets.get(objectKey);
      if (path === undefined) throw new Error(`the stack has no asset ${objectKey}`);
      return path;
    },
    people: front({
      httpApi,
      lambda,
      adminToken: ssm.adminToken,
      outbox: outbox.list,
      logs,
      now: runtime.clock.now,
      manual,
    }),
    machines: awsEndpoint({
      place: runtime,
      services,
      lambda,
      refusal,
      capture,
      runOutside: outsideFunctions(outbox, channelOf),
      log: runtime.log,
    }),
    close: async () => {
      await smtp?.close();
      await dynamodb.close();
      cloudwatch.close();
      sqs.queues.close();
      outbox.close();
    },
  };
}
