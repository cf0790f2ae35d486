import { describe, expect, it } from 'vitest';
import { http } from '../../shared/monitors/http.ts';
import { serveDns } from '../support/dns-server.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { closedPort, serveBytes, serveHttp, serveTcp, serveTcpAt } from '../support/servers.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
/** For what only the deadline ends. */
const quick = { timeout: 150 };
const patient = { timeout: 5_000 };

async function attemptAt(url: string, overrides: object = quick, context = probeContext()) {
  return (await http.measure(httpMonitor(url, overrides), context)).attempt;
}

describe('an answer', () => {
  it('is measured in phases that add up to no more than the response time', async () => {
    const server = await serveHttp((_, response) => response.end('hello'));

    const attempt = await attemptAt(`http://127.0.0.1:${server.port}/`, { timeout: 5_000 });

    expect(attempt).toMatchObject({ outcome: 'up', status: 200, address: '127.0.0.1' });
    expect(Object.keys(attempt.timings!)).toEqual(['connect', 'firstByte', 'transfer']);
    const sum = Object.values(attempt.timings!).reduce((total, ms) => total + ms, 0);
    expect(sum).toBeLessThanOrEqual(attempt.responseTime! + 0.2);
  });

  it('counts slow DNS in the one deadline', async () => {
    const dns = await serveDns(() => 'silence');

    const attempt = await attemptAt('http://slow.example/', quick, probeContext({ dns: dns.address }));

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'dns-timeout', phase: 'dns' });
    expect(attempt.message).toBe('no answer within 150 ms: looking up slow.example');
  });

  it('leaves no connection open', async () => {
    const server = await serveHttp((_, response) => response.end('hello'));

    await attemptAt(`http://127.0.0.1:${server.port}/`, { timeout: 5_000 });

    await server.allClosed();
    expect(server.accepted()).toBe(1);
  });
});

describe('a target that does not answer', () => {
  it('refuses the connection', async () => {
    const port = await closedPort();

    const attempt = await attemptAt(`http://127.0.0.1:${port}/`, patient);

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'connection-refused', phase: 'connect' });
    expect(attempt.message).toBe(`connection refused by 127.0.0.1:${port}`);
  });

  it.each([
    {
      name: 'accepts and stays silent',
      behaviour: () => {},
      reason: 'response-timeout',
      message: /^no answer within 150 ms: connected to 127\.0\.0\.1:\d+, waiting for the first byte$/,
    },
    {
      name: 'closes at once',
      behaviour: (socket) => socket.end(),
      reason: 'connection-reset',
      message: /^127\.0\.0\.1:\d+ closed the connection while waiting for the first byte$/,
    },
    {
      name: 'resets at once',
      behaviour: (socket) => socket.resetAndDestroy(),
      reason: 'connection-reset',
      message: /^127\.0\.0\.1:\d+ reset the connection while/,
    },
    {
      name: 'sends headers, then stalls',
      behaviour: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n'),
      reason: 'body-timeout',
      message: /^no answer within 150 ms: 127\.0\.0\.1:\d+ began to answer, but its body did not end$/,
    },
    {
      name: 'sends half the headers, then stalls',
      behaviour: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-le'),
      reason: 'response-timeout',
      message: /waiting for the first byte/,
    },
    {
      name: 'drips its body for ever',
      behaviour: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const drip = setInterval(() => socket.write('.'), 10);
        socket.on('close', () => clearInterval(drip));
      },
      reason: 'body-timeout',
      message: /its body did not end/,
    },
    {
      name: 'resets before the body',
      behaviour: (socket) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n', () =>
          setImmediate(() => socket.resetAndDestroy()),
        ),
      reason: 'connection-reset',
      message: /^127\.0\.0\.1:\d+ reset the connection while/,
    },
    {
      name: 'closes in the middle of the body',
      behaviour: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'),
      reason: 'connection-reset',
      message: /^127\.0\.0\.1:\d+ closed the connection while reading the body$/,
    },
    {
      name: 'resets a body that ends with the connection',
      behaviour: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\nhalf');
        setTimeout(() => socket.resetAndDestroy(), 20);
      },
      reason: 'connection-reset',
      message: /while reading the body$/,
    },
    {
      name: 'closes in the middle of a chunked body',
      behaviour: (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal'),
      reason: 'connection-reset',
      message: /while reading the body$/,
    },
    {
      name: 'does not speak HTTP',
      behaviour: (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
      reason: 'protocol-error',
      message: /does not speak HTTP\/1\.1/,
    },
    {
      name: 'sends headers without end',
      behaviour: (socket) => socket.write(`HTTP/1.1 200 OK\r\nx-large: ${'x'.repeat(100_000)}`),
      reason: 'protocol-error',
      message: /^the headers of 127\.0\.0\.1:\d+ are too large$/,
    },
    {
      name: 'switches protocols without being asked',
      behaviour: (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
      reason: 'protocol-error',
      message: /switched to another protocol/,
    },
  ] satisfies {
    name: string;
    behaviour: Parameters<typeof serveTcp>[0];
    reason: string;
    message: RegExp;
  }[])('$name', async ({ behaviour, reason, message }) => {
    const server = await serveTcp((socket) => socket.once('data', () => behaviour(socket)));

    const limits = reason.endsWith('timeout') ? quick : patient;
    const attempt = await attemptAt(`http://127.0.0.1:${server.port}/`, limits);

    expect(attempt).toMatchObject({ outcome: 'down', reason });
    expect(attempt.message).toMatch(message);
    await server.allClosed();
  });

  it('never multiplies the deadline by redirects', async () => {
    const server = await serveHttp((_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 60);
    });

    const attempt = await attemptAt(`http://127.0.0.1:${server.port}/`);

    // With one for each it would be what comes after the last: too many.
    expect(attempt).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
  });
});

describe('a name', () => {
  it.each([
    {
      name: 'that does not exist',
      says: 'NXDOMAIN',
      reason: 'dns-not-found',
      message: 'the name x.example does not exist',
    },
    {
      name: 'without an address',
      says: [],
      reason: 'dns-not-found',
      message: 'x.example has no IPv4 address',
    },
    {
      name: 'with IPv6 addresses only, looked up for IPv4',
      says: ['2606:4700::1'],
      reason: 'dns-not-found',
      message: 'x.example has no IPv4 address',
    },
    {
      name: 'whose servers fail',
      says: 'SERVFAIL',
      reason: 'dns-failed',
      message: 'looking up x.example failed (ESERVFAIL)',
    },
  ] as const)('$name', async ({ says, reason, message }) => {
    const dns = await serveDns(() => (typeof says === 'string' ? says : [...says]));

    const attempt = await attemptAt(
      'http://x.example/',
      { timeout: 5_000 },
      probeContext({ dns: dns.address }),
    );

    expect(attempt).toMatchObject({ outcome: 'down', reason, message, phase: 'dns' });
  });

  it('whose first address refuses is reached at the second', async () => {
    const server = await serveHttp((_, response) => response.end('hello'));
    const dns = await serveDns(() => ['127.0.0.99', '127.0.0.1']);

    const attempt = await attemptAt(
      `http://two.example:${server.port}/`,
      { timeout: 5_000 },
      probeContext({ dns: dns.address }),
    );

    expect(attempt).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(attempt.timings).toHaveProperty('dns');
  });

  it('is looked up anew, and reached at another address, on a second look', async () => {
    const one = await serveBytes('HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n');
    await serveTcpAt('127.0.0.2', one.port, (socket) => socket.once('data', () => socket.end(ok)));
    const dns = await serveDns(() => ['127.0.0.1', '127.0.0.2']);
    const context = probeContext({ dns: dns.address });
    const monitor = httpMonitor(`http://two.example:${one.port}/`, { timeout: 5_000 });

    const first = (await http.measure(monitor, context)).attempt;
    const second = (await http.measure(monitor, context, first)).attempt;

    expect([first, second]).toMatchObject([
      { address: '127.0.0.1', status: 500 },
      { address: '127.0.0.2', status: 200 },
    ]);
    expect(dns.queries).toHaveLength(2);
  });

  it('is looked up in both families where any will do', async () => {
    const server = await serveHttp((_, response) => response.end('hello'));
    const dns = await serveDns(() => ['127.0.0.1']);
    const settings = { ipFamily: 'any' };

    const attempt = await attemptAt(
      `http://any.example:${server.port}/`,
      { timeout: 5_000, settings },
      probeContext({ dns: dns.address }),
    );

    expect(attempt).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(dns.queries.toSorted()).toEqual(['any.example A', 'any.example AAAA']);
  });

  it('of this machine needs no DNS', async () => {
    const server = await serveHttp((_, response) => response.end('hello'));

    const attempt = await attemptAt(`http://localhost:${server.port}/`, { timeout: 5_000 });

    expect(attempt).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
  });

  it('that no resolver of ours answers is our fault', async () => {
    const monitor = httpMonitor('http://x.example/', { timeout: 5_000 });

    const attempt = http.measure(monitor, probeContext({ dns: `127.0.0.1:${await closedPort()}` }));

    await expect(attempt).rejects.toThrow(
      'x.example could not be looked up: no name server of this machine answers (ECONNREFUSED)',
    );
  });
});

describe('a private target', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://app.localhost:PORT/',
    'http://2130706433:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://0.0.0.0:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
  ])('%s is never connected to', async (url) => {
    const server = await serveTcp((socket) => socket.end(ok));

    const attempt = await attemptAt(
      url.replace('PORT', String(server.port)),
      quick,
      probeContext({ reach: 'public' }),
    );

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
    expect(attempt.message).toMatch(/ is not a public address$/);
    expect(server.accepted()).toBe(0);
  });

  it('behind a public name is not connected to, and the name is asked for only once: rebinding finds no gap', async () => {
    const server = await serveBytes(ok);
    const dns = await serveDns((_, question) => (question === 0 ? ['127.0.0.1', '10.0.0.1'] : ['1.1.1.1']));

    const attempt = await attemptAt(
      `http://rebind.example:${server.port}/`,
      quick,
      probeContext({ dns: dns.address, reach: 'public' }),
    );

    expect(attempt.reason).toBe('target-forbidden');
    expect(attempt.message).toBe('rebind.example leads to 127.0.0.1, which is not a public address');
    expect(dns.queries).toEqual(['rebind.example A']);
    expect(server.accepted()).toBe(0);
  });
});
