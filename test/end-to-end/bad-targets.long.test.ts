import { expect, it, onTestFinished } from 'vitest';
import type { Observation, Reason } from '../../shared/monitors/observation.ts';
import { issueCertificate } from '../support/certificates.ts';
import { closedPort, serveHttp, serveHttps, serveTcp, type TestServer } from '../support/servers.ts';
import { fakeSlack, raise, remove, synthesized } from './stage.ts';

const header = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';
const ago = (days: number) => new Date(Date.now() - days * 86_400_000);

/** How each target misbehaves, and the reason its incident must give. */
const expected: Record<string, Reason> = {
  refuses: 'connection-refused',
  'stays-silent': 'response-timeout',
  drips: 'body-timeout',
  resets: 'connection-reset',
  'loops-redirects': 'too-many-redirects',
  'redirects-to-file': 'redirect-invalid',
  'certificate-expired': 'tls-certificate-expired',
  'unknown-name': 'dns-not-found',
  'answers-500': 'condition-failed',
};

let bytesSent = 0;

async function misbehave(): Promise<Record<string, TestServer>> {
  const expired = await issueCertificate(['127.0.0.1'], { notBefore: ago(9), notAfter: ago(2) });
  const chunk = Buffer.alloc(1_000_000, 'x');
  return {
    'stays-silent': await serveTcp(() => {}),
    drips: await serveTcp((socket) => {
      socket.write(`${header}content-length: 1000000\r\n\r\n`);
      const drip = setInterval(() => socket.write('.'), 50);
      socket.once('close', () => clearInterval(drip));
    }),
    resets: await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
    'loops-redirects': await serveHttp((_, response) =>
      response.writeHead(302, { location: '/again' }).end(),
    ),
    'redirects-to-file': await serveHttp((_, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    ),
    'sends-1-gb': await serveHttp((_, response) => {
      response.writeHead(200, { 'content-length': 1_000 * chunk.length });
      const more = () => {
        bytesSent += chunk.length;
        if (!response.destroyed && bytesSent < 1e9) response.write(chunk, more);
      };
      more();
    }),
    'certificate-expired': await serveHttps(expired, (_, response) => response.end()),
    'answers-500': await serveHttp((_, response) => response.writeHead(500).end('<script>alert(1)</script>')),
  };
}

async function targetsOf(servers: Record<string, TestServer>): Promise<Record<string, string>> {
  const scheme = (id: string) => (id === 'certificate-expired' ? 'https' : 'http');
  return {
    ...Object.fromEntries(
      Object.entries(servers).map(([id, { port }]) => [id, `${scheme(id)}://127.0.0.1:${port}/`]),
    ),
    refuses: `http://127.0.0.1:${await closedPort()}/`,
    'unknown-name': 'http://no-such-host.localhost.invalid/',
  };
}

it('every kind of bad target is one incident that says why, seen twice, within its deadline', async () => {
  const slack = await fakeSlack();
  const targets = await targetsOf(await misbehave());
  const template = await synthesized('bad-targets.config.ts', { TARGETS: JSON.stringify(targets) });
  onTestFinished(() => Promise.all([slack.close(), remove(template)]).then(() => {}));
  const stack = await raise(template, { SLACK_WEBHOOK: slack.url });

  await stack.advance('1m');

  const incidents = new Map((await stack.incidents()).map((incident) => [incident.subject.id, incident]));
  const evidenceOf = async (id: string) => {
    const { evidence } = await stack.api<{ evidence: Observation }>(`incidents/${incidents.get(id)?.id}`);
    return evidence;
  };
  for (const [id, reason] of Object.entries(expected)) {
    const observation = await evidenceOf(id);
    expect({ id, reason: observation.reason }).toEqual({ id, reason });
    expect({ id, attempts: observation.attempts?.length }).toEqual({ id, attempts: 2 });
    expect(observation.responseTime).toBeLessThan(1_500);
    expect(slack.received.filter(({ text }) => text.includes(id))).toHaveLength(1);
  }
  expect(incidents.size).toBe(Object.keys(expected).length);
  expect(incidents.has('sends-1-gb')).toBe(false);
  expect(bytesSent).toBeLessThan(1e9);
});
