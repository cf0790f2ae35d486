import fc from 'fast-check';
import { defineConfig, group, http, secret, slack } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';

const url = 'https://www.example.com';

function resolved(input: unknown, local = false) {
  const result = resolve(input, { local });
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n\n'));
  return result.config;
}

test('people, rotations and policies are complete and in milliseconds', () => {
  const config = resolved(
    defineConfig({
      name: 'acme',
      monitors: [http('web', url)],
      channels: { ops: slack({ fallback: 'ana' }), ana: slack({ webhook: secret('ana') }) },
      people: { ana: { contacts: ['ana'] }, ben: { name: 'Ben', slack: 'U012AB3CD' } },
      rotations: {
        platform: {
          zone: 'Europe/Madrid',
          layers: [
            { people: ['ana', 'ben'], start: '2026-01-05T09:00', turn: '2w' },
            { people: ['ben'], start: '2026-01-05T09:00', turn: '12h', hours: 'Sat-Sun 22:00-02:00' },
          ],
        },
      },
      escalations: {
        platform: {
          steps: [
            { after: '0s', notify: [{ rotation: 'platform' }] },
            { after: '15m', notify: [{ person: 'ben' }, { channel: 'ops' }] },
          ],
          repeat: 2,
          acknowledgedFor: '30m',
        },
        short: { steps: [{ after: '5m', notify: [{ channel: 'ops' }] }] },
      },
      reopenWithin: '0s',
    }),
  );
  expect(config.channels.map(({ id, fallback }) => [id, fallback])).toEqual([
    ['ops', 'ana'],
    ['ana', undefined],
  ]);
  expect(config.reopenWithin).toBe(0);
  expect(config.people).toEqual([
    { id: 'ana', name: 'ana', contacts: ['ana'] },
    { id: 'ben', name: 'Ben', contacts: [], slack: 'U012AB3CD' },
  ]);
  expect(config.rotations).toEqual([
    {
      id: 'platform',
      zone: 'Europe/Madrid',
      layers: [
        { people: ['ana', 'ben'], start: '2026-01-05T09:00', turn: { unit: 'days', count: 14 } },
        {
          people: ['ben'],
          start: '2026-01-05T09:00',
          turn: { unit: 'hours', count: 12 },
          hours: [
            { days: [0, 6], from: 1_320, to: 1_440 },
            { days: [0, 1], from: 0, to: 120 },
          ],
        },
      ],
    },
  ]);
  expect(config.escalations).toEqual([
    {
      policy: 'platform',
      steps: [
        { after: 0, notify: [{ rotation: 'platform' }] },
        { after: 900_000, notify: [{ person: 'ben' }, { channel: 'ops' }] },
      ],
      repeat: 2,
      acknowledgedFor: 1_800_000,
    },
    {
      policy: 'short',
      steps: [{ after: 300_000, notify: [{ channel: 'ops' }] }],
      repeat: 0,
      acknowledgedFor: 0,
    },
  ]);
});

test('inhibitions have matchers as routes do', () => {
  const { inhibitions } = resolved(
    defineConfig({
      name: 'acme',
      monitors: [http('web', { url, labels: { team: 'web' } })],
      inhibitions: [
        { source: { monitor: 'web' }, target: { severity: 'medium', team: '!= ' }, equal: ['team'] },
      ],
    }),
  );
  expect(inhibitions).toEqual([
    {
      source: [{ label: 'monitor', operator: '=', values: ['web'] }],
      target: [
        { label: 'severity', operator: '=', values: ['warning'] },
        { label: 'team', operator: '!=', values: [''] },
      ],
      equal: ['team'],
    },
  ]);
});

describe('what monitors depend on', () => {
  const gateway = http('gateway', { url, localOnly: true });
  const file = defineConfig({
    name: 'acme',
    defaults: { dependsOn: ['gateway'] },
    monitors: [
      gateway,
      http('api', url),
      http('docs', { url, dependsOn: [] }),
      group('shop', {
        defaults: { dependsOn: ['database'] },
        monitors: [
          http('database', url),
          http('cart', url),
          http('home', { url, dependsOn: ['cart', 'api'] }),
        ],
      }),
    ],
  });
  const parents = (local: boolean) =>
    Object.fromEntries(resolved(file, local).monitors.map(({ id, dependsOn }) => [id, dependsOn]));

  test('is inherited, the nearest winning, and never a monitor itself', () => {
    expect(parents(true)).toEqual({
      gateway: undefined,
      api: ['gateway'],
      docs: undefined,
      database: undefined,
      cart: ['database'],
      home: ['cart', 'api'],
    });
  });

  test('is not what is left out of the stack', () => {
    expect(parents(false)).toMatchObject({ api: undefined, home: ['cart', 'api'] });
  });

  test('61 is refused exactly where it leads round in a circle', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const edges = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { maxLength: 12 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const parentsOf = (id: string) =>
          pairs.flatMap(([from, to]) => (from === id && to !== id ? [to] : []));
        const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
          parentsOf(from).some(
            (next) => next === to || (!seen.has(next) && reaches(next, to, new Set([...seen, next]))),
          );
        const monitors = ids.map((id) => http(id, { url, dependsOn: parentsOf(id) }));
        const isRound = ids.some((id) => reaches(id, id));
        expect('problems' in resolve({ name: 'acme', monitors }, { local: false })).toBe(isRound);
      }),
      { numRuns: 150 },
    );
  });
});
