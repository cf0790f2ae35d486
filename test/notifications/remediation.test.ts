import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { remediationSettings } from '../../shared/notifications/remediation/settings.ts';
import { remediation } from '../../shared/notifications/remediation.ts';
import { serveProvider } from '../support/fake-provider.ts';
import { closedPort, serveHttp } from '../support/servers.ts';
import { acknowledged, again, digest, firing, resolved, testEvent } from './events.ts';
import { tell } from './tell.ts';

const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:restart-web';

/** A Lambda that gives these answers in turn, the last for ever, and what it was asked. */
async function serveLambda(...answers: ((response: ServerResponse) => unknown)[]) {
  const asked: { path: string | undefined; body: unknown; scope: string }[] = [];
  const { port } = await serveHttp(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const scope = /Credential=[^/]+\/\d+\/([^,]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    asked.push({ path: request.url, body: JSON.parse(body), scope });
    response.setHeader('connection', 'close');
    (answers.length > 1 ? answers.shift()! : answers[0]!)(response);
  });
  return { endpoint: `http://127.0.0.1:${port}`, asked };
}

const done = (response: ServerResponse) => response.end('"restarted"');
const failed = (response: ServerResponse) =>
  response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end('{"errorMessage":"no such service"}');

describe('a function', () => {
  test('is invoked in its Region with the event, and its answer is told', async () => {
    const { endpoint, asked } = await serveLambda(done);
    const verdict = await tell(remediation, firing(), { lambda }, { endpoint });
    expect(verdict).toEqual({
      result: 'sent',
      detail: expect.stringMatching(/restart-web answered 200 after \d+ ms: "restarted"$/),
    });
    expect(asked).toEqual([
      {
        path: `/2015-03-31/functions/${encodeURIComponent(lambda)}/invocations`,
        body: firing(),
        scope: 'eu-west-1/lambda/aws4_request',
      },
    ]);
  });

  test.each([
    ['that fails once', [failed, done], 'sent', /answered 200 .*\(2 tries\)/, 2],
    ['that fails always', [failed], 'failed', /answered 500 .*no such service.*\(3 tries\)/, 3],
    [
      'that may not be invoked',
      [(response: ServerResponse) => response.writeHead(403).end('AccessDenied')],
      'failed',
      /answered 403 .*AccessDenied/,
      3,
    ],
  ] as const)('%s is tried at most as often as it says', async (_, answers, result, text, tries) => {
    const { endpoint, asked } = await serveLambda(...answers);
    const verdict = await tell(remediation, firing(), { lambda, timeout: '8s', tries: 3 }, { endpoint });
    expect(verdict.result).toBe(result);
    expect(JSON.stringify(verdict)).toMatch(text);
    expect(asked).toHaveLength(tries);
  });

  test('that does not answer in time has failed', async () => {
    const { endpoint } = await serveLambda(() => {});
    const verdict = await tell(remediation, firing(), { lambda, timeout: '1s', tries: 1 }, { endpoint });
    expect(verdict).toEqual({ result: 'failed', reason: `${lambda} did not answer within 1 s` });
  });

  test('that nobody can reach has failed, and is not tried for hours', async () => {
    const endpoint = `http://127.0.0.1:${await closedPort()}`;
    const verdict = await tell(remediation, firing(), { lambda, tries: 1 }, { endpoint });
    expect(verdict).toEqual({ result: 'failed', reason: `${lambda}: ECONNREFUSED` });
  });

  test('is not run where it only says what it would do', async () => {
    const { endpoint, asked } = await serveLambda(done);
    const verdict = await tell(remediation, firing(), { lambda, dryRun: true }, { endpoint });
    expect([verdict, asked]).toEqual([{ result: 'sent', detail: `dry run: ${lambda} would be run` }, []]);
  });
});

describe('a URL', () => {
  const settings = { url: { secret: 'fix-url' }, key: { secret: 'fix-key' } };

  test('is posted the event, signed, and is in no text', async () => {
    const { asked, url, next } = await serveProvider(() => ({ status: 200 }));
    const secrets = { 'fix-url': url, 'fix-key': 'a key' };
    next({ status: 202, body: `queued at ${url}` });
    const verdict = await tell(remediation, firing(), settings, { secrets });
    expect(verdict).toMatchObject({
      result: 'sent',
      detail: expect.stringMatching(/^the URL of fix-url answered 202/),
    });
    expect(JSON.stringify(verdict)).not.toContain(url);
    expect(asked[0]?.headers['tocsin-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    expect(JSON.parse(asked[0]!.body)).toEqual(firing());
  });

  test('that leads inside is refused', async () => {
    const secrets = { 'fix-url': 'https://169.254.169.254/latest', 'fix-key': 'a key' };
    const verdict = await tell(remediation, firing(), settings, { secrets });
    expect(verdict).toMatchObject({ result: 'failed', reason: expect.stringContaining('public Internet') });
  });
});

test.each<[string, IncidentEvent, boolean]>([
  ['a beginning', firing(), true],
  ['an escalation', again('escalated'), true],
  ['what begins again', again('reopened'), true],
  ['what was held back', again('mute-ended'), true],
  ['a channel it stands in for', again('fallback'), true],
  ['a repetition', again('repeat'), false],
  ['more of the same', again('new-alerts'), false],
  ['an end', resolved(), false],
  ['an acknowledgement', acknowledged(), false],
  ['a digest', digest(), false],
  ['a test', testEvent(), false],
  ['a test of an incident', firing({ test: true }), false],
])('something is run upon %s: %s', (_, event, acts) => {
  expect(remediation.acts!(event)).toBe(acts);
});

test.each([
  ['neither a function nor a URL', {}],
  ['both', { lambda, url: { secret: 'u' }, key: { secret: 'k' } }],
  ['a URL without a key', { url: { secret: 'u' } }],
  ['all functions', { lambda: 'arn:aws:lambda:eu-west-1:123456789012:function:*' }],
  ['what is no function', { lambda: 'restart-web' }],
  ['four tries', { lambda, tries: 4 }],
  ['more time than there is', { lambda, timeout: '10s', tries: 3 }],
  ['a moment', { lambda, timeout: '500ms' }],
  ['a week of rest', { lambda, cooldown: '7d' }],
])('settings with %s are refused', (_, given) => {
  expect(remediationSettings.safeParse(given).success).toBe(false);
});
