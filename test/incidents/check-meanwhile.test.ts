import { describe, expect, test } from 'vitest';
import type { Config, Monitor } from '../../shared/config/config.ts';
import type { RunRequest } from '../../shared/history/history.ts';
import { checkedMeanwhile, checkMeanwhile } from '../../shared/incidents/check-meanwhile.ts';
import type { AlarmRecord, Incident } from '../../shared/incidents/incident.ts';
import { config, monitor, start } from './signals.ts';

const slow = (id: string, more: Partial<Monitor> = {}) =>
  monitor(id, 'critical', { every: 300_000, ...more });

describe('a monitor is checked more often while a critical incident about it lasts', () => {
  test.each<[string, Partial<Monitor>, boolean]>([
    ['checked every five minutes', {}, true],
    ['checked every minute', { every: 60_000 }, false],
    ['checked every ten seconds', { every: 10_000 }, false],
    ['of a lesser severity', { alert: { failing: 2, of: 3, severity: 'high' } }, false],
    [
      'whose degraded alarm is the critical one',
      {
        alert: {
          failing: 2,
          of: 3,
          severity: 'high',
          degraded: { failing: 1, of: 1, severity: 'critical' },
        },
      },
      true,
    ],
    ['that wants none of it', { onIncident: { check: 0 } }, false],
    ['that is paused by the config', { enabled: false }, false],
    ['that is a job: no probe checks it', { kind: 'heartbeat' }, false],
  ])('%s: %j is %s', (_, more, isChecked) => {
    expect(checkedMeanwhile({ monitors: [slow('api', more)] })).toHaveLength(isChecked ? 1 : 0);
  });
});

const firing = (id: string, incident = `about-${id}`): AlarmRecord => {
  const alarm = `arn:${id}`;
  const name = `acme/monitor/${id}`;
  const alert = { alarm, name, startedAt: start, reason: '', sequence: 1 };
  return { key: alarm, state: 'ALARM', at: start, incident, alert };
};

/** Ports that keep which runs were started. */
function world(monitors: Monitor[], more: Partial<Incident> = {}) {
  const kept = new Set<string>();
  const started: RunRequest[] = [];
  let now = start;
  const ports = {
    config: { ...config, monitors } as Config,
    now: () => now,
    readIncident: async (id: string) =>
      ({ id, status: 'triggered', severity: 'critical', ...more }) as Incident,
    putMeanwhile: async (incident: string, { id }: RunRequest) => {
      const isNew = !kept.has(incident + id);
      kept.add(incident + id);
      return isNew;
    },
    startRun: async (run: RunRequest) => void started.push(run),
  };
  return { ports, started, pass: (seconds: number) => (now = start + seconds * 1_000) };
}

describe('checks meanwhile', () => {
  test('are asked for once a minute, from every location that checks it', async () => {
    const { ports, started, pass } = world([slow('api')]);
    await checkMeanwhile(ports, [firing('api')]);
    pass(30);
    await checkMeanwhile(ports, [firing('api')]);
    pass(60);
    await checkMeanwhile(ports, [firing('api')]);
    expect(started).toMatchObject([
      { monitor: 'api', locations: ['home'], by: 'tocsin', at: start },
      { monitor: 'api', at: start + 60_000 },
    ]);
    expect(new Set(started.map(({ id }) => id)).size).toBe(2);
  });

  test.each<[string, Partial<Incident>, number]>([
    ['somebody is on it', { status: 'acknowledged' }, 1],
    ['a person resolved it', { status: 'resolved' }, 0],
    ['it is less than critical', { severity: 'high' }, 0],
    ['it is a test', { test: true }, 0],
  ])('while %s: %j makes %i', async (_, incident, runs) => {
    const { ports, started } = world([slow('api')], incident);
    await checkMeanwhile(ports, [firing('api')]);
    expect(started).toHaveLength(runs);
  });

  test('are made of twenty monitors at most, of each once, though two of its alarms fire', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `api-${n}`);
    const { ports, started } = world(ids.map((id) => slow(id)));
    const degraded = {
      ...firing('api-0'),
      alert: { ...firing('api-0').alert!, name: 'acme/monitor/api-0/degraded' },
    };
    await checkMeanwhile(ports, [degraded, ...ids.map((id) => firing(id, 'one-incident'))]);
    expect(started.map(({ monitor: id }) => id)).toEqual(ids.slice(0, 20));
  });

  test('leave alone what is checked every minute anyway, and what is not ours', async () => {
    const { ports, started } = world([slow('api'), slow('often', { every: 60_000 })]);
    const foreign = { ...firing('api'), alert: { ...firing('api').alert!, name: 'other/monitor/api' } };
    await checkMeanwhile(ports, [firing('often'), foreign]);
    expect(started).toEqual([]);
  });
});
