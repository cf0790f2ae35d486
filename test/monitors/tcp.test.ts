import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../shared/conditions/judge.ts';
import { beginDialogue } from '../../shared/monitors/tcp/dialogue.ts';
import { tcp } from '../../shared/monitors/tcp.ts';
import { startTrace } from '../../shared/monitors/trace.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  issueCertificate,
} from '../support/certificates.ts';
import { probeContext } from '../support/http-monitor.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { closedPort, serveTcp } from '../support/servers.ts';

let root: Authority;
let credentials: Credentials;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  credentials = await issueCertificate(['127.0.0.1'], { authority: root });
});

async function measure(
  port: number,
  settings: object = {},
  { expect: lines, ...others }: { expect?: string[]; timeout?: number } = {},
) {
  const target = `127.0.0.1:${port}`;
  const monitor = kindMonitor(tcp, { target, ...settings }, { ...(lines && { expect: lines }), ...others });
  const measurement = await tcp.measure(monitor, probeContext());
  const { look } = measurement;
  const failures = look
    ? monitor.expect.flatMap((condition) => judge(condition, look)?.line ?? [])
    : undefined;
  return { ...measurement, failures };
}

/** Says a greeting, then answers lines; `STARTTLS` goes on over TLS. */
const serveLines = (greeting: string, answers: Record<string, string>) =>
  serveTcp((socket) => {
    const serve = (connection: Socket) => {
      const hear = (chunk: Buffer) => {
        const line = chunk.toString().trim();
        connection.write(answers[line] ?? '500 what?\r\n');
        if (line !== 'STARTTLS') return;
        connection.off('data', hear);
        const context = createSecureContext(credentials);
        serve(new TLSSocket(connection, { isServer: true, secureContext: context }).on('error', () => {}));
      };
      connection.on('data', hear);
    };
    if (greeting) socket.write(greeting);
    serve(socket);
  });

describe('a TCP monitor', () => {
  it('is up when it is connected, and says no more', async () => {
    const server = await serveTcp(() => {});

    const { attempt, failures, look } = await measure(server.port);
    await server.allClosed();

    expect(attempt).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(Object.keys(attempt.timings!)).toEqual(['connect']);
    expect(failures).toEqual([]);
    expect(look!('certificate', undefined)).toEqual({ problem: 'the connection was not encrypted' });
  });

  it('is down when nobody listens', async () => {
    const { attempt } = await measure(await closedPort());

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'connection-refused' });
  });

  it('reads a banner without a dialogue where a condition asks for it', async () => {
    const server = await serveTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\nmore\r\n'));

    const { attempt, failures } = await measure(
      server.port,
      {},
      {
        expect: [
          'banner matches /^SSH-2\\.0/',
          'banner == "SSH-2.0-OpenSSH_9.9"',
          'response contains more',
          'banner contains Dropbear',
        ],
      },
    );
    await server.allClosed();

    expect(attempt.outcome).toBe('up');
    expect(failures).toEqual(['banner contains Dropbear']);
  });

  it('waits for what comes in pieces and passes over what it is not asked for', async () => {
    const server = await serveTcp(async (socket) => {
      for (const piece of ['22', '0-one\r\n220-tw', 'o\r', '\n220 th', 'ree\r\n2', '50 four\r\n']) {
        socket.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    });

    const { attempt, excerpt } = await measure(server.port, {
      dialogue: [{ expect: /^220 / }, { expect: /^250 four$/ }],
    });

    expect(attempt.outcome).toBe('up');
    expect(excerpt!()).toBe('220-one\r\n220-two\r\n220 three\r\n250 four\r\n');
  });

  it('hears the same however the network cuts it', async () => {
    const text = '220-one\r\n220 two\n250 grün\r\n221 bye\r\n';
    const bytes = Buffer.from(text);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const [near, far] = duplexPair();
        const trace = startTrace(5_000);
        const dialogue = beginDialogue(near as Socket, trace);
        const hearing = (async () => {
          for (const pattern of [/^220 two$/, /^250 grün$/, /^221 bye$/])
            await dialogue.expect(String(pattern));
        })();
        const ends = [...places.toSorted((a, b) => a - b), bytes.length];
        for (const [n, end] of ends.entries()) {
          far.write(bytes.subarray(ends[n - 1] ?? 0, end));
          await new Promise((resolve) => setImmediate(resolve));
        }
        await hearing;
        trace.end();
        expect(text.startsWith(dialogue.said())).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['public', 'private'] as const)(
    'connects to no loopback where it reaches %s addresses',
    async (reach) => {
      const server = await serveTcp(() => {});
      const monitor = kindMonitor(tcp, { target: `127.0.0.1:${server.port}` });

      const { attempt } = await tcp.measure(monitor, probeContext({ reach }));

      expect(attempt).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
      expect(server.accepted()).toBe(0);
    },
  );

  it('does not take the rest of a line for another', async () => {
    const server = await serveTcp(async (socket) => {
      socket.write('220 ready');
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.write(' 250 not an answer\r\n');
    });

    const { attempt } = await measure(
      server.port,
      { dialogue: [{ expect: /^220/ }, { expect: /250/ }] },
      { timeout: 150 },
    );

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
  });

  it('waits for the end of the line before it goes on over TLS', async () => {
    const server = await serveTcp(async (socket) => {
      socket.write('220 go');
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.write(' ahead\r\n');
      const secureContext = createSecureContext(credentials);
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {});
    });

    const { attempt } = await measure(server.port, {
      dialogue: [{ expect: /^220 / }, { starttls: true }],
      tls: { ca: root.cert },
    });
    await server.allClosed();

    expect(attempt.outcome).toBe('up');
  });

  it('takes what was said last for a line when the target hangs up', async () => {
    const server = await serveTcp((socket) => socket.end('bye'));

    expect((await measure(server.port, { dialogue: [{ expect: /^bye$/ }] })).attempt.outcome).toBe('up');
  });

  it('keeps letters whole that arrive in two pieces', async () => {
    const [head, tail] = [Buffer.from('grü').subarray(0, 3), Buffer.from('grüß dich\n').subarray(3)];
    const server = await serveTcp(async (socket) => {
      socket.write(head);
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.write(tail);
    });

    expect((await measure(server.port, { dialogue: [{ expect: /^grüß dich$/ }] })).attempt.outcome).toBe(
      'up',
    );
  });
});

describe('a dialogue over TLS', () => {
  const smtp = [
    { expect: /^220 / },
    { send: 'EHLO probe\r\n' },
    { expect: /^250 / },
    { send: 'STARTTLS\r\n' },
    { expect: /^220 / },
    { starttls: true },
    { send: 'QUIT\r\n' },
    { expect: /^221 /, unless: /^5/ },
  ];
  const answers = { 'EHLO probe': '250-hi\r\n250 STARTTLS\r\n', STARTTLS: '220 go\r\n', QUIT: '221 bye\r\n' };

  it('begins in the middle with STARTTLS', async () => {
    const server = await serveLines('220 mail.example\r\n', answers);

    const { attempt, failures, excerpt } = await measure(server.port, {
      dialogue: smtp,
      tls: { ca: root.cert },
    });
    await server.allClosed();

    expect(attempt).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
    expect(failures).toEqual([]);
    expect(excerpt!()).toMatch(/^220 mail\.example\r\n.*221 bye\r\n$/s);
  });

  it('refuses a certificate that is not trusted', async () => {
    const server = await serveLines('220 mail.example\r\n', answers);

    const { attempt } = await measure(server.port, { dialogue: smtp });
    await server.allClosed();

    expect(attempt).toMatchObject({
      reason: 'tls-certificate-untrusted',
      certificateDaysLeft: 90,
      phase: 'tls',
    });
  });

  it('begins at once where the service is secure', async () => {
    const server = createTlsServer(credentials, (socket) => socket.end('* OK IMAP4rev1\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };

    const { attempt, failures } = await measure(port, {
      secure: true,
      tls: { ca: root.cert },
      dialogue: [{ expect: /^\* OK/ }],
    });
    server.close();

    expect(attempt).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
    expect(failures).toEqual([]);
  });

  it.each([
    [{}, []],
    [{ secure: true }, ['certificate > 14d']],
    [{ dialogue: [{ starttls: true }] }, ['certificate > 14d']],
    [{ secure: true, tls: { verify: false } }, []],
  ])('%j expects %j', (settings, lines) => {
    expect(tcp.defaultExpect(tcp.settings.parse({ target: 'mail.example:25', ...settings }))).toEqual(lines);
  });
});

describe('a dialogue fails', () => {
  it('at once with an answer it is told not to take', async () => {
    const server = await serveTcp((socket) => socket.write('554 no service for you\r\n'));

    const { attempt } = await measure(server.port, { dialogue: [{ expect: /^220 /, unless: /^[45]/ }] });
    await server.allClosed();

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'protocol-error', phase: 'firstByte' });
    expect(attempt.message).toMatch(/^127\.0\.0\.1:\d+ said «554 no service for you», expected \/\^220 \/$/);
  });

  it('at the deadline, with what was said instead', async () => {
    const server = await serveTcp((socket) => socket.write('hello\r\n'));

    const { attempt } = await measure(server.port, { dialogue: [{ expect: /^220 / }] }, { timeout: 150 });
    await server.allClosed();

    expect(attempt.reason).toBe('response-timeout');
    expect(attempt.message).toMatch(
      /^no answer within 150 ms: connected to \S+, waiting for \/\^220 \/, got «hello»$/,
    );
  });

  it('when the target hangs up or resets', async () => {
    const hangingUp = await serveTcp((socket) => socket.end());
    const resetting = await serveTcp((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    const dialogue = [{ send: 'hello' }, { expect: /./ }];

    for (const { port } of [hangingUp, resetting])
      expect((await measure(port, { dialogue })).attempt).toMatchObject({
        outcome: 'down',
        reason: 'connection-reset',
      });
  });

  it('when the target never stops talking', async () => {
    const server = await serveTcp((socket) => {
      const talk = () => void (socket.destroyed || socket.write('x'.repeat(20_000), talk));
      talk();
    });

    const { attempt } = await measure(server.port, { dialogue: [{ expect: /^220 / }] });
    await server.allClosed();

    expect(attempt.reason).toBe('protocol-error');
    expect(attempt.message).toMatch(/said more than 65536 characters$/);
  });

  it('when a pattern takes for ever', async () => {
    const server = await serveTcp((socket) => socket.write(`${'a'.repeat(40)}!\r\n`));

    const { attempt } = await measure(server.port, { dialogue: [{ expect: /^(a|a)*$/ }] });

    expect(attempt.message).toContain('took longer than 100 ms');
  });
});

describe('the settings of a TCP monitor', () => {
  it('keep patterns as text, so that they survive JSON', () => {
    const settings = tcp.settings.parse({
      target: 'mail.example:25',
      dialogue: [{ expect: /^220 /i, unless: /^5/ }],
    });

    expect(settings.dialogue).toEqual([{ expect: '/^220 /i', unless: '/^5/' }]);
  });

  it.each([
    { target: 'mail.example' },
    { target: '2001:db8::1' },
    { dialogue: [{ expect: '^220' }] },
    { dialogue: [{ expect: /(a+)+/ }] },
    { dialogue: [{ expect: /a/g }] },
    { dialogue: [{ send: '' }] },
    { dialogue: [{ starttls: false }] },
    { dialogue: [{ expect: /a/, send: 'b' }] },
    { dialogue: Array.from({ length: 51 }, () => ({ send: 'x' })) },
    { tls: { ca: 'ca.pem' } },
  ])('refuse %j', (settings) => {
    expect(tcp.settings.safeParse({ target: 'mail.example:25', ...settings }).success).toBe(false);
  });
});
