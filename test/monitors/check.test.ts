import { describe, expect, it, vi } from 'vitest';
import { check } from '../../shared/monitors/check.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { closedPort, serveBytes, serveHttp } from '../support/servers.ts';

/** Answers with these statuses, one after the other; the last for ever. */
const serveStatuses = (...statuses: number[]) =>
  serveHttp((_, response) => {
    const status = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
    response.writeHead(status).end(`this is ${status}`);
  });

describe('a check', () => {
  it('of a target as expected is up after one attempt', async () => {
    const server = await serveStatuses(200);

    const observation = await checkQuickly(httpMonitor(`http://127.0.0.1:${server.port}/`), probeContext());

    expect(observation).toMatchObject({ monitor: 'website', outcome: 'up', status: 200 });
    expect(observation).not.toHaveProperty('attempts');
    expect(observation).not.toHaveProperty('excerpt');
  });

  it('of a failing target looks twice, on two connections, and keeps both attempts with their evidence', async () => {
    const server = await serveStatuses(503);

    const observation = await checkQuickly(httpMonitor(`http://127.0.0.1:${server.port}/`), probeContext());

    const failed = {
      outcome: 'down',
      reason: 'condition-failed',
      status: 503,
      message: 'expected status in 200-399, got 503',
      failures: [{ line: 'status in 200-399', seen: '503' }],
      excerpt: 'this is 503',
    };
    expect(observation).toMatchObject({ ...failed, attempts: [failed, failed] });
    expect(server.accepted()).toBe(2);
    await server.allClosed();
  });

  it('of a target that is well at the second look is up, and keeps the first', async () => {
    const server = await serveStatuses(503, 200);

    const observation = await checkQuickly(httpMonitor(`http://127.0.0.1:${server.port}/`), probeContext());

    expect(observation).toMatchObject({
      outcome: 'up',
      status: 200,
      attempts: [
        { outcome: 'down', status: 503 },
        { outcome: 'up', status: 200 },
      ],
    });
    expect(observation).not.toHaveProperty('reason');
  });

  it('of a target that refuses looks twice', async () => {
    const port = await closedPort();

    const observation = await checkQuickly(httpMonitor(`http://127.0.0.1:${port}/`), probeContext());

    const refused = { outcome: 'down', reason: 'connection-refused' };
    expect(observation).toMatchObject({ ...refused, attempts: [refused, refused] });
  });

  it('waits a second before the second look', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const server = await serveStatuses(503);

    const run = check(httpMonitor(`http://127.0.0.1:${server.port}/`), probeContext());
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(999);
    await server.allClosed();
    const before = server.accepted();
    vi.advanceTimersByTime(1);
    await run;
    vi.useRealTimers();

    expect([before, server.accepted()]).toEqual([1, 2]);
  });

  it('tells every condition that failed, with what was seen', async () => {
    const server = await serveBytes(
      'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 27\r\n\r\n{"status":"sick","queue":7}',
    );
    const lines = [
      'status == 200',
      'json $.status == "healthy"',
      'json $.queue < 5',
      'json $.version exists',
      'header content-type contains json',
      'header x-version exists',
      'body contains healthy',
      'certificate > 14d',
    ];

    const monitor = httpMonitor(`http://127.0.0.1:${server.port}/`, { expect: lines });
    const observation = await checkQuickly(monitor, probeContext());

    expect(observation.message).toBe(
      'expected json $.status == "healthy", got "sick" (and 6 more conditions failed)',
    );
    expect(observation.failures!.map(({ line, seen, problem }) => [line, seen ?? problem])).toEqual([
      ['json $.status == "healthy"', '"sick"'],
      ['json $.queue < 5', '7'],
      ['json $.version exists', 'nothing at $.version'],
      ['header content-type contains json', '"text/html"'],
      ['header x-version exists', 'no x-version header'],
      ['body contains healthy', expect.stringContaining('sick')],
      ['certificate > 14d', 'the connection was not encrypted'],
    ]);
  });
});

describe('a check that we could not do', () => {
  it('for want of a secret is unknown at once, and nothing is asked', async () => {
    const server = await serveStatuses(200);
    const settings = { auth: { bearer: { secret: 'token' } } };

    const observation = await check(
      httpMonitor(`http://127.0.0.1:${server.port}/`, { settings }),
      probeContext(),
    );

    expect(observation).toMatchObject({ outcome: 'unknown', reason: 'secret-missing' });
    expect(observation.message).toMatch(/^secret \/tocsin\/test\/token is missing/);
    expect(observation).not.toHaveProperty('attempts');
    expect(server.accepted()).toBe(0);
  });

  it('for want of a name server is unknown', async () => {
    const dns = `127.0.0.1:${await closedPort()}`;

    const observation = await checkQuickly(httpMonitor('http://x.example/'), probeContext({ dns }));

    expect(observation).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
  });

  it('for want of its kind is unknown', async () => {
    const observation = await checkQuickly(
      { ...httpMonitor('http://x.example/'), kind: 'smoke-signal' },
      probeContext(),
    );

    expect(observation).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
    expect(observation.message).toBe('this probe knows no monitors of the kind smoke-signal');
  });
});

describe('a secret', () => {
  const secret = 'hunter2-"quoted"&more';
  const basic = Buffer.from(`me:${secret}`).toString('base64');

  it.each([
    { name: 'in the body', answer: () => `token=${secret} wrong` },
    { name: 'as JSON', answer: () => JSON.stringify({ echo: secret }) },
    { name: 'in a URL', answer: () => encodeURIComponent(secret) },
    { name: 'as it was sent', answer: () => `authorization: Basic ${basic}` },
    { name: 'cut by the excerpt', answer: () => `${'x'.repeat(490)}${secret}` },
    { name: 'cut long before that', answer: () => `${'x'.repeat(1_990)}${secret}` },
    { name: 'cut by what was seen', answer: () => `${'x'.repeat(190)}${secret}` },
  ])('that the target repeats $name never leaves', async ({ answer }) => {
    const server = await serveHttp((_, response) =>
      response.writeHead(403, { 'x-echo': 'Bearer ' + basic }).end(answer()),
    );
    const monitor = httpMonitor(`http://127.0.0.1:${server.port}/`, {
      settings: { auth: { basic: { username: 'me', password: { secret: 'password' } } } },
      expect: ['status == 200', 'body contains fine', 'header x-echo == fine', 'json $.echo == "fine"'],
    });

    const observation = await checkQuickly(monitor, probeContext({ secrets: { password: secret } }));

    expect(observation.reason).toBe('condition-failed');
    const left = JSON.stringify(observation);
    for (const text of ['hunter2', basic.slice(4), 'quoted']) expect(left).not.toContain(text);
  });

  it('in a redirect that is refused never leaves', async () => {
    const server = await serveHttp((request, response) =>
      response.writeHead(302, { location: `gopher://x/?${request.headers.authorization}` }).end(),
    );
    const settings = { auth: { bearer: { secret: 'token' } } };

    const observation = await checkQuickly(
      httpMonitor(`http://127.0.0.1:${server.port}/`, { settings }),
      probeContext({ secrets: { token: 'hunter2' } }),
    );

    expect(observation.reason).toBe('redirect-invalid');
    expect(JSON.stringify(observation)).not.toContain('hunter2');
  });

  it('that no header can carry is our fault, and is not told', async () => {
    const settings = { auth: { bearer: { secret: 'token' } } };

    const observation = await checkQuickly(
      httpMonitor(`http://127.0.0.1:${await closedPort()}/`, { settings }),
      probeContext({ secrets: { token: 'hunter2\r\nx-evil: 1' } }),
    );

    expect(observation).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
    expect(JSON.stringify(observation)).not.toContain('hunter2');
  });
});

describe('an excerpt', () => {
  it('is at most 500 characters without control characters', async () => {
    const server = await serveHttp((_, response) =>
      response.writeHead(500).end(`\u001b[31mred\u0000 ${'😀'.repeat(400)}`),
    );

    const { excerpt } = await checkQuickly(httpMonitor(`http://127.0.0.1:${server.port}/`), probeContext());

    expect(excerpt).toMatch(/^\[31mred 😀/);
    expect(excerpt!.length).toBeLessThanOrEqual(500);
    expect(excerpt!.isWellFormed()).toBe(true);
  });
});
