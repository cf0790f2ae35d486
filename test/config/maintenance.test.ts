import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfigFile } from '../../infra/config-file.ts';
import type { ConfigInput } from '../../shared/config/builders.ts';
import { defineConfig, http } from '../../shared/config/index.ts';
import { resolve } from '../../shared/config/resolve.ts';

function windowsOf(maintenance: ConfigInput['maintenance'], local = false) {
  const resolved = resolve(
    defineConfig({
      name: 'acme',
      monitors: [
        http('api', { url: 'https://api.example.com', labels: { team: 'web' } }),
        http('shop', {
          url: 'https://shop.example.com',
          labels: { team: 'web' },
          alert: { severity: 'high' },
        }),
        http('demo', { url: 'http://localhost:4410', labels: { team: 'web' }, localOnly: true }),
        http('jobs', 'https://jobs.example.com'),
      ],
      maintenance: maintenance ?? [],
    }),
    { local },
  );
  if ('problems' in resolved) throw new Error(JSON.stringify(resolved.problems));
  return resolved.config.maintenance;
}

test('a window names its monitors, and says when in UTC unless it names a zone', () => {
  expect(
    windowsOf([{ monitors: ['api'], cron: ' 0  2 * * sun ', duration: '2h', comment: 'backups' }]),
  ).toEqual([
    {
      id: 'maintenance-1',
      monitors: ['api'],
      match: [],
      begins: { cron: '0 2 * * SUN' },
      zone: 'UTC',
      duration: 7_200_000,
      comment: 'backups',
    },
  ]);
});

test('a window of labels is of the monitors that have them, and one of no labels of all', () => {
  const zone = 'Europe/Madrid';
  const [web, all] = windowsOf([
    {
      id: 'move',
      match: { team: 'web', severity: '!= critical' },
      at: '2026-12-01T22:00',
      zone,
      duration: '1d',
    },
    { match: {}, at: '2026-12-01T22:00', duration: '1h' },
  ]);
  expect(web).toMatchObject({ id: 'move', monitors: ['shop'], zone, begins: { at: '2026-12-01T22:00' } });
  expect(all!.monitors).toEqual(['api', 'shop', 'jobs']);
});

test('what is left out of the stack is left out of its windows, and a window of nothing else with it', () => {
  const [once, ...others] = windowsOf([
    { monitors: ['demo'], at: '2026-12-01T22:00', duration: '1h' },
    { match: { team: 'web' }, at: '2026-12-01T22:00', duration: '1h' },
  ]);
  expect(once).toMatchObject({ id: 'maintenance-2', monitors: ['api', 'shop'] });
  expect(others).toEqual([]);
});

test.each(['0 0-6,22,23 * * MON-FRI', '30 2 1,15 JAN-MAR *', '0 2 29 2 *'])(
  '%s is a time of CloudWatch',
  (cron) => {
    expect(windowsOf([{ monitors: ['api'], cron, duration: '5m' }])[0]!.begins).toEqual({ cron });
  },
);

test('the example of the docs is a file that can be deployed', async () => {
  const file = new URL('../fixtures/cli/maintenance.config.ts', import.meta.url).pathname;
  const page = readFileSync(new URL('../../docs/silences-and-maintenance.md', import.meta.url), 'utf8');
  const shown = /```ts\n(.*?)```/s.exec(page)![1]!;
  expect(readFileSync(file, 'utf8').replaceAll(/^ {2}/gm, '')).toContain(shown);
  const resolved = resolve(await loadConfigFile(file), { local: false });
  expect(resolved).toMatchObject({
    config: { maintenance: [{ monitors: ['shop'] }, { id: 'move', monitors: ['api'] }] },
  });
});
