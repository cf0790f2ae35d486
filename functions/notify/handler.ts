import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { backoff } from '../../shared/aws/backoff.ts';
import { channelTable } from '../../shared/aws/channel-table.ts';
import { deliveryTable } from '../../shared/aws/delivery-table.ts';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { awsOf } from '../../shared/aws/environment.ts';
import { secretReader } from '../../shared/aws/secrets.ts';
import { changeVisibility, sendMessage } from '../../shared/aws/sqs.ts';
import type { Config } from '../../shared/config/config.ts';
import { channelOf, defaultRate } from '../../shared/notifications/delivery/storm-guard.ts';
import type { Reported, Undelivered } from '../../shared/notifications/delivery/undelivered.ts';
import { parseEvent } from '../../shared/notifications/event.ts';
import type { ChannelKind } from '../../shared/notifications/kind.ts';
import {
  type Arrived,
  type Notified,
  notify,
  type Target,
  targetsOf,
} from '../../shared/notifications/notify.ts';
import { readEnvironment } from './env.ts';

/** SQS shows a message again after at most 12 h in all; we stay below, and at least a second. */
const visibilitySeconds = { min: 1, max: 43_000 };

/** Milliseconds until we look again at what a failing service of AWS interrupted. */
const brokenOffMs = 5_000;

/**
 * The function that tells all channels of one kind about the events in its queue. Each kind has a function, queue, dead-letter queue
 * and role of its own: a provider that is slow or down holds up nobody else.
 */
export function createHandler<Settings, Message>(
  kind: ChannelKind<Settings, Message>,
  env = readEnvironment(),
  {
    now = () => Date.now(),
    random = Math.random,
    timeoutMs = 10_000,
    outbox = env.TOCSIN_LOCAL && `${env.AWS_ENDPOINT_URL}/outbox`,
  } = {},
) {
  const config: Config = JSON.parse(readFileSync(path.join(env.LAMBDA_TASK_ROOT, 'config.json'), 'utf8'));
  const targets = targetsIn(config, kind);
  const serviceName = `notify-${kind.kind}`;
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ namespace: `Tocsin/${config.name}`, serviceName });
  const aws = awsOf(env);
  const client = documentClient(aws);
  const ports = {
    aws,
    deliveries: deliveryTable(client, env.INCIDENTS_TABLE, backoff),
    channels: channelTable(client, env.INCIDENTS_TABLE),
    giveUp: (undelivered: Undelivered) => sendMessage(aws, env.TIMERS_QUEUE_URL, JSON.stringify(undelivered)),
    report: (reported: Reported) => sendMessage(aws, env.TIMERS_QUEUE_URL, JSON.stringify(reported)),
    readSecret: secretReader(aws, env.SECRET_PREFIX, now),
    allowLoopback: env.TOCSIN_LOCAL !== undefined,
    now,
    random,
    timeoutMs,
  };

  /** Whether the message is done with. What waits is shown again in time. */
  async function handle(record: SQSRecord): Promise<boolean> {
    const bury = () => sendMessage(aws, env.DEAD_LETTER_QUEUE_URL, record.body);
    const arrived = arrivedIn(record);
    if (arrived instanceof Error) {
      await bury();
      report({ result: 'failed', detail: arrived.message }, { messageId: record.messageId });
      return true;
    }
    const notified = await Promise.all(
      targetsOf(targets, arrived.event, kind.follows).map(async (target) => {
        const fields = fieldsOf(arrived, target.channel);
        try {
          const local = outbox && { outbox: `${outbox}/${channelOf(target.channel)}` };
          const result = await notify(kind, target, arrived, { ...ports, ...local, bury });
          report(result, fields);
          return result;
        } catch (error) {
          // DynamoDB or the dead-letter queue did not take it: nothing is settled, all of it is tried again.
          logger.error('notification broken off', { ...fields, error: error as Error });
          return { again: now() + brokenOffMs };
        }
      }),
    );
    const again = notified.flatMap(({ again }) => again ?? []);
    if (again.length === 0) return true;
    const seconds = Math.ceil((Math.min(...again) - now()) / 1_000);
    const shown = Math.min(Math.max(seconds, visibilitySeconds.min), visibilitySeconds.max);
    await changeVisibility(aws, env.QUEUE_URL, record.receiptHandle, shown);
    return false;
  }

  function report({ result, detail, status, secretMissing }: Notified, fields: object): void {
    const level = result === 'failed' || secretMissing ? 'error' : 'info';
    logger[level](`notification ${result}`, { ...fields, status, detail });
    if (result === 'sent') metrics.addMetric('Notified', MetricUnit.Count, 1);
    if (result === 'failed') metrics.addMetric('NotifyFailed', MetricUnit.Count, 1);
    if (secretMissing) metrics.addMetric('SecretMissing', MetricUnit.Count, 1);
  }

  return async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
    const failed = await Promise.all(
      event.Records.map(async (record) => {
        const done = await handle(record).catch((error) => {
          logger.error('message not handled', { messageId: record.messageId, error: error as Error });
          return false;
        });
        return done ? [] : [{ itemIdentifier: record.messageId }];
      }),
    );
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    return { batchItemFailures: failed.flat() };
  };
}

/** The channels of this kind, in parts where one has several. */
function targetsIn<Settings, Message>(
  config: Config,
  { kind, settings, secrets, parts = (whole) => [whole], ...terms }: ChannelKind<Settings, Message>,
): Target<Settings>[] {
  return config.channels
    .filter((channel) => channel.kind === kind)
    .flatMap(({ id, rate = terms.rate ?? defaultRate, settings: given }) =>
      parts(settings.parse(given)).map((part, index) => ({
        channel: index === 0 ? id : `${id}/${index + 1}`,
        settings: part,
        rate,
        provider: [kind, ...secrets(part)].join('#'),
      })),
    );
}

/** A body that is no event is no reason to lose it, nor to hold up its neighbours. */
function arrivedIn({ body, attributes }: SQSRecord): Arrived | Error {
  try {
    return {
      event: parseEvent(body),
      arrival: {
        sentAt: Number(attributes.SentTimestamp),
        receiveCount: Number(attributes.ApproximateReceiveCount),
      },
    };
  } catch (error) {
    return error as Error;
  }
}

const fieldsOf = ({ event, arrival }: Arrived, channel: string) => ({
  event: event.id,
  type: event.type,
  revision: event.incident.revision,
  channel,
  receiveCount: arrival.receiveCount,
});
