import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { onTestFinished, vi } from 'vitest';
import { createHandler } from '../../functions/notify/handler.ts';
import { type Call, type Service, ServiceError } from '../../infra/local/service.ts';
import { createDynamoDb } from '../../infra/local/services/dynamodb.ts';
import { queueDefaults } from '../../infra/local/services/queues.ts';
import { createSqs, type Sqs } from '../../infra/local/services/sqs.ts';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import type { LedgerRow } from '../../shared/notifications/delivery/ledger.ts';
import type { ChannelKind } from '../../shared/notifications/kind.ts';
import { place, serveAws } from '../support/aws-endpoint.ts';
import { createIncidentsTable, incidentsTable } from '../support/incidents-table.ts';
import { serveHttp } from '../support/servers.ts';

export const start = Date.UTC(2026, 10, 20, 3, 12, 5);

interface Options<Settings, Message> {
  kind: ChannelKind<Settings, Message>;
  /** Settings by channel id. */
  channels: Record<string, object>;
  /** What SSM knows, by the secret's name; may be changed while the test runs. */
  secrets?: Record<string, string>;
  ses?: Service['handle'];
  /** Called before each read of a secret; may throw. */
  beforeSecret?: () => void;
  /** Called before each DynamoDB operation; may throw. */
  beforeDatabase?: (call: Call) => void;
  local?: boolean;
  /** Where the channels' outboxes are that stand in for providers' own addresses. */
  outbox?: string;
  /** Messages a minute; default as the kind has it. */
  rate?: number;
}

/** A notify function with its queues, table and secrets behind a real AWS endpoint, on a clock that stands still. */
export async function serveNotify<Settings, Message>(options: Options<Settings, Message>) {
  const { kind, channels, secrets = {}, local = true } = options;
  let sqs: Sqs | undefined;
  const { aws, clock } = await serveAws(start, async (runtime) => {
    sqs = createSqs(runtime, 'http://127.0.0.1:1');
    const dynamodb = createDynamoDb(runtime);
    const watched: Service = {
      handle: (call) => {
        options.beforeDatabase?.(call);
        return dynamodb.handle(call);
      },
    };
    return {
      sqs,
      dynamodb: watched,
      ssm: parameters(secrets, options.beforeSecret),
      ses: { handle: options.ses ?? (() => ({})) },
    };
  });
  const { queues, urlOf } = sqs!;
  const deadLetters = queues.create({ ...queueDefaults, name: 'dead-letters' });
  const timers = queues.create({ ...queueDefaults, name: 'timers' });
  const queue = queues.create({ ...queueDefaults, name: 'notifications', visibilityTimeout: 120 });
  const client = documentClient(aws);
  onTestFinished(() => client.destroy());
  await createIncidentsTable(client);

  const folder = mkdtempSync(path.join(tmpdir(), 'notify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = {
    name: 'acme',
    channels: Object.entries(channels).map(([id, settings]) => ({
      id,
      kind: kind.kind,
      settings,
      ...(options.rate && { rate: options.rate }),
    })),
  };
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  const log = captureLog();
  const handler = createHandler(
    kind,
    {
      AWS_REGION: place.region,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      AWS_ENDPOINT_URL: aws.endpoint,
      LAMBDA_TASK_ROOT: folder,
      INCIDENTS_TABLE: incidentsTable,
      QUEUE_URL: urlOf(queue),
      DEAD_LETTER_QUEUE_URL: urlOf(deadLetters),
      TIMERS_QUEUE_URL: urlOf(timers),
      SECRET_PREFIX: '/tocsin/acme/',
      ...(local && { TOCSIN_LOCAL: 'http://localhost:4400' }),
    },
    {
      now: () => clock.now(),
      random: () => 0,
      timeoutMs: 300,
      ...(options.outbox && { outbox: options.outbox }),
    },
  );

  async function ledger(incident = '20261120-abcdefgh'): Promise<LedgerRow[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: incidentsTable,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': `INCIDENT#${incident}`, ':sk': 'LEDGER#' },
        ConsistentRead: true,
      }),
    );
    return Items as LedgerRow[];
  }

  /** What track-incidents stores of an event's incident. */
  async function keep({ incident }: IncidentEvent, more: object = {}): Promise<void> {
    const Item = { pk: `INCIDENT#${incident.id}`, sk: 'INCIDENT', ...incident, ...more };
    await client.send(new PutCommand({ TableName: incidentsTable, Item }));
  }

  /** What is visible, as Lambda hands it over. */
  function receive(): SQSEvent['Records'] {
    return queues.receive(queue, 10).map(({ attributes, messageAttributes, ...message }) => ({
      ...message,
      attributes: attributes as unknown as SQSEvent['Records'][number]['attributes'],
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: queue,
      awsRegion: place.region,
    }));
  }

  /** One invocation with what is visible now. What it did not report as failed is deleted, as Lambda does. */
  async function invoke(): Promise<void> {
    const Records = receive();
    if (Records.length === 0) return;
    const { batchItemFailures } = await handler({ Records });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receiptHandle } of Records)
      if (!failed.has(messageId)) queues.delete(queue, receiptHandle);
  }

  return {
    log,
    invoke,
    /** Two invocations at once, each with a copy: SQS may do that. */
    async invokeTwice() {
      const Records = receive();
      await Promise.all([handler({ Records }), handler({ Records })]);
    },
    send: (event: IncidentEvent) => queues.send(queue, { body: enveloped(JSON.stringify(event)) }),
    sendBody: (body: string) => queues.send(queue, { body }),
    /** Time passes second by second or in steps of `step` ms, the function called whenever something is visible. */
    async pass(seconds: number, step = 1_000) {
      for (let passed = 0; passed < seconds * 1_000; passed += step) {
        await clock.advance(step);
        await invoke();
      }
    },
    left: () => queues.counts(queue),
    /** What those who keep incidents are told. */
    givenUp: () => queues.receive(timers, 10, 0).map(({ body }) => JSON.parse(body)),
    dead: () => queues.receive(deadLetters, 10, 0).map(({ body }) => body),
    keep,
    /** The same of one that is open, with who was told of it. */
    async keepOpen(event: IncidentEvent, told: Record<string, number>): Promise<void> {
      const { id } = event.incident;
      await keep(event, { told });
      const pointer = { pk: `GROUP#${id}`, sk: 'OPEN', incident: id, listPk: 'OPEN', listSk: id };
      await client.send(new PutCommand({ TableName: incidentsTable, Item: pointer }));
    },
    /** What an operator does with the dead letters. */
    redrive() {
      for (const { body, receiptHandle } of queues.receive(deadLetters, 10)) {
        queues.delete(deadLetters, receiptHandle);
        queues.send(queue, { body });
      }
    },
    client,
    now: () => clock.now(),
    /** Rows of one incident. */
    ledger,
    /** `channel revision result`, in order. */
    history: async (incident?: string) =>
      (await ledger(incident)).map(({ channel, revision, result }) => `${channel} ${revision} ${result}`),
  };
}

/** SSM with these SecureStrings. */
const parameters = (secrets: Record<string, string>, beforeSecret?: () => void): Service => ({
  handle({ input }) {
    beforeSecret?.();
    const Value = secrets[String(input.Name).replace('/tocsin/acme/', '')];
    if (Value === undefined) throw new ServiceError('ParameterNotFound', '');
    return { Parameter: { Name: input.Name, Type: 'SecureString', Value } };
  },
});

/** As SNS puts a message into a queue. */
export const enveloped = (Message: string): string =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: '5d2c7a3e-0000-5000-8000-000000000000',
    TopicArn: 'arn:aws:sns:eu-central-1:123456789012:incident-events',
    Message,
    Timestamp: '2026-11-20T03:12:05.000Z',
  });

/** Everything the function prints: log lines and metrics. */
function captureLog(): string[] {
  const printed: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
  );
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return printed;
}

/** Sum of a metric in what was printed. */
export const metric = (log: string[], name: string): number =>
  log
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes('CloudWatchMetrics'))
    .flatMap((line) => JSON.parse(line)[name] ?? [])
    .reduce((sum: number, value: number) => sum + value, 0);

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export const replies = {
  ok: (response: ServerResponse) => response.end('ok'),
  status: (status: number, body = '', headers: Record<string, string> = {}): Reply => {
    return (response) => response.writeHead(status, headers).end(body);
  },
};

/** A Slack that gives these answers in turn, the last for ever; `posts` is what it was told. */
export async function serveSlack(...answers: Reply[]) {
  const posts: { text: string; badge: string | undefined }[] = [];
  const { port } = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { text } = JSON.parse(body);
    posts.push({ text, badge: /[A-Z]+/.exec(text)?.[0] });
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    answer(response, request);
  });
  return { posts, url: `http://127.0.0.1:${port}/services/T0DECOY1/B0DECOY2/decoy-TOKEN-3456789` };
}
