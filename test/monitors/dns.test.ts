import { createSocket } from 'node:dgram';
import { getServers, setServers } from 'node:dns';
import type { Answer } from 'dns-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judge } from '../../shared/conditions/judge.ts';
import { reverseName } from '../../shared/monitors/dns/answer.ts';
import { dns } from '../../shared/monitors/dns.ts';
import { serveDns } from '../support/dns-server.ts';
import { probeContext } from '../support/http-monitor.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { type Said, serveNames } from '../support/name-server.ts';

async function measure(
  settings: object,
  {
    expect: lines,
    timeout,
    ...context
  }: { expect?: string[]; timeout?: number; [more: string]: unknown } = {},
) {
  const monitor = kindMonitor(
    dns,
    { query: 'site.example', ...settings },
    { ...(lines && { expect: lines }), ...(timeout && { timeout }) },
  );
  const measurement = await dns.measure(monitor, probeContext(context));
  const { look } = measurement;
  const failures = look ? monitor.expect.flatMap((condition) => judge(condition, look) ?? []) : undefined;
  return { ...measurement, failures };
}

/** Asks a server that says this. */
async function answered(said: Said, settings: object = {}, lines?: string[]) {
  const server = await serveNames(() => said);
  const result = await measure(
    { nameserver: server.nameserver, ...settings },
    lines ? { expect: lines } : {},
  );
  return { ...result, asked: server.asked, lines: result.failures?.map(({ line }) => line) };
}

const a = (data: string, ttl = 300): Answer => ({ type: 'A', name: 'site.example', ttl, data });

describe('a DNS monitor', () => {
  it('expects an answer without an error', async () => {
    const { attempt, lines, asked, excerpt } = await answered({ answers: [a('192.0.2.1')] });

    expect(attempt).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(Object.keys(attempt.timings!)).toEqual(['firstByte']);
    expect(lines).toEqual([]);
    expect(asked).toEqual([{ name: 'site.example', type: 'A', transport: 'udp', recursion: true }]);
    expect(excerpt!()).toBe('NOERROR\n192.0.2.1');
  });

  it.each([
    [3, 'NXDOMAIN'],
    [2, 'SERVFAIL'],
    [5, 'REFUSED'],
  ])('tells response code %i, %s, as an answer that conditions judge', async (rcode, name) => {
    const { failures } = await answered({ rcode });
    expect(failures).toEqual([
      { line: 'dns.rcode == NOERROR', seen: JSON.stringify(name) },
      { line: 'dns.answer exists', problem: 'no dns.answer' },
    ]);
    expect((await answered({ rcode }, {}, [`dns.rcode == ${name}`])).failures).toEqual([]);
  });

  it.each([
    ['dns.answer contains 192.0.2.1', true],
    ['dns.answer contains 192.0.2.10', true],
    ['dns.answer contains 92.0.2.1', false],
    ['dns.answer not contains 192.0.2.7', true],
    ['dns.answer not contains 192.0.2.10', false],
    ['dns.answer == "192.0.2.10, 192.0.2.1"', true],
    ['dns.answer == "192.0.2.1, 192.0.2.10"', true],
    ['dns.answer == 192.0.2.1', false],
    ['dns.answer != 192.0.2.1', true],
    ['dns.answer matches /\\.10$/', true],
    ['dns.answer not matches /\\.10$/', false],
    ['dns.answer matches /\\.11$/', false],
    ['dns.answer > 5', false],
    ['dns.count == 2', true],
    ['dns.count > 2', false],
    ['dns.ttl <= 1m', true],
    ['dns.ttl < 1m', false],
    ['dns.serial > 1', false],
    ['responseTime < 5s', true],
  ])('of two addresses: %s is %s', async (line, holds) => {
    const answers = [a('192.0.2.10', 60), a('192.0.2.1', 300)];
    expect((await answered({ answers }, {}, [line])).failures).toHaveLength(holds ? 0 : 1);
  });

  it('passes over the records on the way to those it asks for', async () => {
    const alias: Answer = { type: 'CNAME', name: 'site.example', data: 'cdn.example' };
    const { lines } = await answered({ answers: [alias, a('192.0.2.1')] }, {}, [
      'dns.answer == 192.0.2.1',
      'dns.count == 1',
    ]);
    expect(lines).toEqual([]);
  });

  it.each<[string, Answer['data' & keyof Answer] | unknown, string]>([
    ['AAAA', '2001:db8::1', '2001:db8::1'],
    ['CNAME', 'cdn.example', 'cdn.example'],
    ['NS', 'ns1.example', 'ns1.example'],
    ['MX', { preference: 10, exchange: 'mail.example' }, '10 mail.example'],
    ['TXT', ['v=spf1 include:', 'mail.example -all'], 'v=spf1 include:mail.example -all'],
    ['SRV', { priority: 1, weight: 2, port: 5060, target: 'sip.example' }, '1 2 5060 sip.example'],
    ['CAA', { flags: 0, tag: 'issue', value: 'ca.example' }, '0 issue "ca.example"'],
    ['DS', { keyTag: 7, algorithm: 13, digestType: 2, digest: Buffer.from('beef', 'hex') }, '7 13 2 beef'],
    [
      'SOA',
      {
        mname: 'ns1.example',
        rname: 'host.example',
        serial: 2026112001,
        refresh: 1,
        retry: 2,
        expire: 3,
        minimum: 4,
      },
      'ns1.example host.example 2026112001 1 2 3 4',
    ],
  ])('reads %s records', async (type, data, text) => {
    const answer = { type, name: 'site.example', ttl: 60, data } as Answer;
    const { look, asked } = await answered({ answers: [answer] }, { type: type.toLowerCase() });

    expect(look!('dns.answer', undefined)).toEqual({ value: [text] });
    expect(asked[0]!.type).toBe(type);
  });

  it.each(['HTTPS', 'TYPE65'])('shows the data of %s raw', async (type) => {
    const answer = {
      type: 'UNKNOWN_65',
      name: 'site.example',
      data: Buffer.from('0001', 'hex'),
    } as unknown as Answer;
    const { look, asked } = await answered({ answers: [answer] }, { type });

    expect(look!('dns.answer', undefined)).toEqual({ value: ['\\# 2 0001'] });
    expect(asked[0]!.type).toBe('UNKNOWN_65');
  });

  it('knows the serial of a zone', async () => {
    const soa = { mname: 'ns1.example', rname: 'host.example', serial: 2026112001 };
    const { lines } = await answered(
      { answers: [{ type: 'SOA', name: 'site.example', data: soa }] },
      { type: 'SOA' },
      ['dns.serial >= 2026112001'],
    );
    expect(lines).toEqual([]);
  });

  it('looks addresses up backwards, and asks authoritative servers without recursion', async () => {
    const { asked } = await answered({}, { type: 'PTR', query: '192.0.2.1', recursion: false });
    expect(asked[0]).toMatchObject({ name: '1.2.0.192.in-addr.arpa', recursion: false });
  });

  it.each([
    ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['::1', `1.${'0.'.repeat(31)}ip6.arpa`],
  ])('knows the reverse name of %s', (address, name) => {
    expect(reverseName(address)).toBe(name);
  });
});

describe('how it asks', () => {
  it('asks again over TCP where the answer does not fit', async () => {
    const { lines, asked } = await answered({ truncated: true, answers: [a('192.0.2.1')] });

    expect(lines).toEqual([]);
    expect(asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  it('asks over TCP alone when told so', async () => {
    const { attempt, asked } = await answered({ answers: [a('192.0.2.1')] }, { transport: 'tcp' });

    expect(attempt.outcome).toBe('up');
    expect(asked.map(({ transport }) => transport)).toEqual(['tcp']);
    expect(Object.keys(attempt.timings!)).toEqual(['connect', 'firstByte']);
  });

  it('asks again when a datagram is lost', async () => {
    const server = await serveNames((_, question) =>
      question === 0 ? { silent: true } : { answers: [a('192.0.2.1')] },
    );

    const { attempt } = await measure({ nameserver: server.nameserver });

    expect(attempt.outcome).toBe('up');
    expect(server.asked).toHaveLength(2);
  });

  it('asks the name servers of the system unless told', async () => {
    const server = await serveNames(() => ({ answers: [a('192.0.2.1')] }));
    const known = getServers();
    onTestFinished(() => setServers(known));
    setServers([server.nameserver]);

    const { attempt } = await measure({}, { reach: 'public' });

    expect(attempt.outcome).toBe('up');
  });

  it('finds a name server by its name', async () => {
    const server = await serveNames(() => ({ answers: [a('192.0.2.1')] }));
    const names = await serveDns(() => ['127.0.0.1']);

    const { attempt } = await measure({ nameserver: `ns1.example:${server.port}` }, { dns: names.address });

    expect(attempt.outcome).toBe('up');
    expect(Object.keys(attempt.timings!)).toEqual(['dns', 'firstByte']);
  });
});

describe('it is down', () => {
  it('when the name server is silent', async () => {
    const server = await serveNames(() => ({ silent: true }));

    const { attempt } = await measure({ nameserver: server.nameserver }, { timeout: 150 });

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
    expect(attempt.message).toMatch(
      /^no answer within 150 ms: connected to \S+, waiting for an answer to A site\.example$/,
    );
  });

  it.each(['udp', 'tcp'])('when nobody listens on %s', async (transport) => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    await new Promise<void>((resolve) => socket.close(() => resolve()));

    const { attempt } = await measure({ nameserver: `127.0.0.1:${port}`, transport });

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'connection-refused' });
  });

  it('when the answer cannot be read', async () => {
    const { attempt } = await answered({ garbage: '\u00c0' });

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'protocol-error' });
    expect(attempt.message).toMatch(/^the answer of 127\.0\.0\.1:\d+ cannot be read$/);
  });

  it('when only answers to other questions come', async () => {
    const liar = createSocket('udp4');
    liar.on('message', (query, peer) => {
      const forged = Buffer.from(query);
      forged[2] = 0x81;
      const otherId = Buffer.from(forged).fill(forged[0]! ^ 0xff, 0, 1);
      const otherName = Buffer.from(forged).fill('x', 13, 14);
      for (const bytes of [query, otherId, otherName, Buffer.from('x')])
        liar.send(bytes, peer.port, peer.address);
    });
    await new Promise<void>((resolve) => liar.bind(0, '127.0.0.1', resolve));
    onTestFinished(() => void liar.close());

    const { attempt } = await measure({ nameserver: `127.0.0.1:${liar.address().port}` }, { timeout: 150 });

    expect(attempt.reason).toBe('response-timeout');
  });

  it('before it asks a name server in a private network', async () => {
    const server = await serveNames(() => ({ answers: [a('192.0.2.1')] }));

    const { attempt } = await measure({ nameserver: server.nameserver }, { reach: 'public' });

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
    expect(server.asked).toEqual([]);
  });
});

describe('the settings of a DNS monitor', () => {
  it.each([
    ['Site.Example.', 'site.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['_dmarc.site.example', '_dmarc.site.example'],
    ['*.site.example', '*.site.example'],
    ['.', '.'],
  ])('%s is looked up as %s', (query, name) => {
    expect(dns.settings.parse({ query })).toMatchObject({
      query: name,
      type: 'A',
      transport: 'udp',
      recursion: true,
    });
  });

  it.each([
    {},
    { query: '' },
    { query: 'a..example' },
    { query: 'https://site.example' },
    { query: `${'a'.repeat(64)}.example` },
    { query: `${'a.'.repeat(130)}example` },
    { query: 'site.example', type: 'AA' },
    { query: 'site.example', type: 'TYPE65536' },
    { query: 'site.example', type: 'toString' },
    { query: 'site.example', nameserver: '1.1.1.1:x' },
    { query: 'site.example', transport: 'https' },
  ])('refuse %j', (settings) => {
    expect(dns.settings.safeParse(settings).success).toBe(false);
  });
});
