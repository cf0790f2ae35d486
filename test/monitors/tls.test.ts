import type { Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../shared/conditions/judge.ts';
import { tls } from '../../shared/monitors/tls.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  issueCertificate,
} from '../support/certificates.ts';
import { serveDns } from '../support/dns-server.ts';
import { probeContext } from '../support/http-monitor.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { serveHttps, serveTcp } from '../support/servers.ts';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

let root: Authority;
let middle: Authority;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  middle = await createAuthority('Test Middle', root, { notAfter: inDays(40) });
});

/** Measures a server on this machine, which is `host` to the name server. */
async function measure(
  port: number,
  { host = 'site.example', expect, timeout, ...settings }: Record<string, unknown> = {},
) {
  const dns = await serveDns((name) => (name.endsWith('.example') ? ['127.0.0.1'] : 'NXDOMAIN'));
  const monitor = kindMonitor(
    tls,
    { target: `${host}:${port}`, ca: root.cert, ...settings },
    { ...(expect ? { expect: expect as string[] } : {}), ...(timeout ? { timeout: timeout as number } : {}) },
  );
  const measurement = await tls.measure(monitor, probeContext({ dns: dns.address }));
  const failures = measurement.look
    ? monitor.expect.flatMap((condition) => judge(condition, measurement.look!)?.line ?? [])
    : undefined;
  return { ...measurement, failures };
}

/** Measures a TLS server with these credentials. */
async function measured(
  credentials: Credentials,
  { server: options = {}, ...settings }: Record<string, unknown> = {},
) {
  const server = await serveHttps({ ...credentials, ...(options as object) }, () => {});
  const result = await measure(server.port, settings);
  await server.allClosed();
  return result;
}

const leafOf = (issuer: Authority, days = 90, names = ['site.example']) =>
  issueCertificate(names, { authority: issuer, notBefore: inDays(-60), notAfter: inDays(days) });

describe('a TLS monitor', () => {
  it('tells the three ends of a certificate apart', async () => {
    const { key, cert } = await leafOf(middle, 90);

    const { attempt, look, failures } = await measured({ key, cert: [cert, middle.cert].join('\n') });

    expect(failures).toEqual([]);
    expect(attempt).toMatchObject({
      outcome: 'up',
      certificateDaysLeft: 90,
      certificates: { leaf: 90, earliest: 40, chain: 40 },
    });
    expect(Object.keys(attempt.timings!)).toEqual(['dns', 'connect', 'tls']);
    expect(look!('certificate.earliest', undefined)).toEqual({ value: expect.closeTo(40, 1) });
  });

  it('is up with an expired authority beside a valid one, and tells of it', async () => {
    const old = await createAuthority('Old Root', undefined, { notAfter: inDays(-2) });
    const current = await createAuthority('New Root');
    const cross = await createAuthority('New Root', old, { keys: current.keys, notAfter: inDays(200) });
    const { key, cert } = await leafOf(current, 90);

    const { attempt, failures } = await measured(
      { key, cert: [cert, cross.cert, old.cert].join('\n') },
      {
        ca: current.cert,
        expect: ['certificate.earliest > 14d', 'certificate.chain > 14d', 'certificate.leaf > 14d'],
      },
    );

    expect(attempt).toMatchObject({ outcome: 'up', certificates: { leaf: 90, earliest: -2, chain: 90 } });
    expect(failures).toEqual(['certificate.earliest > 14d']);
  });

  it('expects a certificate for 14 more days unless told otherwise', async () => {
    expect((await measured(await leafOf(root, 13))).failures).toEqual(['certificate > 14d']);
  });

  it('knows version, issuer and key', async () => {
    const { look, failures } = await measured(await leafOf(root), {
      server: { maxVersion: 'TLSv1.2' },
      expect: [
        'tls.version == TLSv1.2',
        'issuer == "Test Root"',
        'keyType == "EC prime256v1"',
        'hostname == valid',
        'responseTime < 5s',
      ],
    });

    expect(failures).toEqual([]);
    expect(look!('status', undefined)).toEqual({ problem: 'tls has no property status' });
  });

  it.each([
    { serverName: 'www.example', asked: ['www.example'], outcome: 'up' },
    { serverName: undefined, asked: [], outcome: 'down' },
  ])(
    'at an address asks for the name $serverName and judges by it',
    async ({ serverName, asked, outcome }) => {
      const names: string[] = [];
      const { key, cert } = await leafOf(root, 90, ['www.example']);
      const SNICallback = (name: string, done: (error: null, context: object) => void) => {
        names.push(name);
        done(null, createSecureContext({ key, cert }));
      };

      const server = { SNICallback };
      const { attempt } = await measured({ key, cert }, { server, host: '127.0.0.1', serverName });

      expect(attempt.outcome).toBe(outcome);
      expect(names).toEqual(asked);
    },
  );

  it('may be an IPv6 address', async () => {
    const server = createTlsServer(await leafOf(root, 90, ['::1']));
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    const { port } = server.address() as { port: number };

    const { attempt } = await measure(port, { host: '[::1]', ipFamily: 6 });
    server.close();

    expect(attempt).toMatchObject({ outcome: 'up', address: '::1' });
  });
});

describe('a certificate is refused, and its ends are told all the same', () => {
  it.each([
    {
      name: 'expired',
      issue: () => leafOf(root, -3),
      reason: 'tls-certificate-expired',
      message: 'the certificate expired 3 d ago',
      certificates: { leaf: -3, earliest: -3 },
    },
    {
      name: 'for another host',
      issue: () => leafOf(root, 90, ['www.example']),
      reason: 'tls-certificate-name-mismatch',
      message: 'the certificate is for www.example, not for site.example',
      certificates: { leaf: 90, earliest: 90, chain: 90 },
    },
    {
      name: 'self-signed',
      issue: () => issueCertificate(['site.example']),
      reason: 'tls-certificate-untrusted',
      message: 'the certificate is not trusted: it is self-signed',
      certificates: { leaf: 90, earliest: 90 },
    },
    {
      name: 'without its intermediate',
      issue: () => leafOf(middle),
      reason: 'tls-certificate-untrusted',
      message:
        'the certificate is not trusted: its issuer Test Middle is no public authority, nor does the server send the certificate of it',
      certificates: { leaf: 90, earliest: 90 },
    },
  ])('when $name', async ({ issue, reason, message, certificates }) => {
    const { attempt, look } = await measured(await issue());

    expect(attempt).toMatchObject({
      outcome: 'down',
      reason,
      message,
      phase: 'tls',
      certificateDaysLeft: certificates.leaf,
    });
    expect(attempt.certificates).toMatchObject(certificates);
    expect(look).toBeUndefined();
  });

  it('unless everything is accepted: then conditions may ask', async () => {
    const { attempt, failures } = await measured(
      await issueCertificate(['www.example'], { notAfter: inDays(20) }),
      {
        verify: false,
        expect: ['certificate > 14d', 'hostname == valid', 'certificate.chain > 1d'],
      },
    );

    expect(attempt).toMatchObject({ outcome: 'up', certificates: { leaf: 20, earliest: 20 } });
    expect(failures).toEqual(['hostname == valid', 'certificate.chain > 1d']);
  });
});

describe('an old protocol', () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };

  it.each([
    { server: old, settings: {}, outcome: 'down' },
    { server: old, settings: { minVersion: 'TLSv1.1' }, outcome: 'up' },
    { server: { maxVersion: 'TLSv1.2' }, settings: { minVersion: 'TLSv1.3' }, outcome: 'down' },
    { server: {}, settings: { minVersion: 'TLSv1.3' }, outcome: 'up' },
  ])('$server with $settings is $outcome', async ({ server, settings, outcome }) => {
    const { attempt } = await measured(await leafOf(root), { server, ...settings });

    expect(attempt.outcome).toBe(outcome);
    if (outcome === 'down') expect(attempt.reason).toBe('tls-failed');
  });
});

describe('STARTTLS', () => {
  /** A server that says a line, then answers what it is asked, then goes on over TLS. */
  async function serveStarttls(greeting: string, answers: Record<string, string>, upgradeOn: string) {
    const { key, cert } = await leafOf(root);
    const asked: string[] = [];
    const server = await serveTcp((socket: Socket) => {
      if (greeting) socket.write(greeting);
      const hear = (chunk: Buffer) => {
        const line = chunk.toString('latin1').trim();
        asked.push(line);
        socket.write(answers[line] ?? '500 what?\r\n');
        if (line !== upgradeOn) return;
        socket.off('data', hear);
        new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }) }).on(
          'error',
          () => {},
        );
      };
      socket.on('data', hear);
    });
    return { port: server.port, asked, server };
  }

  const ssl = '\u0000\u0000\u0000\b\u0004Ò\u0016/';
  const protocols = [
    {
      starttls: 'smtp',
      greeting: '220-hello\r\n220 mail.example ESMTP\r\n',
      answers: {
        'EHLO tocsin': '250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n',
        STARTTLS: '220 go ahead\r\n',
      },
      last: 'STARTTLS',
    },
    {
      starttls: 'imap',
      greeting: '* OK IMAP4rev1 ready\r\n',
      answers: { 'a1 STARTTLS': 'a1 OK begin\r\n' },
      last: 'a1 STARTTLS',
    },
    { starttls: 'pop3', greeting: '+OK ready\r\n', answers: { STLS: '+OK begin\r\n' }, last: 'STLS' },
    { starttls: 'postgres', greeting: '', answers: { [ssl.trim()]: 'S' }, last: ssl.trim() },
  ];

  it.each(protocols)('of $starttls', async ({ starttls, greeting, answers, last }) => {
    const { port, server } = await serveStarttls(greeting, answers, last);

    const { attempt } = await measure(port, { starttls });
    await server.allClosed();

    expect(attempt).toMatchObject({ outcome: 'up', certificates: { leaf: 90 } });
    expect(Object.keys(attempt.timings!)).toEqual(['dns', 'connect', 'firstByte', 'tls']);
  });

  it('asks for the name of the server, and is down with the certificate of another', async () => {
    const [{ starttls, greeting, answers, last }] = protocols as [(typeof protocols)[0]];
    const { port, server } = await serveStarttls(greeting, answers, last);

    const { attempt } = await measure(port, { starttls, host: 'mail.example' });
    await server.allClosed();

    expect(attempt).toMatchObject({
      outcome: 'down',
      reason: 'tls-certificate-name-mismatch',
      message: 'the certificate is for site.example, not for mail.example',
      certificates: { leaf: 90 },
    });
  });

  it.each([
    [
      'smtp',
      '220 hi\r\n',
      { 'EHLO tocsin': '250 HELP\r\n', STARTTLS: '454 TLS not available\r\n' },
      'said «454 TLS not available», expected ',
    ],
    ['smtp', '554 go away\r\n', {}, 'said «554 go away», expected '],
    [
      'imap',
      '* OK hi\r\n',
      { 'a1 STARTTLS': 'a1 BAD no such command\r\n' },
      'said «a1 BAD no such command», expected ',
    ],
    ['pop3', '+OK hi\r\n', { STLS: '-ERR no\r\n' }, 'said «-ERR no», expected '],
    ['postgres', '', { [ssl.trim()]: 'N' }, 'offers no TLS'],
  ])('that %s refuses fails at once', async (starttls, greeting, answers, said) => {
    const { port, server } = await serveStarttls(greeting, answers, 'never');

    const { attempt } = await measure(port, { starttls });
    await server.allClosed();

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'protocol-error' });
    expect(attempt.message).toContain(said);
  });

  it('with something said before the handshake is refused: it may be an attack', async () => {
    const answers = { 'EHLO tocsin': '250 HELP\r\n', STARTTLS: '220 go\r\n250 injected\r\n' };
    const { port } = await serveStarttls('220 hi\r\n', answers, 'never');

    const { attempt } = await measure(port, { starttls: 'smtp' });

    expect(attempt).toMatchObject({ reason: 'protocol-error' });
    expect(attempt.message).toContain('spoke on before TLS: «250 injected»');
  });

  it('of a server that says nothing runs out of time, and says what it waited for', async () => {
    const server = await serveTcp(() => {});

    const { attempt } = await measure(server.port, { starttls: 'smtp', timeout: 150, host: '127.0.0.1' });
    await server.allClosed();

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
    expect(attempt.message).toMatch(
      /^no answer within 150 ms: connected to 127\.0\.0\.1:\d+, waiting for \/\^220 \/$/,
    );
  });

  it('of a server that hangs up tells what it was doing', async () => {
    const server = await serveTcp((socket) => socket.end('220-please wait\r\n'));

    const { attempt } = await measure(server.port, { starttls: 'smtp' });

    expect(attempt.reason).toBe('connection-reset');
    expect(attempt.message).toMatch(
      /closed the connection while waiting for \/\^220 \/, got «220-please wait»$/,
    );
  });
});

describe('the settings of a TLS monitor', () => {
  it.each([
    ['example.com', { host: 'example.com', port: 443 }],
    ['Example.COM:8443', { host: 'example.com', port: 8443 }],
    ['bücher.example:1', { host: 'xn--bcher-kva.example', port: 1 }],
    ['[2001:db8::1]:465', { host: '2001:db8::1', port: 465 }],
    ['2001:db8::1', { host: '2001:db8::1', port: 443 }],
  ])('%s is %j', (target, expected) => {
    expect(tls.settings.parse({ target })).toEqual({ target: expected, verify: true, ipFamily: 4 });
  });

  it.each([
    {},
    { target: '' },
    { target: 'https://example.com' },
    { target: 'example.com/path' },
    { target: 'example.com:0' },
    { target: 'example.com:65536' },
    { target: 'me@example.com' },
    { target: '[example.com]:443' },
    { target: 'a..b' },
    { target: '-a.example' },
    { target: `${'a'.repeat(64)}.example` },
    { target: 'example.com', starttls: 'ftp' },
    { target: 'example.com', minVersion: 'SSLv3' },
    { target: 'example.com', ca: '/etc/ca.pem' },
    { target: 'example.com', serverName: 'two words' },
  ])('refuse %j', (settings) => {
    expect(tls.settings.safeParse(settings).success).toBe(false);
  });
});
