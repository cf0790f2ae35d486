import { beforeAll, describe, expect, it } from 'vitest';
import { http } from '../../shared/monitors/http.ts';
import type { Credentials } from '../support/certificates.ts';
import { type Authority, createAuthority, issueCertificate } from '../support/certificates.ts';
import { serveDns } from '../support/dns-server.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { serveHttps, serveTcp } from '../support/servers.ts';

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

let root: Authority;
let other: Authority;
let middle: Authority;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  other = await createAuthority('Other Root');
  middle = await createAuthority('Test Middle', root);
});

/** Asks a server with these credentials for `/`, as `host`. */
async function attemptWith(
  credentials: Credentials,
  {
    host = 'site.example',
    settings = {} as object,
    ...tls
  }: { host?: string; settings?: object; [tls: string]: unknown } = {},
) {
  const server = await serveHttps({ ...credentials, ...tls }, (_, response) => response.end('secret page'));
  const dns = await serveDns(() => ['127.0.0.1']);
  const monitor = httpMonitor(`https://${host}:${server.port}/`, {
    settings: { tls: { ca: root.cert }, ...settings },
  });
  const measurement = await http.measure(monitor, probeContext({ dns: dns.address }));
  await server.allClosed();
  return measurement;
}

describe('a certificate of a trusted authority', () => {
  it('is accepted, its days left are told, the handshake is a phase', async () => {
    const credentials = await issueCertificate(['site.example'], { authority: root, notAfter: inDays(30.5) });

    const { attempt, look } = await attemptWith(credentials);

    expect(attempt).toMatchObject({ outcome: 'up', status: 200, certificateDaysLeft: 30.5 });
    expect(Object.keys(attempt.timings!)).toEqual(['dns', 'connect', 'tls', 'firstByte', 'transfer']);
    expect(look!('certificate', undefined)).toEqual({ value: expect.closeTo(30.5, 1) });
  });

  it('is accepted for an address', async () => {
    const credentials = await issueCertificate(['127.0.0.1'], { authority: root });

    expect((await attemptWith(credentials, { host: '127.0.0.1' })).attempt.outcome).toBe('up');
  });

  it('is accepted through an intermediate that the server sends', async () => {
    const { key, cert } = await issueCertificate(['site.example'], { authority: middle });

    expect((await attemptWith({ key, cert: cert + '\n' + middle.cert })).attempt.outcome).toBe('up');
  });
});

describe('a certificate is refused', () => {
  it.each([
    {
      name: 'that expired',
      issue: () =>
        issueCertificate(['site.example'], { authority: root, notBefore: inDays(-9), notAfter: inDays(-3) }),
      reason: 'tls-certificate-expired',
      message: /^the certificate expired 3 d ago$/,
      daysLeft: -3,
    },
    {
      name: 'that expired and is untrusted as well',
      issue: () => issueCertificate(['site.example'], { notBefore: inDays(-9), notAfter: inDays(-3) }),
      reason: 'tls-certificate-expired',
      message: /expired 3 d ago/,
      daysLeft: -3,
    },
    {
      name: 'that is not valid yet',
      issue: () =>
        issueCertificate(['site.example'], { authority: root, notBefore: inDays(2), notAfter: inDays(40) }),
      reason: 'tls-certificate-untrusted',
      message: /^the certificate is not trusted: it is valid only from /,
      daysLeft: 40,
    },
    {
      name: 'for another host',
      issue: () => issueCertificate(['www.example', 'shop.example'], { authority: root }),
      reason: 'tls-certificate-name-mismatch',
      message: /^the certificate is for www\.example, shop\.example, not for site\.example$/,
      daysLeft: 90,
    },
    {
      name: 'that is self-signed',
      issue: () => issueCertificate(['site.example']),
      reason: 'tls-certificate-untrusted',
      message: /^the certificate is not trusted: it is self-signed$/,
      daysLeft: 90,
    },
    {
      name: 'of an unknown authority',
      issue: () => issueCertificate(['site.example'], { authority: other }),
      reason: 'tls-certificate-untrusted',
      message: /Other Root/,
      daysLeft: 90,
    },
    {
      name: 'whose intermediate the server does not send',
      issue: () => issueCertificate(['site.example'], { authority: middle }),
      reason: 'tls-certificate-untrusted',
      message:
        /its issuer Test Middle is no public authority, nor does the server send the certificate of it$/,
      daysLeft: 90,
    },
  ])('$name, and its days left are told all the same', async ({ issue, reason, message, daysLeft }) => {
    const { attempt, look } = await attemptWith(await issue());

    expect(attempt).toMatchObject({
      outcome: 'down',
      reason,
      phase: 'tls',
      certificateDaysLeft: expect.closeTo(daysLeft, 0),
    });
    expect(attempt.message).toMatch(message);
    expect(look).toBeUndefined();
  });

  it('before anything is sent: credentials never reach an impostor', async () => {
    let asked = false;
    const server = await serveHttps(await issueCertificate(['127.0.0.1']), (_, response) => {
      asked = true;
      response.end();
    });
    const settings = { auth: { bearer: { secret: 'token' } } };

    const monitor = httpMonitor(`https://127.0.0.1:${server.port}/`, { settings });
    const { attempt } = await http.measure(monitor, probeContext({ secrets: { token: 's3cr3t' } }));
    await server.allClosed();

    expect(attempt.reason).toBe('tls-certificate-untrusted');
    expect(asked).toBe(false);
  });
});

describe('without verification', () => {
  it.each([
    {
      name: 'expired',
      issue: () => issueCertificate(['a.example'], { notBefore: inDays(-9), notAfter: inDays(-3) }),
      days: -3,
    },
    { name: 'self-signed', issue: () => issueCertificate(['a.example']), days: 90 },
  ])('an $name certificate is accepted and its days left are told', async ({ issue, days }) => {
    const { attempt } = await attemptWith(await issue(), { settings: { tls: { verify: false } } });

    expect(attempt).toMatchObject({ outcome: 'up', certificateDaysLeft: expect.closeTo(days, 0) });
  });
});

describe('a TLS connection', () => {
  const at = (port: number, timeout = 5_000) =>
    http.measure(httpMonitor(`https://127.0.0.1:${port}/`, { timeout }), probeContext());

  it('that the server never answers runs out of time', async () => {
    const server = await serveTcp(() => {});

    const { attempt } = await at(server.port, 150);

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'tls-timeout', phase: 'tls' });
    expect(attempt.message).toMatch(
      /^no answer within 150 ms: connected to 127\.0\.0\.1:\d+, waiting for the TLS handshake$/,
    );
    await server.allClosed();
  });

  it('to a server of plain HTTP fails', async () => {
    const server = await serveTcp((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );

    const { attempt } = await at(server.port);

    expect(attempt).toMatchObject({ reason: 'tls-failed', phase: 'tls' });
    expect(attempt.message).toMatch(/^no TLS connection to 127\.0\.0\.1:\d+: it does not speak TLS \(\S/);
  });

  it('that is closed in the handshake is a reset', async () => {
    const server = await serveTcp((socket) => socket.once('data', () => socket.destroy()));

    expect((await at(server.port)).attempt).toMatchObject({ reason: 'connection-reset', phase: 'tls' });
  });

  // Node 24 had it from 24.5 on.
  it.runIf(parseFloat(process.versions.openssl) >= 3.5)(
    'to a server that insists on a post-quantum key exchange is made on the second try, and then on the first',
    async () => {
      const credentials = await issueCertificate(['site.example'], { authority: root });
      const insisting = { ...credentials, ecdhCurve: 'X25519MLKEM768' };
      const server = await serveHttps(insisting, (_, response) => response.end());
      const dns = await serveDns(() => ['127.0.0.1']);
      const monitor = httpMonitor(`https://site.example:${server.port}/`, {
        settings: { tls: { ca: root.cert } },
      });
      const attempt = async () => (await http.measure(monitor, probeContext({ dns: dns.address }))).attempt;

      expect(await attempt()).toMatchObject({ outcome: 'up', status: 200 });
      expect(server.accepted()).toBe(2);
      expect(await attempt()).toMatchObject({ outcome: 'up', status: 200 });
      expect(server.accepted()).toBe(3);
      await server.allClosed();
    },
  );

  it('to a server that nothing suits fails, and is not tried for ever', async () => {
    const credentials = await issueCertificate(['site.example'], { authority: root });
    const server = await serveHttps(
      { ...credentials, ecdhCurve: 'X448', maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-SHA' },
      () => {},
    );
    const dns = await serveDns(() => ['127.0.0.1']);
    const monitor = httpMonitor(`https://site.example:${server.port}/`, {
      settings: { tls: { ca: root.cert } },
    });

    const { attempt } = await http.measure(monitor, probeContext({ dns: dns.address }));

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'tls-failed', phase: 'tls' });
    expect(server.accepted()).toBe(2);
    await server.allClosed();
  });

  it('to a server that is too old fails', async () => {
    const credentials = await issueCertificate(['site.example'], { authority: root });

    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    const { attempt } = await attemptWith(credentials, old);

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'tls-failed' });
    expect(attempt.message).toContain(': it speaks no version that minVersion allows (');
  });

  it('whose server wants a certificate of ours fails', async () => {
    const credentials = await issueCertificate(['site.example'], { authority: root });

    const { attempt } = await attemptWith(credentials, { requestCert: true, ca: root.cert });

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'tls-failed' });
  });

  it('with a body that never ends runs out of time', async () => {
    const server = await serveHttps(await issueCertificate(['127.0.0.1']), (_, response) => {
      response.shouldKeepAlive = false;
      response.removeHeader('transfer-encoding');
      response.write('half');
    });
    const monitor = httpMonitor(`https://127.0.0.1:${server.port}/`, {
      timeout: 200,
      settings: { tls: { verify: false } },
    });

    const { attempt } = await http.measure(monitor, probeContext());

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'body-timeout', phase: 'transfer' });
    await server.allClosed();
  });
});
