import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseBatch } from '../../shared/monitors/batch-schema.ts';
import { http } from '../../shared/monitors/http.ts';
import { httpMonitor } from '../support/http-monitor.ts';
import { closedPort, serveHttp } from '../support/servers.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'probe-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Long ago: a slot in the future would be waited for. */
const time = '2026-01-20T12:00:00Z';

/** An endpoint of SQS and SSM: takes messages, knows one secret. */
async function serveAws() {
  const messages: { queue: string; body: string }[] = [];
  const server = await serveHttp(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const input = JSON.parse(text);
    // Unlike those to targets, connections to AWS are kept for the next call.
    response.setHeader('connection', 'close');
    if (request.headers['x-amz-target'] === 'AmazonSQS.SendMessage') {
      messages.push({ queue: input.QueueUrl, body: input.MessageBody });
      response.end('{"MessageId":"1"}');
    } else if (input.Name === '/tocsin/acme/token') {
      response.end('{"Parameter":{"Value":"hunter2"}}');
    } else {
      response.writeHead(400).end('{"__type":"ParameterNotFound"}');
    }
  });
  return { messages, endpoint: `http://127.0.0.1:${server.port}` };
}

/** The handler as Lambda starts it: its own files, its own environment. */
async function startProbe(overrides: Record<string, string> = {}) {
  const target = await serveHttp((request, response) =>
    response.end(`seen ${request.headers.authorization}`),
  );
  const url = `http://127.0.0.1:${target.port}/`;
  const bearing = (secret: string) => ({ settings: { auth: { bearer: { secret } } } });
  const monitors = [
    httpMonitor(url, { id: 'plain' }),
    httpMonitor(url, { id: 'with-secret', ...bearing('token') }),
    httpMonitor(url, { id: 'without-secret', ...bearing('forgotten') }),
  ];
  const shard = { id: '60s-0', location: 'home', every: 60_000, monitors };
  writeFileSync(
    path.join(folder, 'shard-60s-0.json'),
    JSON.stringify({ version: 1, name: 'acme', witness: [], shard }),
  );
  const aws = await serveAws();
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: aws.endpoint,
    LAMBDA_TASK_ROOT: folder,
    TOCSIN_LOCAL: 'http://localhost:4400',
    LOCATION: 'home',
    HOME_REGION: 'eu-central-1',
    REACH: 'public',
    OBSERVATIONS_QUEUE_URL: `${aws.endpoint}/123456789012/observations`,
    SECRET_PREFIX: '/tocsin/acme/',
    ...overrides,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(console, 'error').mockImplementation((text) => void out.push(String(text)));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  vi.resetModules();
  const { createHandler } = await import('../../functions/probe/handler.ts');
  return { handler: createHandler({ http }), aws, out, lines: () => out.map((line) => JSON.parse(line)) };
}

describe('the probe', () => {
  it('checks a shard on schedule and sends one batch to the queue', async () => {
    const { handler, aws } = await startProbe();

    await handler({ shard: '60s-0', time });

    expect(aws.messages).toHaveLength(1);
    expect(aws.messages[0]!.queue).toBe(`${aws.endpoint}/123456789012/observations`);
    const batch = parseBatch(aws.messages[0]!.body);
    expect(batch).toMatchObject({ version: 1, location: 'home', shard: '60s-0', slot: Date.parse(time) });
    expect(batch.observations.map(({ monitor, outcome, reason }) => [monitor, outcome, reason])).toEqual([
      ['plain', 'up', undefined],
      ['with-secret', 'up', undefined],
      ['without-secret', 'unknown', 'secret-missing'],
    ]);
  });

  it('reports a missing secret as a metric and a log line, by name', async () => {
    const { handler, lines } = await startProbe();

    await handler({ shard: '60s-0', time });

    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        monitor: 'without-secret',
        reason: 'secret-missing',
        message: expect.stringContaining('/tocsin/acme/forgotten'),
      }),
      expect.objectContaining({ service: 'probe', SecretMissing: 1 }),
    ]);
    expect(lines()[1]._aws.CloudWatchMetrics[0].Namespace).toBe('Tocsin/acme');
  });

  it('runs what is requested, and only that, and says which monitors it does not know', async () => {
    const { handler, aws, lines } = await startProbe();

    await handler({ check: ['plain', 'nobody'], requestId: 'req-1' });

    const [batch] = aws.messages.map(({ body }) => parseBatch(body));
    expect(batch).toMatchObject({ requestId: 'req-1', observations: [{ monitor: 'plain', outcome: 'up' }] });
    expect(batch!.observations).toHaveLength(1);
    expect(lines()).toEqual([expect.objectContaining({ monitors: ['nobody'], requestId: 'req-1' })]);
  });

  it('lets no secret out', async () => {
    const { handler, aws, out } = await startProbe();

    await handler({ shard: '60s-0', time });

    expect(aws.messages[0]!.body).not.toContain('hunter2');
    expect(out.join('')).not.toContain('hunter2');
  });

  it.each([
    {},
    { shard: '../../etc/passwd', time },
    { shard: '60s-0', time: 'soon' },
    { check: [], requestId: 'req-1' },
    { check: ['plain'] },
    { shard: '60s-0', time, extra: 1 },
  ])('refuses the event %j', async (event) => {
    const { handler, aws } = await startProbe();

    await expect(handler(event)).rejects.toThrow();
    expect(aws.messages).toEqual([]);
  });

  it('fails where its shard has no file, so that the schedule shows it', async () => {
    const { handler } = await startProbe();

    await expect(handler({ shard: '10s-7', time })).rejects.toThrow(/shard-10s-7\.json/);
  });

  it('fails where the queue does not take the batch', async () => {
    const { handler } = await startProbe({ AWS_ENDPOINT_URL: `http://127.0.0.1:${await closedPort()}` });

    await expect(handler({ check: ['plain'], requestId: 'req-1' })).rejects.toThrow('no answer from sqs');
  });
});
