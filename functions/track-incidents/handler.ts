import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { awsOf } from '../../shared/aws/environment.ts';
import { connectIncidents } from '../../shared/aws/incident-ports.ts';
import type { Config } from '../../shared/config/config.ts';
import { type Message, trackMessages } from '../../shared/incidents/track.ts';
import { readEnvironment } from './env.ts';

const env = readEnvironment();
const config: Config = JSON.parse(readFileSync(path.join(env.LAMBDA_TASK_ROOT, 'config.json'), 'utf8'));
const logger = new Logger({ serviceName: 'track-incidents' });
const { ports } = connectIncidents(awsOf(env), env, config, (message, error) =>
  logger.warn(message, error as Error),
);
const timersQueue = env.TIMERS_QUEUE_URL.split('/').at(-1);

/** Alarms and timers from their queues. What cannot be applied goes back alone, and to the dead-letter queue in the end. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const tracked = await trackMessages(ports, event.Records.map(messageOf));
  const failed = tracked.flatMap(({ message, result }) => {
    if ('error' in result) {
      logger.error('not applied', { messageId: message, error: result.error as Error });
      return [{ itemIdentifier: message }];
    }
    logger.info(result.reason, { messageId: message, incident: result.incident?.id });
    return [];
  });
  return { batchItemFailures: failed };
}

const messageOf = ({ messageId, body, eventSourceARN, attributes }: SQSRecord): Message => ({
  id: messageId,
  queue: eventSourceARN.split(':').at(-1) === timersQueue ? 'timers' : 'alarms',
  body,
  sentAt: Number(attributes.SentTimestamp),
});
