import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { api } from '../../shared/monitors/api.ts';
import { check } from '../../shared/monitors/check.ts';
import { health } from '../../shared/monitors/health.ts';
import { http } from '../../shared/monitors/http.ts';
import type { MonitorKind } from '../../shared/monitors/kind.ts';
import { websocket } from '../../shared/monitors/websocket.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { checked } from '../support/kind-check.ts';
import { serve, serveHttp } from '../support/servers.ts';

const schema = {
  type: 'object',
  required: ['status', 'version'],
  properties: { status: { type: 'string' }, version: { type: 'string', pattern: '^v\\d+$' } },
};

async function answering(body: string, headers: Record<string, string> = {}) {
  const server = await serveHttp((_, response) => response.writeHead(200, headers).end(body));
  return `http://127.0.0.1:${server.port}/`;
}

const right = '{"status":"healthy","version":"v1"}';
const wrong = '{"status":5,"version":"1"}';

describe('a monitor with a JSON Schema', () => {
  it('is up with JSON as the schema asks, and says so', async () => {
    const found = await checked(http, { url: await answering(right), schema });

    expect(found).toMatchObject({ outcome: 'up' });
    expect(found.told).toContain('✓ schema == valid');
  });

  it('is down with other JSON, and says where', async () => {
    const found = await checked(http, { url: await answering(wrong), schema });

    const seen = `"$.status: is 'number', not 'string'; $.version: string does not match pattern"`;
    expect(found).toMatchObject({
      outcome: 'down',
      reason: 'condition-failed',
      message: `expected schema == valid, got ${seen}`,
      excerpt: wrong,
    });
    expect(found.told).toContain('✗ schema == valid');
  });

  it.each([
    ['text', 'OK', {}, 'the body is not JSON'],
    ['nothing', '', {}, 'the body is not JSON'],
    ['half of it', right.slice(0, -1), {}, 'the body is not JSON'],
    ['what nobody can decode', right, { 'content-encoding': 'rot13' }, 'the body is encoded as rot13'],
  ])('is down with %s', async (_, body, headers, problem) => {
    const found = await checked(http, { url: await answering(body, headers), schema: {} });

    expect(found).toMatchObject({ outcome: 'down', failures: [{ line: 'schema == valid', problem }] });
  });

  it('holds the answer of whoever should refuse to it as well', async () => {
    const server = await serveHttp((_, response) => response.writeHead(401).end('{"error":"no token"}'));
    const url = `http://127.0.0.1:${server.port}/`;
    const refusal = { required: ['error'] };

    const well = await checked(http, { url, shouldFail: true, schema: refusal });
    const ill = await checked(http, { url, shouldFail: true, schema });

    expect([well.outcome, ill.outcome]).toEqual(['up', 'down']);
  });

  it('shows no secret that the answer repeats', async () => {
    const decoy = 'decoy-4711';
    const closed = { additionalProperties: false };

    const found = await checked(
      http,
      { url: await answering(`{"${decoy}":1}`), auth: { bearer: { secret: 'token' } }, schema: closed },
      { context: { secrets: { token: decoy } } },
    );

    expect(found.message).toContain('$.***: is not allowed');
    expect(found.told).not.toContain(decoy);
  });

  it('ends a check whose pattern would take for ever', async () => {
    const body = JSON.stringify(`${'a'.repeat(40)}!`);

    const found = await checked(http, { url: await answering(body), schema: { pattern: '^(a|a)*$' } });

    expect(found).toMatchObject({ outcome: 'down' });
    expect(found.message).toContain('validating the body took longer than 500 ms');
  });

  it('is unknown to a probe that was built without the code for it', async () => {
    const { validateJson: _, ...context } = probeContext();

    const found = await check(httpMonitor(await answering(right), { settings: { schema } }), context);

    expect(found).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
  });
});

describe('a JSON Schema stands wherever JSON is answered', () => {
  const step = (url: string) => ({ steps: [{ name: 'login', url, schema }] });

  it.each<[string, MonitorKind<never>, (url: string) => object]>([
    ['health', health as never, (url) => ({ url, schema })],
    ['api', api as never, step],
  ])('in the kind %s', async (_, kind, settings) => {
    const well = await checked(kind, settings(await answering(right)));
    const ill = await checked(kind, settings(await answering('{"status":"healthy"}')));

    expect(well.outcome).toBe('up');
    expect(ill.outcome).toBe('down');
    expect(ill.message).toContain("$: does not have required property 'version'");
  });

  it('in the kind websocket, of the message that is waited for', async () => {
    const server = createServer();
    new WebSocketServer({ server }).on('connection', (socket) => socket.send(wrong));
    const { port } = await serve(server);

    const found = await checked(websocket, { url: `ws://127.0.0.1:${port}/`, schema });

    expect(found).toMatchObject({ outcome: 'down' });
    expect(found.message).toContain("$.status: is 'number', not 'string'");
  });
});
