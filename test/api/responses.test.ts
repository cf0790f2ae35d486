import { describe, expect, test } from 'vitest';
import type { Ports } from '../../shared/api/ports.ts';
import { windowPorts } from '../support/suppression.ts';
import { config, incident, now, resolved } from './fixtures.ts';
import { open } from './requests.ts';

const hour = 3_600_000;

const read = async (more: Partial<Ports> = {}, query = '') => {
  const answer = await open(more).get(`/api/responses${query}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('GET /api/responses', () => {
  test('tells how the incidents of the last 30 days were answered', async () => {
    const { body } = await read();
    expect(body).toMatchObject({
      from: new Date(now - 30 * 24 * hour).toISOString(),
      to: new Date(now).toISOString(),
      incidents: 2,
      open: 1,
      acknowledged: 0,
      mtta: null,
      mttr: 380_000,
      failures: 2,
      downtime: 380_000 + 48_000,
      inTime: 1,
      waiting: 1,
    });
    expect(body.byService).toMatchObject([{ service: 'web', incidents: 2, mtta: null }]);
  });

  test('of one service, and of a time', async () => {
    expect((await read({}, '?service=billing')).body).toMatchObject({ incidents: 0, mtbf: null });
    expect((await read({}, '?from=2026-11-20')).body).toMatchObject({ incidents: 1, open: 1 });
  });

  test('an incident that is open counts as downtime, however long ago it opened', async () => {
    const old = { ...incident, openedAt: now - 300 * 24 * hour };
    const { body } = await read({
      listOpenIncidents: async () => [old],
      listIncidentsBetween: async () => [],
    });
    expect(body).toMatchObject({ incidents: 0, downtime: 30 * 24 * hour });
  });

  test('planned work counts where all that is asked for was worked on', async () => {
    const window = { id: 'w', monitors: ['website'], from: now - 2 * hour, to: now - hour, by: 'ana' };
    const some = await read({ maintenance: windowPorts(() => now, config, window) });
    expect(some.body).toMatchObject({ maintenance: 0 });
    const all = { ...window, monitors: config.monitors.map(({ id }) => id) };
    expect((await read({ maintenance: windowPorts(() => now, config, all) })).body).toMatchObject({
      maintenance: hour,
    });
    const nightly = {
      id: 'nightly',
      match: [],
      monitors: all.monitors,
      begins: { cron: '0 2 * * *' },
      zone: 'UTC',
      duration: hour,
    };
    const planned = await read({ config: { ...config, maintenance: [nightly] } }, '?from=2026-11-18');
    expect(planned.body).toMatchObject({ maintenance: 3 * hour });
  });

  test.each(['?from=2026-11-20&to=2026-11-19', '?from=2025-01-01', '?from=soon'])(
    'refuses %s',
    async (query) => {
      expect((await read({}, query)).status).toBe(400);
    },
  );
});

describe('the page', () => {
  test('shows the numbers, and — where there is nothing to average', async () => {
    const page = await (await open().get('/responses')).text();
    expect(page).toContain('Time to acknowledge');
    expect(page).toMatch(/Time to acknowledge<\/dt><dd>— <small>2 not acknowledged/);
    expect(page).toMatch(/Time to resolve<\/dt><dd>6 min 20 s/);
    expect(page).toContain('1 of 1');
  });

  test('is of the days and the service chosen', async () => {
    const page = await (await open().get('/responses?days=7&service=nothing')).text();
    expect(page).toContain('No incident opened in these 7 days');
    const spans: number[] = [];
    const listIncidentsBetween: Ports['listIncidentsBetween'] = async (from, to) => {
      spans.push(to - from);
      return [resolved];
    };
    await open({ listIncidentsBetween }).get('/responses?days=90');
    expect(spans).toEqual([(90 + 31) * 24 * hour]);
  });
});
