import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Monitor } from '../../shared/config/config.ts';
import { dns } from '../../shared/monitors/dns.ts';
import { tcp } from '../../shared/monitors/tcp.ts';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { serveDns } from '../support/dns-server.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { serveNames } from '../support/name-server.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { closedPort, serveHttp, serveHttps, serveTcp } from '../support/servers.ts';

/** The steps of each attempt of a check. */
async function stepsOf(monitor: Monitor, context: Parameters<typeof probeContext>[0] = {}) {
  const attempts: string[][] = [];
  const times: number[] = [];
  await checkQuickly(monitor, {
    ...probeContext(context),
    transcribe(_, steps) {
      attempts.push(steps.map(({ text }) => text));
      times.push(...steps.map(({ ms }) => ms));
    },
  });
  return { attempts, times, text: attempts.flat().join('\n') };
}

describe('the transcript of a check', () => {
  it('has every step from the name to the conditions, in order', async () => {
    const root = await createAuthority('Test Root');
    const credentials = await issueCertificate(['site.example'], { authority: root });
    const { port } = await serveHttps(credentials, (_, response) =>
      response.writeHead(200, { 'x-version': '7' }).end('{"ok":true}'),
    );
    const names = await serveDns(() => ['127.0.0.1']);

    const { attempts, times } = await stepsOf(
      httpMonitor(`https://site.example:${port}/health?deep=1`, {
        settings: { tls: { ca: root.cert }, ipFamily: 4 },
        expect: ['status == 200', 'json $.ok == true'],
      }),
      { dns: names.address },
    );

    expect(attempts).toHaveLength(1);
    const inOrder = [
      '> DNS A site.example',
      '< DNS 127.0.0.1',
      `connecting to 127.0.0.1:${port}`,
      'connected',
      expect.stringMatching(/^TLSv1\.3, TLS_\w+, http\/1\.1$/),
      'certificate of site.example; DNS:site.example, issued by Test Root',
      expect.stringMatching(/^certificate valid from .+ GMT to .+ GMT$/),
      '> GET /health?deep=1 HTTP/1.1',
      `> host: site.example:${port}`,
      '< HTTP/1.1 200 OK',
      '< x-version: 7',
      '< 11 bytes of body',
      '✓ status == 200: 200',
      '✓ json $.ok == true: true',
      'up',
    ];
    const [steps = []] = attempts;
    expect(steps.filter((step) => inOrder.some((wanted) => isLike(step, wanted)))).toEqual(inOrder);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('of a failure has both looks, each with its end', async () => {
    const port = await closedPort();
    const { attempts } = await stepsOf(httpMonitor(`http://127.0.0.1:${port}/`));
    const look = [`connecting to 127.0.0.1:${port}`, `down: connection refused by 127.0.0.1:${port}`];
    expect(attempts).toEqual([look, look]);
  });

  it('says what a condition saw that did not hold, and which name does not exist', async () => {
    const { port } = await serveHttp((_, response) => response.writeHead(503).end());
    const answered = await stepsOf(
      httpMonitor(`http://127.0.0.1:${port}/`, { expect: ['status == 200', 'header x-build exists'] }),
    );
    expect(answered.attempts[1]).toEqual(
      expect.arrayContaining(['✗ status == 200: 503', '✗ header x-build exists: no x-build header']),
    );
    const names = await serveDns(() => 'NXDOMAIN');
    const { text } = await stepsOf(httpMonitor('http://gone.example/'), { dns: names.address });
    expect(text).toContain('> DNS A gone.example\n< DNS ENOTFOUND');
  });

  it('of a dialogue has the lines of both sides; bytes are counted', async () => {
    const { port } = await serveTcp((socket) => {
      socket.on('data', () => socket.write('250-mail\r\n250 ready\r\n'));
      socket.write('220 hello\r\n');
    });
    const dialogue = [{ expect: /^220/ }, { send: 'EHLO probe\r\n' }, { expect: /^250 / }];
    const { attempts } = await stepsOf(kindMonitor(tcp, { target: `127.0.0.1:${port}`, dialogue }));
    expect(attempts[0]).toEqual([
      `connecting to 127.0.0.1:${port}`,
      'connected',
      '< 220 hello',
      '> EHLO probe',
      '< 250-mail',
      '< 250 ready',
      'up',
    ]);
  });

  it('of a DNS check has the question, who was asked, and every record', async () => {
    const { nameserver } = await serveNames(() => ({
      answers: [{ type: 'MX', name: 'site.example', data: { preference: 10, exchange: 'mail.example' } }],
    }));
    const { attempts } = await stepsOf(kindMonitor(dns, { query: 'site.example', type: 'MX', nameserver }));
    expect(attempts[0]!.slice(0, 3)).toEqual([
      '> MX site.example, to 127.0.0.1 over udp',
      '< NOERROR',
      '< MX site.example 10 mail.example',
    ]);
  });
});

describe('no secret is in a transcript', () => {
  const key = 'Kj4/9+decoy secret&key';
  const password = 'pass-word-decoy-77';
  const cookie = 'session-decoy-1234';
  const literal = 'literal-decoy-5678';
  const posted = 'posted-decoy-9999';

  /** Sets a cookie on a redirect, then says back all it was sent, in many ways. */
  function echo(request: IncomingMessage, response: ServerResponse) {
    if (request.url === '/start') {
      const location = `/?key=${encodeURIComponent(key)}`;
      return response.writeHead(307, { location, 'set-cookie': `id=${cookie}; HttpOnly` }).end();
    }
    const { authorization = '' } = request.headers;
    const said = {
      'x-key': request.headers['x-key'],
      'x-echo': authorization,
      'x-json': JSON.stringify(key),
    };
    return response.writeHead(500, said as Record<string, string>).end(JSON.stringify(request.headers));
  }

  it('though the target sends all of them back', async () => {
    const { port } = await serveHttp(echo);
    const { text, attempts } = await stepsOf(
      httpMonitor(`http://127.0.0.1:${port}/start`, {
        settings: {
          method: 'POST',
          body: posted,
          auth: { basic: { username: 'ana', password: { secret: 'password' } } },
          headers: { 'x-key': { secret: 'key' }, cookie: `old=${literal}` },
        },
        expect: ['status == 200', 'header x-key == "nothing"', 'body contains never'],
      }),
      { secrets: { key, password } },
    );

    expect(attempts).toHaveLength(2);
    const basic = Buffer.from(`ana:${password}`).toString('base64');
    for (const decoy of [key, encodeURIComponent(key), password, basic, cookie, literal, posted])
      expect(text).not.toContain(decoy);
    for (const shown of [
      '> authorization: ***',
      '> cookie: ***',
      '> x-key: ***',
      `> ${posted.length} bytes of body`,
      '< set-cookie: ***',
      `redirected to http://127.0.0.1:${port}/?key=***`,
      '< x-key: ***',
      '✗ header x-key == nothing: "***"',
    ])
      expect(text).toContain(shown);
  });

  it('nor a control character that would move a terminal', async () => {
    const { port } = await serveTcp((socket) => socket.end('\u001b[2J\u009b31mred\r\n'));
    const { text } = await stepsOf(
      kindMonitor(tcp, { target: `127.0.0.1:${port}` }, { expect: ['banner exists'] }),
    );
    expect(text).toContain('< [2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

const isLike = (step: string, wanted: unknown) =>
  typeof wanted === 'string'
    ? step === wanted
    : (wanted as { asymmetricMatch(text: string): boolean }).asymmetricMatch(step);
