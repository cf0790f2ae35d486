import { defineConfig, group, http, type RouteInput, slack } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { loadConfigFile } from '../../infra/config-file.ts';
import type { Config } from '../../shared/config/config.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { labelsOf, planOf } from '../../shared/routing/plan.ts';
import { routesFor } from '../../shared/routing/tree.ts';

const url = 'https://www.example.com';

const channels = { ops: slack(), data: slack(), page: slack(), log: slack() };

type Channel = keyof typeof channels;

function resolved(input: unknown): { config: Config; warnings: string[] } {
  const result = resolve(input, { local: false });
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n\n'));
  return { ...result, warnings: result.warnings.map(({ path, allowed }) => `${path}: ${allowed}`) };
}

const monitors = [
  http('web-shop', { url, labels: { team: 'web', region: 'eu' } }),
  http('web-docs', { url, alert: { severity: 'warning' }, labels: { team: 'web' } }),
  group('warehouse', {
    monitors: [http('etl', { url, alert: { severity: 'high' }, labels: { team: 'data' } })],
  }),
];

const configOf = (...routes: RouteInput<Channel, 'platform'>[]) =>
  resolved(
    defineConfig({
      name: 'acme',
      monitors,
      channels,
      escalations: { platform: { steps: [{ after: '5m', notify: [{ channel: 'page' }] }] } },
      routes,
      selfContact: { sms: ['+14155550100'] },
    }),
  );

/** Who is told of the incidents of each monitor. */
function toldOf(...routes: RouteInput<Channel, 'platform'>[]): Record<string, string> {
  const { config } = configOf(...routes);
  return Object.fromEntries(
    config.monitors.map((monitor) => {
      const subject = { type: 'monitor', id: monitor.id } as const;
      const { receivers } = planOf(config, subject, labelsOf(subject, monitor.alert.severity, monitor));
      return [monitor.id, receivers.map(({ channel }) => channel).join(' ')];
    }),
  );
}

describe('a match', () => {
  test.each<[string, RouteInput['match'], string[]]>([
    ['of a value', { team: 'data' }, ['etl']],
    ['of any in a list', { monitor: ['etl', 'web-shop'] }, ['web-shop', 'etl']],
    ['of a severity by its other word', { severity: 'medium' }, ['web-docs']],
    ['with its operator written', { team: '= data' }, ['etl']],
    ['of anything else', { team: '!= web' }, ['etl']],
    ['of none in a list', { monitor: ['!= web-shop', '!= etl'] }, ['web-docs']],
    ['of a pattern', { monitor: '=~ web-.*' }, ['web-shop', 'web-docs']],
    ['of the whole value, not a part', { monitor: '=~ web-shop|et' }, ['web-shop']],
    ['of anything but a pattern', { monitor: '!~ web-.*' }, ['etl']],
    ['of a label that is not there', { region: '' }, ['web-docs', 'etl']],
    ['of one that is there, whatever it is', { region: '!=' }, ['web-shop']],
    ['of several labels: all must fit', { team: 'web', severity: 'critical' }, ['web-shop']],
    ['of a group', { group: 'warehouse' }, ['etl']],
    ['of what it is about', { type: 'monitor' }, ['web-shop', 'web-docs', 'etl']],
  ])('66 %s', (_, match, matched) => {
    const told = toldOf({ ...(match && { match }), notify: ['data'] }, { notify: ['ops'] });
    expect(Object.keys(told).filter((id) => told[id] === 'data')).toEqual(matched);
  });
});

describe('routes inside of routes', () => {
  test('the first that matches counts instead of the one around it', () => {
    expect(
      toldOf(
        {
          match: { team: 'web' },
          notify: ['ops'],
          routes: [
            { match: { severity: 'critical' }, notify: ['page', 'ops'] },
            { match: { severity: 'critical' }, notify: ['log'] },
          ],
        },
        { notify: ['log'] },
      ),
    ).toEqual({ 'web-shop': 'page ops', 'web-docs': 'ops', etl: 'log' });
  });

  test('with `continue` those after it add their channels, each once', () => {
    expect(
      toldOf(
        { match: { severity: 'critical' }, notify: ['page'], continue: true },
        { match: { team: 'web' }, notify: ['ops', 'page'] },
        { notify: ['log'] },
      ),
    ).toEqual({ 'web-shop': 'page ops', 'web-docs': 'ops page', etl: 'log' });
  });

  test('75 a monitor that no route matches is told to nobody, and a warning says so', () => {
    const { config, warnings } = configOf({ match: { team: 'data' }, notify: ['ops'], escalate: 'platform' });
    expect(routesFor(config.routes, { team: 'web' })).toEqual([]);
    expect(warnings).toContain('routes: a route for every monitor: none matches web-shop, web-docs');
  });

  test('have everything from the one around them that they do not say themselves', () => {
    const { config } = configOf({
      notify: ['ops'],
      groupBy: ['team'],
      groupWait: '1m',
      groupInterval: '10s',
      repeatEvery: '1h',
      sendResolved: false,
      hours: 'Mon-Fri 09:00-18:00 Europe/Madrid',
      digest: '08:00 Europe/Madrid',
      escalate: 'platform',
      routes: [{ match: { team: 'web' }, routes: [{ match: { severity: 'critical' } }] }],
    });
    const terms = {
      continue: false,
      notify: ['ops'],
      groupBy: ['team'],
      groupWait: 60_000,
      groupInterval: 10_000,
      repeatEvery: 3_600_000,
      sendResolved: false,
      hours: { zone: 'Europe/Madrid', times: [{ days: [1, 2, 3, 4, 5], from: 540, to: 1_080 }] },
      digest: { at: 480, zone: 'Europe/Madrid' },
      escalate: 'platform',
    };
    const critical = { label: 'severity', operator: '=', values: ['critical'] };
    const web = { label: 'team', operator: '=', values: ['web'] };
    const innermost = { ...terms, path: 'routes[0].routes[0].routes[0]', match: [critical], routes: [] };
    const inner = { ...terms, path: 'routes[0].routes[0]', match: [web], routes: [innermost] };
    expect(config.routes).toEqual([{ ...terms, path: 'routes[0]', match: [], routes: [inner] }]);
  });

  test('may take away what the one around them says', () => {
    const { config } = configOf({
      notify: ['ops'],
      groupBy: ['team'],
      hours: 'Mon-Fri 09:00-18:00 Europe/Madrid',
      digest: '08:00 Europe/Madrid',
      escalate: 'platform',
      sendResolved: false,
      routes: [
        {
          match: { severity: 'critical' },
          groupBy: ['...'],
          hours: 'always',
          digest: 'never',
          escalate: 'never',
          repeatEvery: 'never',
          sendResolved: true,
        },
      ],
    });
    expect(config.routes[0]?.routes[0]).toEqual({
      path: 'routes[0].routes[0]',
      match: [{ label: 'severity', operator: '=', values: ['critical'] }],
      continue: false,
      notify: ['ops'],
      groupInterval: 300_000,
      repeatEvery: 0,
      sendResolved: true,
      routes: [],
    });
  });
});

describe('78 the times of a route', () => {
  test.each([
    ['groupWait', '0s', 0],
    ['groupWait', '1h', 3_600_000],
    ['groupInterval', '10s', 10_000],
    ['repeatEvery', '1m', 60_000],
    ['repeatEvery', '30d', 30 * 86_400_000],
    ['repeatEvery', 'never', 0],
  ])('%s %s is %i ms', (field, written, ms) => {
    expect(configOf({ notify: ['ops'], [field]: written }).config.routes[0]).toHaveProperty(field, ms);
  });
});

describe('71 hours as they are written', () => {
  const workdays = [1, 2, 3, 4, 5];
  const everyDay = [0, 1, 2, 3, 4, 5, 6];
  test.each<[string | string[], unknown[]]>([
    ['Mon-Fri 09:00-18:00 UTC', [{ days: workdays, from: 540, to: 1_080 }]],
    ['monday-Friday 9:00-18:00 UTC', [{ days: workdays, from: 540, to: 1_080 }]],
    ['09:00-24:00 UTC', [{ days: everyDay, from: 540, to: 1_440 }]],
    ['Sat,Sun 00:00-24:00 UTC', [{ days: [0, 6], from: 0, to: 1_440 }]],
    ['Sat-Mon 10:00-11:00 UTC', [{ days: [0, 1, 6], from: 600, to: 660 }]],
    ['Mon, Wed - Thu 10:00 - 11:00 UTC', [{ days: [1, 3, 4], from: 600, to: 660 }]],
    [
      'Mon 09:00-12:00,13:00-18:00 UTC',
      [
        { days: [1], from: 540, to: 720 },
        { days: [1], from: 780, to: 1_080 },
      ],
    ],
    [
      'Fri-Sat 22:00-06:00 UTC',
      [
        { days: [5, 6], from: 1_320, to: 1_440 },
        { days: [0, 6], from: 0, to: 360 },
      ],
    ],
    ['Fri 18:00-00:00 UTC', [{ days: [5], from: 1_080, to: 1_440 }]],
    [
      ['Mon-Fri 09:00-18:00 UTC', 'Sat 10:00-14:00'],
      [
        { days: workdays, from: 540, to: 1_080 },
        { days: [6], from: 600, to: 840 },
      ],
    ],
  ])('%j', (hours, times) => {
    expect(configOf({ notify: ['ops'], hours }).config.routes[0]?.hours).toEqual({ zone: 'UTC', times });
  });
});

describe('what is never told', () => {
  test('75 routes after one that matches the same or everything, also inside of others', () => {
    const { warnings } = configOf({
      notify: ['ops', 'data', 'page', 'log'],
      escalate: 'platform',
      routes: [
        { match: { team: 'web' }, continue: true },
        { match: { team: 'web' } },
        { match: { team: 'web' } },
        { routes: [{ match: { severity: 'critical' } }] },
        { match: { team: 'data' } },
      ],
    });
    expect(warnings).toEqual([
      'routes[0].routes[2]: a route before routes[0].routes[1], which matches the same: this one is never reached',
      'routes[0].routes[4]: a route before routes[0].routes[3], which matches everything: this one is never reached',
    ]);
  });

  test('a channel is told by a route inside of another, a step, a person or as a fallback', () => {
    const { warnings } = resolved(
      defineConfig({
        name: 'acme',
        monitors,
        channels: {
          ops: slack({ fallback: 'spare' }),
          spare: slack(),
          inner: slack(),
          step: slack(),
          contact: slack(),
          unused: slack(),
        },
        people: { ana: { contacts: ['contact'] } },
        escalations: {
          platform: { steps: [{ after: '0s', notify: [{ person: 'ana' }, { channel: 'step' }] }] },
        },
        routes: [
          { notify: ['ops'], escalate: 'platform', routes: [{ match: { team: 'web' }, notify: ['inner'] }] },
        ],
        selfContact: { sms: ['+14155550100'] },
      }),
    );
    expect(warnings).toEqual([
      'channels.unused: a channel that a route names: this one is never told anything',
    ]);
  });

  test('75 policies, rotations and people that nothing leads to, and people on call whom nothing reaches', () => {
    const layer = { people: ['mia' as const], start: '2026-01-05T09:00', turn: '1w' as const };
    const { warnings } = resolved(
      defineConfig({
        name: 'acme',
        monitors,
        channels: { ops: slack() },
        people: { mia: {}, ben: {}, eva: { slack: 'U012AB3CD' } },
        rotations: {
          used: { zone: 'UTC', layers: [layer] },
          unused: { zone: 'UTC', layers: [layer] },
        },
        escalations: {
          used: { steps: [{ after: '0s', notify: [{ rotation: 'used' }] }] },
          unused: { steps: [{ after: '0s', notify: [{ channel: 'ops' }] }] },
        },
        routes: [{ notify: ['ops'], escalate: 'used' }],
        selfContact: { sms: ['+14155550100'] },
      }),
    );
    expect(warnings).toEqual([
      'escalations.unused: a policy that a route names: this one never begins',
      'rotations.unused: a rotation that an escalation policy names: whoever is on call in this one is told nothing',
      'people.ben: a person of a rotation or an escalation policy, or with a Slack id: this one is never asked for',
      'people.mia.contacts: a channel that reaches mia, who is on call: nobody is told when it is their turn',
    ]);
  });
});

describe('83 many routes', () => {
  test('eight levels may be nested', () => {
    const nested = (levels: number): RouteInput<Channel, 'platform'> =>
      levels === 1
        ? { match: { team: 'web' }, notify: ['data'] }
        : { notify: ['ops'], routes: [nested(levels - 1)] };
    expect(toldOf(nested(8))).toEqual({ 'web-shop': 'data', 'web-docs': 'data', etl: 'ops' });
  });

  test('ten thousand with patterns are read in seconds, and an incident finds its own at once', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => http(`m${i % 100}-${Math.floor(i / 100)}`, url));
    const routes = Array.from({ length: 100 }, (_, i) => ({
      match: { monitor: `=~ m${i}-.*` },
      notify: ['ops'],
      routes: Array.from({ length: 100 }, (_, k) => ({
        match: { monitor: k % 2 ? `m${i}-${k % 10}` : `=~ m${i}-(${k % 10}|x)` },
      })),
    }));
    const started = performance.now();
    const { config } = resolved({ name: 'acme', monitors: many, channels, routes });
    expect(performance.now() - started).toBeLessThan(10_000);
    const found = () => routesFor(config.routes, { monitor: 'm99-9' }).map(({ path }) => path);
    expect(found()).toEqual(['routes[99].routes[9]']);
    const again = performance.now();
    for (let i = 0; i < 100; i++) found();
    expect((performance.now() - again) / 100).toBeLessThan(10);
  });
});

describe('what routing cannot be', () => {
  const folder = new URL('../fixtures/config/invalid/', import.meta.url);

  test.each([
    [71, 'route-hours-invalid', 'routes[0].routes[5].hours'],
    [75, 'routes-faulty-in-a-deep-branch', 'routes[0].routes[0].routes[0]'],
    [75, 'route-to-nobody', 'routes[0].notify'],
    [75, 'channel-id-invalid', 'channels'],
    [76, 'routes-no-list', 'routes'],
    [77, 'route-group-by-invalid', 'routes[0].groupBy[1]'],
    [78, 'route-timing-invalid', 'routes[0].groupInterval'],
    [79, 'channel-webhook-in-clear', 'channels.ops.webhook'],
    [79, 'url-with-credentials', 'monitors'],
    [79, 'url-private', 'monitors'],
    [80, 'slack-bot-with-a-webhook', 'channels.ops.webhook'],
    [81, 'unknown-top-level-field', 'chanels'],
    [82, 'empty-object', 'name'],
    [83, 'routes-nested-too-deep', 'routes[0].routes[0].routes[0].routes[0].routes[0].routes[0].routes[0]'],
  ])('%i %s is refused, telling where: %s', async (_, name, place) => {
    const file = await loadConfigFile(new URL(`${name}.config.ts`, folder).pathname);
    const result = resolve(file, { local: false });
    const places = 'problems' in result ? result.problems.map(({ path }) => path) : [];
    expect(places.filter((path) => path.startsWith(place))).not.toEqual([]);
  });

  test('82 a file that exports nothing is refused', () => {
    expect(resolve(undefined, { local: false })).toMatchObject({ problems: [{ path: 'the file' }] });
  });

  test('of many names that could stand there, some are shown', () => {
    const many = Array.from({ length: 50 }, (_, i) => http(`m${i}`, url));
    const result = resolve(
      { name: 'acme', monitors: many, channels, routes: [{ match: { monitor: 'x' }, notify: ['ops'] }] },
      { local: false },
    );
    expect(result).toMatchObject({
      problems: [{ allowed: expect.stringMatching(/^one of m0, .*m19 and 30 more$/) }],
    });
  });
});
