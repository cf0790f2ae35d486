import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { onTestFinished, vi } from 'vitest';
import type { Runtime } from '../../infra/local/service.ts';
import { createCloudWatch } from '../../infra/local/services/cloudwatch.ts';
import { createDynamoDb } from '../../infra/local/services/dynamodb.ts';
import { createOutbox } from '../../infra/local/services/outbox.ts';
import { queueDefaults } from '../../infra/local/services/queues.ts';
import { createSns } from '../../infra/local/services/sns.ts';
import { createSqs } from '../../infra/local/services/sqs.ts';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { incidentTable } from '../../shared/aws/incident-table.ts';
import { config, start } from '../incidents/signals.ts';
import { place, serveAws } from '../support/aws-endpoint.ts';
import { createIncidentsTable, incidentsTable } from '../support/incidents-table.ts';

const sqsUrls = 'http://127.0.0.1:1';

/**
 * The AWS around the functions that change incidents: topics, queues, tables and alarms, at the time `start`.
 * `alarms` feeds the queue of that name; a mailbox and a queue `heard` are subscribed to `incident-events`.
 */
export async function serveIncidents() {
  const made: Made[] = [];
  const { aws, clock } = await serveAws(start, async (runtime) => {
    const { outbox, ...services } = makeServices(runtime);
    made.push({ outbox, ...services });
    return services;
  });
  const { sqs, sns, outbox, monitoring } = made[0]!;
  const [alarmsQueue, timersQueue, heardQueue] = ['alarms', 'timers', 'heard'].map((name) =>
    sqs.queues.create({ ...queueDefaults, name }),
  ) as [string, string, string];
  const alarmsTopic = sns.createTopic('alarms');
  const eventsTopic = sns.createTopic('incident-events');
  sns.subscribe({ topicArn: alarmsTopic, protocol: 'sqs', endpoint: alarmsQueue });
  sns.subscribe({ topicArn: eventsTopic, protocol: 'sqs', endpoint: heardQueue, rawMessageDelivery: true });
  sns.subscribe({ topicArn: eventsTopic, protocol: 'email', endpoint: 'oncall@example.com' });
  const client = documentClient(aws);
  onTestFinished(() => client.destroy());
  await createIncidentsTable(client);
  await client.send(
    new CreateTableCommand({
      TableName: 'history',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  stubLambda({
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ENDPOINT_URL: aws.endpoint!,
    INCIDENTS_TABLE: incidentsTable,
    HISTORY_TABLE: 'history',
    EVENTS_TOPIC_ARN: eventsTopic,
    TIMERS_QUEUE_URL: sqs.urlOf(timersQueue),
    FUNCTION_PREFIX: 'Tocsin-acme-',
    CONSOLE_URL: 'https://tocsin.example.com/',
  });

  return {
    aws,
    clock,
    outbox,
    monitoring,
    client,
    table: incidentTable(client, incidentsTable, async () => {}),
    publishAlarm: (Message: string) => sns.publish(alarmsTopic, { message: Message }),
    /** What is visible in a queue, as Lambda hands it over, and deleted as Lambda would. */
    receive(name: 'alarms' | 'timers'): SQSEvent {
      const arn = name === 'alarms' ? alarmsQueue : timersQueue;
      const messages = sqs.queues.receive(arn, 10);
      for (const { receiptHandle } of messages) sqs.queues.delete(arn, receiptHandle);
      return {
        Records: messages.map(({ md5OfBody, messageAttributes, attributes, ...message }) => ({
          ...message,
          attributes: attributes as unknown as SQSEvent['Records'][number]['attributes'],
          messageAttributes: {},
          md5OfBody,
          eventSource: 'aws:sqs',
          eventSourceARN: arn,
          awsRegion: place.region,
        })),
      };
    },
    /** Events that programs received, oldest first. */
    heard: () => sqs.queues.receive(heardQueue, 10, 0).map(({ body }) => JSON.parse(body)),
    /** Moves the clock of AWS and that of the functions. */
    async at(seconds: number) {
      await clock.advance(start + seconds * 1_000 - clock.now());
      vi.setSystemTime(clock.now());
    },
  };
}

type Made = ReturnType<typeof makeServices>;

function makeServices(runtime: Runtime) {
  const sqs = createSqs(runtime, sqsUrls);
  const outbox = createOutbox(runtime);
  const sns = createSns(runtime, {
    endpoint: sqsUrls,
    outbox,
    sendToQueue: (arn, body, attributes) => void sqs.queues.send(arn, { body, attributes }),
    invoke: () => {},
    record: () => {},
  });
  const monitoring = createCloudWatch(runtime, { publish: async () => {}, gauges: () => [] });
  return { sqs, sns, outbox, monitoring, dynamodb: createDynamoDb(runtime) };
}

/** Environment, asset, clock and log as a function finds them. */
function stubLambda(environment: Record<string, string>): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'function-'));
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  const all = { ...environment, LAMBDA_TASK_ROOT: folder, POWERTOOLS_LOG_LEVEL: 'SILENT' };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  vi.resetModules();
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
}
