import { describe, expect, it } from 'vitest';
import { judge } from '../../shared/conditions/judge.ts';
import { check } from '../../shared/monitors/check.ts';
import { serviceOf } from '../../shared/monitors/domain/rdap.ts';
import { domain } from '../../shared/monitors/domain.ts';
import { probeContext } from '../support/http-monitor.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { closedPort, serveHttp, serveTcp } from '../support/servers.ts';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

const expiring = (eventDate: unknown) => ({
  objectClassName: 'domain',
  events: [
    { eventAction: 'registration', eventDate: '2001-01-01T00:00:00Z' },
    { eventAction: 'expiration', eventDate },
  ],
});

/** A registry that knows these names, and IANA's list, which knows the registry. */
async function serveRegistry(names: Record<string, number | object | string>) {
  const asked: string[] = [];
  const server = await serveHttp((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const url = `http://127.0.0.1:${server.port}/rdap/`;
    if (path === '/dns.json') {
      const services = [
        [['ORG', 'net'], ['http://127.0.0.1:9/']],
        [['br', 'com', 'xn--p1ai'], [url]],
        [['lost'], []],
      ];
      return response.end(JSON.stringify({ version: '1.0', services }));
    }
    const said = names[path.replace('/rdap/domain/', '')] ?? 404;
    if (typeof said === 'number') return response.writeHead(said).end('{"errorCode":1}');
    response.writeHead(200, { 'content-type': 'application/rdap+json' });
    return response.end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  const bootstrap = `http://127.0.0.1:${server.port}/dns.json`;
  return { bootstrap, asked: () => asked.map((path) => path.replace('/rdap/domain/', '')), server };
}

async function measure(settings: object, { timeout = 5_000 } = {}) {
  const monitor = kindMonitor(domain, settings, { timeout });
  const measurement = await domain.measure(monitor, probeContext());
  const { look } = measurement;
  const failures = look ? monitor.expect.flatMap((condition) => judge(condition, look) ?? []) : undefined;
  return { ...measurement, failures };
}

describe('a domain monitor', () => {
  it('finds the registry by the list of IANA and tells the days left', async () => {
    const { bootstrap, asked, server } = await serveRegistry({ 'example.com': expiring(inDays(100)) });

    const { attempt, look, failures } = await measure({ domain: 'example.com', bootstrap });
    await server.allClosed();

    expect(attempt).toMatchObject({ outcome: 'up', domainDaysLeft: 100 });
    expect(look!('domain', undefined)).toEqual({ value: expect.closeTo(100, 1) });
    expect(look!('registered', undefined)).toEqual({ value: 'yes' });
    expect(failures).toEqual([]);
    expect(asked()).toEqual(['/dns.json', 'example.com']);
  });

  it('reads the list of IANA once a day', async () => {
    const { bootstrap, asked } = await serveRegistry({ 'example.com': expiring(inDays(100)) });

    await measure({ domain: 'example.com', bootstrap });
    await measure({ domain: 'example.com', bootstrap });

    expect(asked()).toEqual(['/dns.json', 'example.com', 'example.com']);
  });

  it('fails when less than 30 days are left', async () => {
    const { bootstrap } = await serveRegistry({ 'example.com': expiring(inDays(29)) });

    const { failures } = await measure({ domain: 'example.com', bootstrap });

    expect(failures).toEqual([{ line: 'domain > 30d', seen: expect.stringMatching(/^2[89](\.\d+)? days$/) }]);
  });

  it.each([
    ['www.example.com', ['www.example.com', 'example.com']],
    ['https://shop.example.com:8443/cart?x=1', ['shop.example.com', 'example.com']],
    ['example.com.br', ['example.com.br']],
    ['a.b.example.com.br', ['a.b.example.com.br', 'b.example.com.br', 'example.com.br']],
    ['Пример.РФ', ['xn--e1afmkfd.xn--p1ai']],
  ])('of %s finds what is registered', async (host, names) => {
    const { bootstrap, asked } = await serveRegistry({
      'example.com': expiring(inDays(100)),
      'example.com.br': expiring(inDays(100)),
      'xn--e1afmkfd.xn--p1ai': expiring(inDays(100)),
    });

    const { attempt } = await measure({ domain: host, bootstrap });

    expect(attempt).toMatchObject({ outcome: 'up', domainDaysLeft: 100 });
    expect(asked().slice(1)).toEqual(names);
  });

  it('asks a given registry without IANA', async () => {
    const { bootstrap, asked } = await serveRegistry({ 'example.internal': expiring(inDays(100)) });

    const { attempt } = await measure({
      domain: 'example.internal',
      server: new URL('/rdap', bootstrap).href,
    });

    expect(attempt).toMatchObject({ outcome: 'up', domainDaysLeft: 100 });
    expect(asked()).toEqual(['example.internal']);
  });

  it('is down when the domain is not registered, and says so', async () => {
    const { bootstrap } = await serveRegistry({});

    const { failures, look } = await measure({ domain: 'www.example.com', bootstrap });

    expect(failures).toEqual([{ line: 'domain > 30d', problem: 'www.example.com is not registered' }]);
    expect(look!('registered', undefined)).toEqual({ value: 'no' });
  });
});

describe('the service of a registry', () => {
  const services = [
    { endings: ['com'], urls: ['http://plain.example/', 'https://com.example/'] },
    { endings: ['US.com'], urls: ['https://us.example/'] },
  ];

  it.each([
    ['example.com', { ending: 'com', url: 'https://com.example/' }],
    ['shop.example.us.com', { ending: 'us.com', url: 'https://us.example/' }],
  ])('of %s is %j', (host, service) => {
    expect(serviceOf(host, services)).toEqual(service);
  });
});

describe('what a registry does not tell is unknown, never down', () => {
  it.each([
    ['no date', expiring(null), 'the registry does not tell when example.com expires'],
    ['a date that is none', expiring('soon'), 'the registry does not tell when example.com expires'],
    ['no expiration', { events: [] }, 'the registry does not tell when example.com expires'],
    ['no events', {}, 'the registry does not tell when example.com expires'],
    ['another document', { events: 'none' }, 'what the registry says of example.com cannot be read'],
    ['no JSON', '<html>', 'what the registry says of example.com cannot be read'],
    ['that it is asked too often', 429, 'the registry of .com limits how often it is asked (status 429)'],
    ['an error', 503, 'the registry of .com answered with status 503'],
    [
      'that it does not know such names',
      400,
      'the registry of .com does not know names like example.com (status 400)',
    ],
  ])('with %s', async (_, said, message) => {
    const { bootstrap } = await serveRegistry({ 'example.com': said });

    const { attempt, look } = await measure({ domain: 'example.com', bootstrap });

    expect(attempt).toMatchObject({ outcome: 'unknown', reason: 'expiry-unknown', message });
    expect(attempt).not.toHaveProperty('domainDaysLeft');
    expect(look).toBeUndefined();
  });

  it.each(['printer.local', 'example.invalid', 'example.lost'])(
    'of %s, which no registry knows',
    async (host) => {
      const { bootstrap } = await serveRegistry({});

      const { attempt } = await measure({ domain: host, bootstrap });

      expect(attempt).toMatchObject({ outcome: 'unknown', reason: 'expiry-unknown' });
      expect(attempt.message).toMatch(/^the registry of \.\w+ offers no RDAP: nobody tells when/);
    },
  );

  it('when the list of registries cannot be had', async () => {
    const refused = `http://127.0.0.1:${await closedPort()}/dns.json`;
    const silent = await serveTcp(() => {});
    const broken = await serveHttp((_, response) => response.end('{"services":[[["com"]]]}'));

    for (const [bootstrap, message] of [
      [refused, 'connection refused by'],
      [`http://127.0.0.1:${silent.port}/dns.json`, 'no answer within 200 ms'],
      [`http://127.0.0.1:${broken.port}/dns.json`, 'cannot be read (status 200)'],
    ] as const) {
      const { attempt } = await measure({ domain: 'example.com', bootstrap }, { timeout: 200 });
      expect(attempt).toMatchObject({ outcome: 'unknown', reason: 'expiry-unknown' });
      expect(attempt.message).toContain(message);
    }
    await silent.allClosed();
  });

  it('when the registry is in a private network, which is not asked', async () => {
    const { bootstrap, asked } = await serveRegistry({ 'example.com': expiring(inDays(100)) });
    const monitor = kindMonitor(domain, { domain: 'example.com', bootstrap });

    const { attempt } = await domain.measure(monitor, probeContext({ reach: 'public' }));

    expect(attempt).toMatchObject({ outcome: 'unknown', message: '127.0.0.1 is not a public address' });
    expect(asked()).toEqual([]);
  });

  it('and is not asked again at once', async () => {
    const { bootstrap, asked } = await serveRegistry({ 'example.com': 429 });

    const observation = await check(
      kindMonitor(domain, { domain: 'example.com', bootstrap }),
      probeContext(),
    );

    expect(observation).toMatchObject({ outcome: 'unknown', reason: 'expiry-unknown' });
    expect(asked()).toEqual(['/dns.json', 'example.com']);
  });
});

describe('the settings of a domain monitor', () => {
  it.each([
    {},
    { domain: 'localhost' },
    { domain: '127.0.0.1' },
    { domain: 'http://[::1]/' },
    { domain: '2130706433' },
    { domain: 'two words.com' },
    { domain: '' },
    { domain: 'example.com', server: 'ftp://rdap.example' },
  ])('refuse %j', (settings) => {
    expect(domain.settings.safeParse(settings).success).toBe(false);
  });
});
