import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  defineConfig,
  email,
  group,
  health,
  http,
  type MonitorInput,
  remediation,
  secret,
  slack,
} from 'tocsin';
import { describe, expect, test } from 'vitest';
import { defaultConfigFile, loadConfigFile } from '../../infra/config-file.ts';
import type { Config, Monitor } from '../../shared/config/config.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { plainAlerting, routeTo } from '../support/routes.ts';

const api = http('api', 'https://api.example.com/health');

function resolved(input: unknown, options = { local: false }) {
  const result = resolve(input, options);
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n\n'));
  return result;
}

const monitorsOf = (...monitors: Parameters<typeof defineConfig>[0]['monitors']): Monitor[] =>
  resolved(defineConfig({ name: 'acme', monitors })).config.monitors;

const monitorOf = (input: MonitorInput): Monitor => monitorsOf(input)[0]!;

const linesOf = ({ expect }: Monitor) => expect.map(({ line }) => line);

describe('the shortest monitor is complete', () => {
  test('with every default filled in', async () => {
    const { config } = resolved(
      await loadConfigFile(new URL('../fixtures/config/shortest.config.ts', import.meta.url).pathname),
    );

    expect(config).toEqual<Config>({
      name: 'acme',
      stacks: 1,
      level: 'standard',
      locations: [{ id: 'home' }],
      witness: ['https://checkip.amazonaws.com', 'https://www.google.com', 'https://www.cloudflare.com'],
      monitors: [
        {
          id: 'api',
          kind: 'http',
          name: 'api',
          enabled: true,
          localOnly: false,
          every: 60_000,
          timeout: 10_000,
          alert: { failing: 2, of: 3, severity: 'critical' },
          quorum: 1,
          locations: ['home'],
          labels: {},
          expect: [
            { property: 'status', operator: 'in', value: [[200, 399]], line: 'status in 200-399' },
            { property: 'certificate', operator: '>', value: 14, unit: 'days', line: 'certificate > 14d' },
          ],
          settings: expect.objectContaining({ url: 'https://api.example.com/health', method: 'GET' }),
        },
      ],
      channels: [],
      routes: [routeTo([], {}, { path: 'routes' })],
      ...plainAlerting,
      subscribers: { email: [], sms: [], https: [], minSeverity: 'info' },
      selfContact: { email: [], sms: [] },
    });
  });

  test('and asks for no certificate where there is none', () => {
    expect(linesOf(monitorOf(http('api', 'http://api.example.com')))).toEqual(['status in 200-399']);
  });
});

describe('the config of the repository', () => {
  test('is watched by npm start', async () => {
    const { config, warnings } = resolved(await loadConfigFile(defaultConfigFile), { local: true });

    expect(warnings).toEqual([]);
    expect(config.monitors[0]).toMatchObject({
      id: 'website',
      localOnly: true,
      every: 10_000,
      timeout: 5_000,
    });
    expect(linesOf(config.monitors[0]!)).toEqual([
      'status == 200',
      'responseTime < 2s',
      'json $.status == "healthy"',
    ]);
    expect(config.routes).toEqual([
      routeTo(['ops', 'oncall'], { severity: ['critical'] }),
      routeTo(['ops'], {}, { path: 'routes[1]' }),
    ]);
    expect(config.selfContact).toEqual({ email: ['oncall@example.com'], sms: [] });
  });

  test('leaves nothing for AWS, and says what to do', async () => {
    const { config, warnings } = resolved(await loadConfigFile(defaultConfigFile), { local: false });

    expect(config.monitors).toEqual([]);
    expect(warnings.map(({ fix }) => fix)).toEqual([
      "add one with a public target: http('api', 'https://api.example.com/health')",
    ]);
  });
});

test('ten monitors, two channels and two routes take less than 25 lines', async () => {
  const file = new URL('../fixtures/config/ten-monitors.config.ts', import.meta.url).pathname;
  const { config, warnings } = resolved(await loadConfigFile(file));

  expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeLessThan(25);
  expect(config.monitors).toHaveLength(10);
  expect(warnings).toEqual([]);
});

describe('what is inherited', () => {
  test('the nearest wins: monitor, then group, then file', () => {
    const { config } = resolved(
      defineConfig({
        name: 'acme',
        defaults: { every: '5m', runbook: 'https://wiki.example.com' },
        monitors: [
          api,
          group('shop', {
            defaults: { every: '2m', timeout: '3s' },
            monitors: [
              http('home', 'https://shop.example.com'),
              http('cart', { url: 'https://shop.example.com/cart', every: '30s' }),
            ],
          }),
        ],
      }),
    );

    expect(config.monitors.map(({ id, group, every, timeout }) => [id, group, every, timeout])).toEqual([
      ['api', undefined, 300_000, 10_000],
      ['home', 'shop', 120_000, 3_000],
      ['cart', 'shop', 30_000, 3_000],
    ]);
    expect(config.monitors.map(({ runbook }) => runbook)).toEqual(Array(3).fill('https://wiki.example.com'));
  });

  test('labels and the parts of an alert add up, conditions are replaced', () => {
    const { config } = resolved(
      defineConfig({
        name: 'acme',
        defaults: {
          labels: { team: 'platform', tier: '1' },
          alert: { after: '3 of 5' },
          expect: ['status == 200'],
        },
        monitors: [
          http('web', {
            url: 'https://www.example.com',
            labels: { team: 'web' },
            alert: { severity: 'high' },
          }),
          http('api', { url: 'https://api.example.com', expect: ['status == 204'] }),
        ],
      }),
    );
    const [web, second] = config.monitors;

    expect(web?.labels).toEqual({ team: 'web', tier: '1' });
    expect(web?.alert).toEqual({ failing: 3, of: 5, severity: 'high' });
    expect(linesOf(web!)).toEqual(['status == 200']);
    expect(linesOf(second!)).toEqual(['status == 204']);
  });

  test('only what can be degraded has conditions and an alarm for that', () => {
    const { config } = resolved(
      defineConfig({
        name: 'acme',
        defaults: { alert: { degraded: {} } },
        monitors: [
          http('plain', 'https://www.example.com'),
          http('page', { url: 'https://www.example.com', degraded: ['responseTime < 1s'] }),
          health('api', {
            url: 'https://api.example.com',
            alert: { degraded: { after: '1 of 2', severity: 'high' } },
          }),
        ],
      }),
    );
    const [plain, page, api] = config.monitors;

    expect(plain).not.toHaveProperty('degraded');
    expect(plain?.alert).not.toHaveProperty('degraded');
    expect(page?.degraded?.map(({ line }) => line)).toEqual(['responseTime < 1s']);
    expect(page?.alert.degraded).toEqual({ failing: 3, of: 5, severity: 'warning' });
    expect(api?.degraded).toEqual([]);
    expect(api?.alert.degraded).toEqual({ failing: 1, of: 2, severity: 'high' });
    expect(linesOf(api!)).toEqual(['certificate > 14d']);
  });

  test('a value that is written as undefined is not written', () => {
    const withUndefined = { kind: 'http', id: 'api', url: 'https://api.example.com', every: undefined };
    const { config } = resolved({ name: 'acme', defaults: { every: '5m' }, monitors: [withUndefined] });

    expect(config.monitors[0]?.every).toBe(300_000);
  });
});

test.each([
  ['medium', 'warning'],
  ['low', 'info'],
  ['high', 'high'],
] as const)('the severity %s is %s', (word, severity) => {
  const { config } = resolved(
    defineConfig({
      name: 'acme',
      monitors: [http('api', { url: 'https://api.example.com', alert: { severity: word } })],
      channels: { ops: slack() },
      routes: [{ match: { severity: word }, notify: ['ops'] }],
    }),
  );

  expect(config.monitors[0]?.alert.severity).toBe(severity);
  expect(config.routes[0]?.match).toEqual([{ label: 'severity', operator: '=', values: [severity] }]);
});

describe('timing', () => {
  test.each([
    ['10s', 5_000],
    ['20s', 10_000],
    ['1m', 10_000],
  ] as const)('every %s has a timeout of %i ms, so that two attempts fit', (every, timeout) => {
    expect(monitorOf(http('api', { url: 'https://api.example.com', every })).timeout).toBe(timeout);
  });

  test.each([
    ['10s', '1 of 8640'],
    ['30m', '1 of 48'],
    ['1h', '1 of 168'],
    ['1d', '7 of 7'],
  ] as const)('every %s with %s is as far as CloudWatch looks back', (every, after) => {
    expect(monitorOf(http('api', { url: 'https://api.example.com', every, alert: { after } }))).toBeDefined();
    const [failing, of] = after.split(' of ').map(Number);
    const oneMore = http('api', {
      url: 'https://api.example.com',
      every,
      alert: { after: `${failing!} of ${of! + 1}` },
    });
    expect(resolve(defineConfig({ name: 'acme', monitors: [oneMore] }), { local: false })).toHaveProperty(
      ['problems', 0, 'path'],
      'monitors[0] "api".alert.after',
    );
  });
});

describe('a loopback or private target', () => {
  const local = http('mine', { url: 'http://127.0.0.1:8080/health', localOnly: true });

  test('is watched locally when it says localOnly', () => {
    const { config } = resolved(defineConfig({ name: 'acme', monitors: [local, api] }), { local: true });
    expect(config.monitors).toHaveLength(2);
    expect(resolved(defineConfig({ name: 'acme', monitors: [local, api] })).config.monitors).toHaveLength(1);
  });

  test('is checked for mistakes even where it is left out', () => {
    const broken = { ...local, expect: ['statu == 200'] };
    expect(resolve({ name: 'acme', monitors: [broken, api] }, { local: false })).toHaveProperty('problems');
  });
});

describe('routes', () => {
  const channels = { ops: slack(), shop: slack({ webhook: secret('shop-webhook') }) };

  test('without them every channel gets everything', () => {
    const { config } = resolved(defineConfig({ name: 'acme', monitors: [api], channels }));
    expect(config.routes).toEqual([routeTo(['ops', 'shop'], {}, { path: 'routes' })]);
  });

  test('without them nothing is run: what is run is named', () => {
    const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:restart-web';
    const { config } = resolved(
      defineConfig({
        name: 'acme',
        monitors: [api],
        channels: { ...channels, restart: remediation({ lambda }) },
      }),
    );
    expect(config.routes).toEqual([routeTo(['ops', 'shop'], {}, { path: 'routes' })]);
    expect(config.channels.at(-1)).toEqual({
      id: 'restart',
      kind: 'remediation',
      settings: { lambda, timeout: '10s', tries: 2, cooldown: '10m', dryRun: false },
    });
  });

  test('may match monitors, groups and labels that are left out of the stack', () => {
    const cart = http('cart', { url: 'http://localhost', localOnly: true, labels: { team: 'shop' } });
    const { config } = resolved(
      defineConfig({
        name: 'acme',
        monitors: [api, group('shop', { monitors: [cart] })],
        channels,
        routes: [
          { match: { group: 'shop', team: ['shop'], monitor: 'cart' }, notify: ['shop'] },
          { notify: ['ops'] },
        ],
      }),
    );
    expect(config.routes[0]?.match).toEqual(
      routeTo([], { group: ['shop'], team: ['shop'], monitor: ['cart'] }).match,
    );
  });

  test('warn of what is never told', () => {
    const { warnings } = resolved(
      defineConfig({
        name: 'acme',
        monitors: [api],
        channels: { ...channels, oncall: email({ from: 'a@example.com', to: ['b@example.com'] }) },
        routes: [{ notify: ['ops'] }, { match: { severity: 'critical' }, notify: ['shop'] }],
      }),
    );
    expect(warnings.map(({ path, allowed }) => `${path}: ${allowed}`)).toEqual([
      'routes[1]: a route before routes[0], which matches everything: this one is never reached',
      'channels.oncall: a channel that a route names: this one is never told anything',
    ]);
  });

  test('warn of monitors that none of them takes', () => {
    const { warnings } = resolved(
      defineConfig({
        name: 'acme',
        monitors: [api],
        channels: { ops: slack() },
        routes: [{ match: { severity: 'info' }, notify: ['ops'] }],
        selfContact: { sms: ['+14155550100'] },
      }),
    );
    expect(warnings.map(({ allowed }) => allowed)).toEqual(['a route for every monitor: none matches api']);
  });

  test('warn of monitors that depend on others of which fewer people would hear', () => {
    const { warnings } = resolved(
      defineConfig({
        name: 'acme',
        monitors: [
          http('gateway', { url: 'https://api.example.com', alert: { severity: 'warning' } }),
          http('shop', { url: 'https://shop.example.com', dependsOn: ['gateway'] }),
          http('blog', {
            url: 'https://blog.example.com',
            alert: { severity: 'info' },
            dependsOn: ['gateway', 'shop'],
          }),
        ],
        channels: { ops: slack() },
        selfContact: { sms: ['+14155550100'] },
      }),
    );
    expect(warnings.map(({ allowed }) => allowed)).toEqual([
      'dependence on monitors that are no less urgent, for only these are told while they fail: shop (critical) on gateway (warning)',
    ]);
  });

  test('warn of monitors that are taken when they are down and not when they are degraded', () => {
    const { warnings } = resolved(
      defineConfig({
        name: 'acme',
        monitors: [health('api', { url: 'https://api.example.com', alert: { degraded: {} } })],
        channels: { ops: slack() },
        routes: [{ match: { severity: 'critical' }, notify: ['ops'] }],
        selfContact: { sms: ['+14155550100'] },
      }),
    );
    expect(warnings.map(({ allowed }) => allowed)).toEqual(['a route for every monitor: none matches api']);
  });
});

test('Tocsin tells all recipients of mail when it is broken itself, each once', () => {
  const { config } = resolved(
    defineConfig({
      name: 'acme',
      monitors: [api],
      channels: {
        oncall: email({ from: 'a@example.com', to: ['On-call <oncall@example.com>', 'boss@example.com'] }),
        ops: email({ from: 'a@example.com', to: ['oncall@example.com'] }),
      },
    }),
  );
  expect(config.selfContact.email).toEqual(['oncall@example.com', 'boss@example.com']);
});

test('a resolved config is plain JSON', async () => {
  const file = new URL('../fixtures/config/ten-monitors.config.ts', import.meta.url).pathname;
  const { config } = resolved(await loadConfigFile(file));
  expect(JSON.parse(JSON.stringify(config))).toEqual(config);
});

test('nothing that a file may export makes it throw', () => {
  const field = fc.constantFrom(
    'name',
    'monitors',
    'channels',
    'routes',
    'defaults',
    'kind',
    'id',
    'url',
    'expect',
    'alert',
    'match',
    'notify',
    'labels',
    'dependsOn',
    'escalations',
    'people',
    'rotations',
    'inhibitions',
    'maintenance',
    'steps',
    'layers',
    'hours',
    'groupBy',
  );
  const anything = fc.anything({ key: field, withNullPrototype: true, maxDepth: 5 });
  const monitor = fc.record(
    {
      kind: fc.constantFrom('http', 'group'),
      id: anything,
      url: anything,
      expect: fc.array(fc.string()),
      alert: anything,
    },
    { requiredKeys: ['kind'] },
  );
  const almost = fc.record(
    {
      name: fc.constant('acme'),
      monitors: fc.array(fc.oneof(anything, monitor)),
      channels: anything,
      routes: fc.oneof(anything, fc.array(fc.record({ notify: anything, routes: fc.array(anything) }))),
      escalations: fc.dictionary(field, anything),
      people: fc.dictionary(field, anything),
      rotations: fc.dictionary(field, anything),
      inhibitions: fc.array(anything),
      maintenance: fc.array(anything),
      defaults: anything,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(anything, almost), (input) => {
      expect(resolve(input, { local: false })).toBeDefined();
    }),
    { numRuns: 1_000 },
  );
});

test('a file that leads round in a circle is refused', () => {
  const circle: Record<string, unknown> = { name: 'acme' };
  circle.monitors = [circle];
  expect(resolve(circle, { local: false })).toHaveProperty('problems');
});

test('ten thousand routes and a thousand monitors are checked in seconds', () => {
  const monitors = Array.from({ length: 1_000 }, (_, i) => http(`m${i}`, `https://m${i}.example.com`));
  const routes = Array.from({ length: 10_000 }, (_, i) => ({
    match: { monitor: `m${i % 1_000}` },
    notify: ['ops' as const],
  }));
  const started = performance.now();
  resolved(defineConfig({ name: 'acme', monitors, channels: { ops: slack() }, routes }));
  expect(performance.now() - started).toBeLessThan(5_000);
});
