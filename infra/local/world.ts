import type { Activity } from './activity.ts';
import { configOf } from './channel-secrets.ts';
import { startDelivery } from './delivery.ts';
import { awsEndpoint } from './endpoint/endpoint.ts';
import { front } from './front.ts';
import { createHttpApi, type HttpApi } from './http-api.ts';
import { createIdentities, type Identities } from './identities.ts';
import { createLambdaHost, type LambdaHost } from './lambda/host.ts';
import type { Answerer } from './listen.ts';
import { createLogs, type Logs } from './logs.ts';
import type { ManualClock } from './manual-clock.ts';
import type { Attempt, Statement } from './policy.ts';
import type { Runtime } from './service.ts';
import { type CloudWatch, createCloudWatch } from './services/cloudwatch.ts';
import { createDynamoDb, type DynamoDb } from './services/dynamodb.ts';
import type { Measurement } from './services/metric-store.ts';
import { createOutbox, type Outbox } from './services/outbox.ts';
import { createSes } from './services/ses.ts';
import { createSns, type Sns } from './services/sns.ts';
import { createSqs, type Sqs } from './services/sqs.ts';
import type { Ssm } from './services/ssm.ts';
import type { Stack } from './template.ts';

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
  outbox: Outbox;
  logs: Logs;
  /** ARN of each function's role, by the function's name. */
  roles: Map<string, string>;
  /** Statements of managed policies, by ARN. */
  managedPolicies: Map<string, Statement[]>;
  /** ARN of the function behind each integration of the HTTP API. */
  integrations: Map<string, string>;
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
  const { runtime, stack, addresses } = options;
  const outbox = createOutbox(runtime);
  const { ssm, smtp, capture } = await startDelivery(
    { runtime, endpoint: addresses.endpoint, config: configOf(stack), secrets: options.secrets },
    outbox,
  );
  const sqs = createSqs(runtime, addresses.endpoint);
  const identities = createIdentities();
  const logs = createLogs();
  const roles = new Map<string, string>();
  const lambda: LambdaHost = createLambdaHost({
    ...options,
    clock: runtime.clock,
    time: options.manual?.shared,
    onLine: (settings, line) => {
      logs.add({ at: new Date(runtime.clock.now()).toISOString(), function: settings.name, line });
      cloudwatch.ingest(settings.logGroup, line);
    },
    onInvocation: ({ name }, { outcome, durationMs }) => {
      if (!outcome.ok)
        runtime.log(`${name} failed: ${outcome.error.errorType}: ${outcome.error.errorMessage}`);
      for (const measurement of invocationMetrics(name, outcome.ok, durationMs))
        cloudwatch.record(measurement);
    },
  });
  const sns = createSns(runtime, {
    endpoint: addresses.endpoint,
    outbox,
    record: (measurement) => cloudwatch.record(measurement),
    sendToQueue: (queueArn, body, attributes) => {
      assertAllowed(identities, 'sns.amazonaws.com', { action: 'sqs:SendMessage', resource: queueArn });
      sqs.queues.send(queueArn, { body, attributes });
    },
    invoke: (functionArn, event) => {
      if (!identities.mayInvoke('sns.amazonaws.com', functionArn))
        throw new Error(`no AWS::Lambda::Permission lets sns.amazonaws.com invoke ${functionArn}`);
      lambda.invokeLater(functionArn, event);
    },
  });
  const cloudwatch = createCloudWatch(runtime, {
    publish: async (topicArn, { subject, message }) => {
      assertAllowed(identities, 'cloudwatch.amazonaws.com', { action: 'sns:Publish', resource: topicArn });
      sns.publish(topicArn, { subject, message: JSON.stringify(message), structure: 'json' });
    },
    gauges: () => sqs.queues.measurements(),
  });
  const dynamodb = createDynamoDb(runtime);
  const httpApi = createHttpApi(runtime.clock, runtime.account);
  return {
    runtime,
    ...addresses,
    identities,
    lambda,
    httpApi,
    sqs,
    sns,
    cloudwatch,
    dynamodb,
    ssm,
    outbox,
    logs,
    roles,
    managedPolicies: new Map(),
    integrations: new Map(),
    asset: (objectKey) => {
      const path = stack.assets.get(objectKey);
      if (path === undefined) throw new Error(`the stack has no asset ${objectKey}`);
      return path;
    },
    people: front({
      httpApi,
      adminToken: ssm.adminToken,
      outbox: outbox.list,
      logs,
      now: runtime.clock.now,
      manual: options.manual,
    }),
    machines: awsEndpoint({
      place: runtime,
      services: { sqs, sns, monitoring: cloudwatch, ssm, ses: createSes(runtime, outbox), dynamodb },
      lambda,
      refusal: (caller, attempt) => {
        const role = roles.get(caller);
        return role === undefined ? undefined : identities.roleRefusal(role, attempt);
      },
      capture,
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

/** Throws, saying why, where a policy does not let an AWS service do that: as on AWS, nothing is delivered then. */
function assertAllowed(identities: Identities, service: string, attempt: Attempt): void {
  const refused = identities.serviceRefusal(service, attempt);
  if (refused) throw new Error(`NOT DELIVERED to ${attempt.resource}: ${refused}`);
}

/** What Lambda tells CloudWatch of every invocation. */
function invocationMetrics(functionName: string, ok: boolean, durationMs: number): Measurement[] {
  const of = (name: string, value: number, unit: string): Measurement => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: functionName },
    unit,
    values: [value],
  });
  return [
    of('Invocations', 1, 'Count'),
    of('Errors', ok ? 0 : 1, 'Count'),
    of('Throttles', 0, 'Count'),
    of('Duration', durationMs, 'Milliseconds'),
  ];
}
