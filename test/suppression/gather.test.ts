import { expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import type { Alert, Incident } from '../../shared/incidents/incident.ts';
import { gatherSurroundings, type SurroundingsPorts } from '../../shared/suppression/gather.ts';
import type { Told } from '../../shared/suppression/surroundings.ts';
import { config, monitor } from '../api/fixtures.ts';

/** Ports over these alerts, and what was read by them. */
function reading(more: Partial<Config> = {}, alerts: Alert[] = []) {
  const read: string[] = [];
  const answer = <Answer>(what: string, result: Answer) => {
    read.push(what);
    return Promise.resolve(result);
  };
  const ports: SurroundingsPorts = {
    config: { ...config, ...more },
    readSilences: () => answer('silences', []),
    readWindows: () => answer('windows', []),
    readOpenIncidents: () => answer('open', []),
    readAlerts: () => answer('alerts', alerts),
    readMonitors: (ids) => answer(`monitors ${ids.join(', ')}`, []),
  };
  return { ports, read };
}

const about = (id: string): Told => ({ subject: { type: 'monitor', id }, labels: { monitor: id } });

test('without inhibitions and dependencies nothing but silences and windows is read', async () => {
  const { ports, read } = reading();
  const { firing } = await gatherSurroundings(ports, undefined, about('website'));
  expect(read).toEqual(['silences', 'windows']);
  expect(firing).toEqual([about('website')]);
});

test('the alerts of a group are read only where something may hold them back', async () => {
  const incident = { id: '1', alerts: 5_000, ...about('website') } as Incident;
  const { ports, read } = reading();
  await gatherSurroundings(ports, incident, about('checkout'));
  expect(read).toEqual(['silences', 'windows']);
});

test('inhibitions need what is open', async () => {
  const { ports, read } = reading({ inhibitions: [{ source: [], target: [], equal: [] }] });
  await gatherSurroundings(ports, undefined, about('website'));
  expect(read).toEqual(['silences', 'windows', 'open']);
});

test('a monitor that depends on others needs all of them, near and far', async () => {
  const monitors = [
    monitor('web', { dependsOn: ['api'] }),
    monitor('api', { dependsOn: ['database', 'web'] }),
    monitor('database'),
  ];
  const { ports, read } = reading({ monitors });
  await gatherSurroundings(ports, undefined, about('web'));
  expect(read).toEqual(['silences', 'windows', 'open', 'monitors web, api, database']);
  read.length = 0;
  await gatherSurroundings(ports, undefined, about('database'));
  expect(read).toEqual(['silences', 'windows']);
});

test('in a group every alert that fires counts, and the one that arrives', async () => {
  const alert = (id: string, endedAt?: number): Alert => ({
    alarm: `arn:${id}`,
    name: `acme/monitor/${id}`,
    startedAt: 1,
    reason: '',
    sequence: 1,
    ...(endedAt !== undefined && { endedAt }),
  });
  const inhibitions = [{ source: [], target: [], equal: [] }];
  const { ports } = reading({ inhibitions }, [alert('website'), alert('checkout', 2)]);
  const incident = { id: '1', alerts: 2, ...about('website') } as Incident;
  const ids = async (...arriving: Told[]) =>
    (await gatherSurroundings(ports, incident, ...arriving)).firing.map(({ subject }) => subject.id);
  expect(await ids()).toEqual(['website']);
  expect(await ids(about('checkout'))).toEqual(['website', 'checkout']);
  const [website] = (await gatherSurroundings(ports, incident)).firing;
  expect(website!.labels).toMatchObject({ team: 'platform', monitor: 'website', severity: 'critical' });
});
