import type { Activity } from './activity.ts';
import type { Identities } from './identities.ts';
import { createLambdaHost, type FunctionSettings, type LambdaHost } from './lambda/host.ts';
import type { Outcome } from './lambda/messages.ts';
import type { Logs } from './logs.ts';
import type { ManualClock } from './manual-clock.ts';
import type { Attempt } from './policy.ts';
import type { Runtime } from './service.ts';
import { type CloudWatch, createCloudWatch } from './services/cloudwatch.ts';
import type { Measurement } from './services/metric-store.ts';
import type { Outbox } from './services/outbox.ts';
import { createSns, type Sns } from './services/sns.ts';
import { createSqs, type Sqs } from './services/sqs.ts';

export interface ConnectionOptions {
  runtime: Runtime;
  activity: Activity;
  manual: ManualClock | undefined;
  /** The AWS endpoint. */
  endpoint: string;
  identities: Identities;
  outbox: Outbox;
  /** Channel that publishes to a topic of the account's. */
  channelOf(arn: string): string | undefined;
  logs: Logs;
}

/** The services that cause one another to do something. */
export interface Connected {
  lambda: LambdaHost;
  sqs: Sqs;
  sns: Sns;
  cloudwatch: CloudWatch;
}

/**
 * Connects the services as they are on AWS: output of functions becomes metrics, metrics become alarms, alarms are
 * published, publications go to queues and functions. Each checks the policy of what it delivers to.
 */
export function connectServices(options: ConnectionOptions): Connected {
  const { runtime, endpoint, identities, outbox } = options;
  const sqs = createSqs(runtime, endpoint);
  const lambda: LambdaHost = createLambdaHost({
    clock: runtime.clock,
    activity: options.activity,
    time: options.manual?.shared,
    onLine: (settings, line) => keepLine(settings, line),
    onInvocation: (settings, invocation) => keepInvocation(settings, invocation),
  });
  const sns = createSns(runtime, {
    endpoint,
    outbox,
    channelOf: options.channelOf,
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
    gauges: () => sqs.queues.measurements(),
    publish: async (topicArn, { subject, message }) => {
      assertAllowed(identities, 'cloudwatch.amazonaws.com', { action: 'sns:Publish', resource: topicArn });
      sns.publish(topicArn, { subject, message: JSON.stringify(message), structure: 'json' });
    },
  });

  const keepLine = ({ name, logGroup }: FunctionSettings, line: string) => {
    options.logs.add({ at: new Date(runtime.clock.now()).toISOString(), function: name, line });
    cloudwatch.ingest(logGroup, line);
  };
  const keepInvocation = ({ name }: FunctionSettings, { outcome, durationMs }: Invocation) => {
    if (!outcome.ok) runtime.log(`${name} failed: ${outcome.error.errorType}: ${outcome.error.errorMessage}`);
    for (const measurement of invocationMetrics(name, outcome.ok, durationMs)) cloudwatch.record(measurement);
  };
  return { lambda, sqs, sns, cloudwatch };
}

interface Invocation {
  outcome: Outcome;
  durationMs: number;
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
