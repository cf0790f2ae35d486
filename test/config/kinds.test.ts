import {
  banner,
  certificate,
  defineConfig,
  dns,
  domain,
  grpc,
  type MonitorInput,
  mysql,
  postgres,
  redis,
  registered,
  row,
  rowCount,
  tcp,
  tls,
  websocket,
} from 'tocsin';
import { describe, expect, test } from 'vitest';
import type { Monitor } from '../../shared/config/config.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';

function monitorOf(input: MonitorInput, defaults = {}): Monitor {
  const resolved = resolve(defineConfig({ name: 'acme', defaults, monitors: [input] }), { local: false });
  if ('problems' in resolved) throw new Error(resolved.problems.map(formatProblem).join('\n'));
  const [monitor] = resolved.config.monitors;
  expect(JSON.parse(JSON.stringify(monitor))).toEqual(monitor);
  return monitor!;
}

describe('the shortest monitor of a kind is complete', () => {
  test.each([
    [tls('m', 'example.com'), { target: { host: 'example.com', port: 443 } }, ['certificate > 14d'], 60_000],
    [tcp('m', 'example.com:25'), { target: { host: 'example.com', port: 25 }, dialogue: [] }, [], 60_000],
    [
      dns('m', 'example.com'),
      { query: 'example.com', type: 'A', transport: 'udp' },
      ['dns.rcode == "NOERROR"', 'dns.answer exists'],
      60_000,
    ],
    [redis('m', 'example.com'), { target: { host: 'example.com', port: 6379 }, database: 0 }, [], 60_000],
    [
      postgres('m', { target: 'example.com', secure: true }),
      { target: { host: 'example.com', port: 5432 }, user: 'tocsin', query: 'SELECT 1' },
      ['certificate > 14d'],
      60_000,
    ],
    [websocket('m', 'wss://example.com/'), { dialogue: [], subprotocols: [] }, ['certificate > 14d'], 60_000],
    [
      grpc('m', 'example.com:443'),
      { target: { host: 'example.com', port: 443 }, service: '' },
      ['grpc.status == SERVING'],
      60_000,
    ],
    [mysql('m', 'example.com'), { target: { host: 'example.com', port: 3306 }, user: 'tocsin' }, [], 60_000],
    [domain('m', 'example.com'), { domain: 'example.com' }, ['domain > 30d'], 6 * 3_600_000],
  ])('%j', (input, settings, lines, every) => {
    const monitor = monitorOf(input);

    expect(monitor).toMatchObject({ settings, every, timeout: 10_000 });
    expect(monitor.expect.map(({ line }) => line.replace('== NOERROR', '== "NOERROR"'))).toEqual(lines);
  });
});

describe('how often a domain is checked', () => {
  test.each([
    [{}, {}, 6],
    [{ every: '2h' }, {}, 2],
    [{ every: '2h' }, { every: '1d' }, 24],
  ] as const)('with the defaults %j and its own %j is every %i hours', (defaults, own, hours) => {
    expect(monitorOf(domain('m', { domain: 'example.com', ...own }), defaults).every).toBe(hours * 3_600_000);
  });
});

test('typed conditions write the lines that one would write', () => {
  expect([
    certificate().above('14d'),
    certificate.leaf().above('14d'),
    certificate.earliest().above('14d'),
    certificate.chain().above('14d'),
    tls.version().is('TLSv1.3'),
    banner().matches(/^SSH-2/),
    dns.answer().contains('192.0.2.1'),
    dns.rcode().equals('NXDOMAIN'),
    dns.count().atLeast(2),
    dns.serial().above(7),
    dns.ttl().atMost('5m'),
    domain.left().above('30d'),
    registered().is('yes'),
    redis.info('$.role').equals('master'),
    rowCount().atLeast(1),
    grpc.status().is('SERVING'),
    grpc.code().equals('OK'),
    websocket.message().contains('pong'),
    row('$[0].waiting').below(100),
  ]).toEqual([
    'certificate > 14d',
    'certificate.leaf > 14d',
    'certificate.earliest > 14d',
    'certificate.chain > 14d',
    'tls.version == TLSv1.3',
    'banner matches /^SSH-2/',
    'dns.answer contains "192.0.2.1"',
    'dns.rcode == "NXDOMAIN"',
    'dns.count >= 2',
    'dns.serial > 7',
    'dns.ttl <= 5m',
    'domain > 30d',
    'registered == yes',
    'info $.role == "master"',
    'row.count >= 1',
    'grpc.status == SERVING',
    'grpc.code == "OK"',
    'message contains "pong"',
    'row $[0].waiting < 100',
  ]);
});

test('an editor shows mistakes before Tocsin does', () => {
  const monitors = [
    // @ts-expect-error no such protocol
    tls('a', { target: 'example.com', starttls: 'ftp' }),
    // @ts-expect-error a pattern is a regular expression
    tcp('b', { target: 'example.com:25', dialogue: [{ expect: '^220' }] }),
    // @ts-expect-error there is no such transport
    dns('c', { query: 'example.com', transport: 'https' }),
    // @ts-expect-error days have a unit
    domain('d', { domain: 'example.com', expect: [domain.left().above(30)] }),
  ];
  expect(monitors).toHaveLength(4);
});
