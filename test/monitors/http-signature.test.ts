import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { check } from '../../shared/monitors/check.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { serveHttp } from '../support/servers.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUt', sessionToken: 'FwoGZXIv' };
const sigv4 = { service: 'execute-api', region: 'eu-central-1' };
const context = { ...probeContext(), credentials };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * The signature a server expects of a request, by the steps of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function expectedSignature({ method, url = '/', headers }: IncomingMessage, body: string): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const [date = '', region = '', service = ''] = scope.split('/');
  const { pathname, searchParams } = new URL(url, 'http://host');
  searchParams.sort();
  const signed = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, pathname, searchParams.toString(), signed.join(''), names, sha256(body)];
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical.join('\n'))].join('\n');
  const key = [region, service, 'aws4_request'].reduce(
    hmac,
    hmac(`AWS4${credentials.secretAccessKey}`, date),
  );
  return hmac(key, text).toString('hex');
}

/** A server that lets in whoever signed with the right key, as AWS does. */
async function serveSigned(
  then: (request: IncomingMessage) => Record<string, string> | undefined = () => undefined,
) {
  const seen: IncomingMessage[] = [];
  const server = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push(request);
    const isRight = request.headers.authorization?.endsWith(`Signature=${expectedSignature(request, body)}`);
    const location = isRight && then(request);
    response.writeHead(isRight ? (location ? 307 : 200) : 403, location || {}).end();
  });
  return { ...server, seen };
}

const monitorAt = (port: number, settings: object = {}, path = '/health') =>
  httpMonitor(`http://127.0.0.1:${port}${path}`, { settings: { auth: { sigv4 }, ...settings } });

describe('a request signed with the role of the probe', () => {
  it.each([
    ['a GET', {}, '/health'],
    ['a query', {}, '/health?deep=1&a=b'],
    ['a JSON body', { method: 'POST', body: { ping: 'ä' } }, '/health'],
    ['a text body', { method: 'PUT', body: 'ping' }, '/health'],
    ['other headers', { headers: { 'x-api-key': 'k', accept: 'text/html' } }, '/health'],
  ])('is let in: %s', async (_, settings, path) => {
    const server = await serveSigned();

    expect(await check(monitorAt(server.port, settings, path), context)).toMatchObject({ outcome: 'up' });
    expect(server.seen[0]!.headers['x-amz-security-token']).toBe('FwoGZXIv');
  });

  it('is signed anew where the same origin redirects', async () => {
    const server = await serveSigned(({ url }) => (url === '/health' ? { location: '/moved' } : undefined));

    expect(await check(monitorAt(server.port), context)).toMatchObject({ outcome: 'up' });
    expect(server.seen.map(({ url }) => url)).toEqual(['/health', '/moved']);
  });

  it('is not signed for another origin', async () => {
    const other = await serveHttp((request, response) => {
      const { authorization, 'x-amz-security-token': token } = request.headers;
      response.writeHead(authorization || token ? 500 : 200).end();
    });
    const server = await serveSigned(() => ({ location: `http://127.0.0.1:${other.port}/` }));

    expect(await check(monitorAt(server.port), context)).toMatchObject({ outcome: 'up', status: 200 });
  });

  it('leaves no credentials in what is told, even when the target repeats them', async () => {
    const { port } = await serveHttp((request, response) =>
      response.writeHead(403).end(`no: ${request.headers['x-amz-security-token']}`),
    );

    const observation = await checkQuickly(monitorAt(port), context);

    expect(observation.excerpt).toBe('no: ***');
  });

  it('is refused by who knows another key', async () => {
    const server = await serveSigned();

    const stranger = { ...context, credentials: { ...credentials, secretAccessKey: 'another' } };
    expect(await checkQuickly(monitorAt(server.port), stranger)).toMatchObject({
      outcome: 'down',
      status: 403,
    });
  });
});

it('without a role a check is unknown, and the target is left alone', async () => {
  const server = await serveSigned();

  const observation = await checkQuickly(monitorAt(server.port), probeContext());

  expect(observation).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
  expect(observation.message).toMatch(/^sigv4 signs with the role of a probe on AWS/);
  expect(server.accepted()).toBe(0);
});
