import { expect, test } from 'vitest';
import { applyEvent } from '../../shared/incidents/apply.ts';
import { endAlerts } from '../../shared/incidents/end-alerts.ts';
import { routeTo } from '../support/routes.ts';
import { config, signal } from './signals.ts';
import { track } from './tracking.ts';

test('ending the alerts of an alarm leaves its group to what else fires, and ends it where nothing does', async () => {
  const { ports: plain, table, at } = await track();
  const ports = { ...plain, config: { ...config, routes: [routeTo(['ops'], {}, { groupBy: ['team'] })] } };
  for (const id of ['website', 'search'])
    await applyEvent(ports, { type: 'alarm', signal: signal(id, 'ALARM', 0) });
  at(60);
  await endAlerts(ports, ['acme/monitor/website'], 'website is paused, by Ana');
  const [open] = await table.list();
  expect(open).toMatchObject({ status: 'triggered', firing: 1 });
  const { timeline } = (await table.readWhole(open!.id))!;
  expect(timeline.at(-1)!.text).toBe('acme/monitor/website: website is paused, by Ana');
  await endAlerts(ports, ['acme/monitor/website'], 'website is paused, by Ana');
  expect((await table.list())[0]!.version).toBe(open!.version);
  await endAlerts(ports, ['acme/monitor/search'], 'search is paused, by Ana');
  expect(await table.list()).toMatchObject([{ status: 'resolved', firing: 0 }]);
});
