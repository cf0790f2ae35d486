import type { TLSSocket, TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../shared/monitors/check.ts';
import { http } from '../../shared/monitors/http.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  issueCertificate,
} from '../support/certificates.ts';
import { serveDns } from '../support/dns-server.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { serveHttps } from '../support/servers.ts';

let root: Authority;
let server: Credentials;
let ours: Credentials;
let stranger: Credentials;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  server = await issueCertificate(['site.example'], { authority: root });
  ours = await issueCertificate(['probe.example'], { authority: root });
  stranger = await issueCertificate(['probe.example'], { authority: await createAuthority('Other Root') });
});

/** A server that lets in who has a certificate of the root, and says whose it was. */
const serveMembers = (maxVersion: TlsOptions['maxVersion'] = 'TLSv1.3') =>
  serveHttps(
    { ...server, ca: root.cert, requestCert: true, rejectUnauthorized: true, maxVersion },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.end(`hello ${subject?.CN ?? 'nobody'}`);
    },
  );

async function monitorOf(port: number, tls: object) {
  const dns = await serveDns(() => ['127.0.0.1']);
  const monitor = httpMonitor(`https://site.example:${port}/`, {
    settings: { tls: { ca: root.cert, ...tls } },
  });
  return { monitor, dns: dns.address };
}

const shown = ({ cert }: Credentials) => ({ cert, key: { secret: 'client-key' } });

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a server that asks for a certificate over %s', (version) => {
  it('lets in whoever has the right one', async () => {
    const { port } = await serveMembers(version);
    const { monitor, dns } = await monitorOf(port, shown(ours));

    const context = probeContext({ dns, secrets: { 'client-key': ours.key } });
    const { attempt, look } = await http.measure(monitor, context);

    expect(attempt).toMatchObject({ outcome: 'up', status: 200 });
    expect(look!('body', undefined)).toEqual({ value: 'hello probe.example' });
  });

  it.each([
    ['has none', () => ({ tls: {}, key: '' })],
    ['has one of another authority', () => ({ tls: shown(stranger), key: stranger.key })],
  ])('is down for who %s', async (_, having) => {
    const members = await serveMembers(version);
    const { tls, key } = having();
    const { monitor, dns } = await monitorOf(members.port, tls);

    const observation = await checkQuickly(monitor, probeContext({ dns, secrets: { 'client-key': key } }));
    await members.allClosed();

    expect(observation.outcome).toBe('down');
    expect(['tls-failed', 'connection-reset']).toContain(observation.reason);
  });
});

describe('a client certificate', () => {
  it.each([
    ['of another certificate', () => stranger.key, /is not the private key of tls\.cert/],
    ['that is no key', () => 'hunter2', /is not the PEM of a private key/],
  ])('with a key %s is our own fault, and the target is left alone', async (_, key, message) => {
    const members = await serveMembers();
    const { monitor, dns } = await monitorOf(members.port, shown(ours));

    const observation = await checkQuickly(monitor, probeContext({ dns, secrets: { 'client-key': key() } }));

    expect(observation).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
    expect(observation.message).toMatch(message);
    expect(observation.message).not.toContain('hunter2');
    expect(members.accepted()).toBe(0);
  });

  it('without its secret makes the check unknown', async () => {
    const { port } = await serveMembers();
    const { monitor, dns } = await monitorOf(port, shown(ours));

    expect(await check(monitor, probeContext({ dns }))).toMatchObject({
      outcome: 'unknown',
      reason: 'secret-missing',
    });
  });

  it('is not shown to another origin', async () => {
    const seen: unknown[] = [];
    const asking = { ...server, ca: root.cert, requestCert: true, rejectUnauthorized: false };
    const other = await serveHttps(asking, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      seen.push(subject?.CN ?? 'nobody');
      response.end();
    });
    const first = await serveHttps(server, (_, response) =>
      response.writeHead(302, { location: `https://site.example:${other.port}/` }).end(),
    );
    const { monitor, dns } = await monitorOf(first.port, shown(ours));

    const context = probeContext({ dns, secrets: { 'client-key': ours.key } });
    expect((await http.measure(monitor, context)).attempt.outcome).toBe('up');
    expect(seen).toEqual(['nobody']);
  });
});

describe('a server name', () => {
  const atAddress = (port: number, tls: object) =>
    httpMonitor(`https://127.0.0.1:${port}/`, { settings: { tls: { ca: root.cert, ...tls } } });

  it('is what is asked for, and what the certificate must be for', async () => {
    const asked: (string | false)[] = [];
    const { port } = await serveHttps(server, (request, response) => {
      asked.push((request.socket as TLSSocket & { servername: string }).servername);
      response.end();
    });

    const { attempt } = await http.measure(atAddress(port, { serverName: 'site.example' }), probeContext());

    expect(attempt.outcome).toBe('up');
    expect(asked).toEqual(['site.example']);
  });

  it.each([{}, { serverName: 'shop.example' }])(
    'other than that of the certificate is down: %j',
    async (tls) => {
      const { port } = await serveHttps(server, (_, response) => response.end());

      const { attempt } = await http.measure(atAddress(port, tls), probeContext());

      expect(attempt).toMatchObject({ outcome: 'down', reason: 'tls-certificate-name-mismatch' });
    },
  );

  it('does not follow a redirect to another origin', async () => {
    const asked: unknown[] = [];
    const other = await serveHttps(server, (request, response) => {
      asked.push((request.socket as TLSSocket & { servername: string }).servername);
      response.end();
    });
    const first = await serveHttps(server, (_, response) =>
      response.writeHead(302, { location: `https://127.0.0.1:${other.port}/` }).end(),
    );

    const { attempt } = await http.measure(
      atAddress(first.port, { serverName: 'site.example' }),
      probeContext(),
    );

    expect(attempt.reason).toBe('tls-certificate-name-mismatch');
    expect(asked).toEqual([]);
  });
});
