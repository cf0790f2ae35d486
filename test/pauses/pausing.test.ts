import { describe, expect, it } from 'vitest';
import { IncidentRefusal } from '../../shared/incidents/errors.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import type { Pause } from '../../shared/pauses/pause.ts';
import { keepPauses, type PausePorts, pauseMonitor, resumeMonitor } from '../../shared/pauses/pausing.ts';
import { serveHistoryTable } from '../support/history-table.ts';
import { aMonitor } from '../support/monitor.ts';

const noon = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
const alert = { failing: 2, of: 3, severity: 'warning' as const };
const pause: Pause = { monitor: 'web', at: noon, by: 'Ana', reason: 'moving' };

/** A system with the monitor `web`, its pauses in a real table; `at` runs before a step with that name. */
async function system(at: Partial<Record<keyof PausePorts, () => Promise<unknown>>> = {}) {
  const table = await serveHistoryTable();
  const alarms = new Map([
    ['acme/monitor/web', { enabled: true, state: 'ALARM' }],
    ['acme/monitor/web/degraded', { enabled: true, state: 'ALARM' }],
  ]);
  const resolved: string[] = [];
  const ended: string[] = [];
  const told: string[][] = [];
  let clock = noon;
  let open: Incident | undefined;
  const before = async (step: keyof PausePorts) => {
    const hook = at[step];
    delete at[step];
    await hook?.();
  };
  const ports: PausePorts = {
    ...table,
    config: { name: 'acme', monitors: [aMonitor({ id: 'web', alert: { ...alert, degraded: alert } })] },
    now: () => clock,
    readPauses: async () => {
      await before('readPauses');
      return table.readPauses();
    },
    tellProbes: async (paused) => {
      await before('tellProbes');
      told.push([...paused]);
    },
    enableActions: async (names, enabled) => {
      await before('enableActions');
      for (const name of names) alarms.get(name)!.enabled = enabled;
    },
    setOk: async (name) => {
      await before('setOk');
      alarms.get(name)!.state = 'OK';
    },
    readOpen: async (group) => {
      await before('readOpen');
      return group === 'monitor/web' ? open : undefined;
    },
    resolve: async (id, actor, text) => {
      if (!open) throw new IncidentRefusal('already-resolved', id);
      open = undefined;
      resolved.push(`${id} by ${actor}: ${text}`);
    },
    endAlerts: async (names, reason) => {
      await before('endAlerts');
      ended.push(`${names}: ${reason}`);
    },
  };
  return {
    ports,
    table,
    resolved,
    ended,
    told,
    alarm: alarms.get('acme/monitor/web')!,
    degradedAlarm: alarms.get('acme/monitor/web/degraded')!,
    openIncident: () => {
      open = { id: 'i-1' } as Incident;
    },
    pass: (ms: number) => {
      clock += ms;
    },
    at,
  };
}

describe('pausing', () => {
  it('silences the alarm and resolves the open incident, once', async () => {
    const { ports, alarm, resolved, openIncident, table } = await system();
    openIncident();
    await pauseMonitor(ports, pause);
    await keepPauses(ports);

    expect(alarm).toEqual({ enabled: false, state: 'ALARM' });
    expect(resolved).toEqual(['i-1 by Ana: web is paused: moving']);
    expect(await table.readPauses()).toEqual([pause]);
  });

  it('ends what fires of it in incidents of groups, which are about others as well', async () => {
    const { ports, ended } = await system();
    await pauseMonitor(ports, pause);
    expect(ended).toEqual(['acme/monitor/web,acme/monitor/web/degraded: web is paused: moving, by Ana']);
  });

  it('has probes leave the target alone, and says so again every minute until it is resumed', async () => {
    const { ports, told } = await system();
    await pauseMonitor(ports, pause);
    await keepPauses(ports);
    await resumeMonitor(ports, 'web');
    await keepPauses(ports);

    expect(told).toEqual([['web'], ['web'], []]);
  });

  it('silences the alarm on being degraded as well, until it is resumed', async () => {
    const { ports, degradedAlarm } = await system();
    await pauseMonitor(ports, pause);
    expect(degradedAlarm).toEqual({ enabled: false, state: 'ALARM' });
    await resumeMonitor(ports, 'web');
    expect(degradedAlarm).toEqual({ enabled: true, state: 'OK' });
  });

  it('resolves what an alarm on its way opened a moment later', async () => {
    const { ports, resolved, openIncident } = await system();
    await pauseMonitor(ports, pause);
    openIncident();
    await keepPauses(ports);
    expect(resolved).toHaveLength(1);
  });

  it('silences the alarm again where a deployment has woken it', async () => {
    const { ports, alarm } = await system();
    await pauseMonitor(ports, pause);
    alarm.enabled = true;
    await keepPauses(ports);
    expect(alarm.enabled).toBe(false);
  });
});

describe('resuming', () => {
  it('wakes the alarm, sets it to OK so that it can fire anew, and forgets the pause', async () => {
    const { ports, alarm, table } = await system();
    await pauseMonitor(ports, pause);
    await resumeMonitor(ports, 'web');
    expect(alarm).toEqual({ enabled: true, state: 'OK' });
    expect(await table.readPauses()).toEqual([]);
  });

  it('of what is not paused changes nothing', async () => {
    const { ports, alarm } = await system();
    await resumeMonitor(ports, 'web');
    expect(alarm).toEqual({ enabled: true, state: 'ALARM' });
  });

  it('comes by itself, within a minute of the end', async () => {
    const { ports, alarm, pass } = await system();
    await pauseMonitor(ports, { ...pause, until: noon + 2 * minute });
    pass(minute);
    await keepPauses(ports);
    expect(alarm.enabled).toBe(false);
    pass(minute);
    await keepPauses(ports);
    expect(alarm).toEqual({ enabled: true, state: 'OK' });
  });

  it.each(['tellProbes', 'enableActions', 'setOk'] as const)(
    'that broke off at %s is completed a minute later',
    async (step) => {
      const { ports, alarm, table, at } = await system();
      await pauseMonitor(ports, pause);
      at[step] = async () => {
        throw new Error('CloudWatch is away');
      };
      await expect(resumeMonitor(ports, 'web')).rejects.toThrow('CloudWatch is away');
      await keepPauses(ports);
      expect(alarm).toEqual({ enabled: true, state: 'OK' });
      expect(await table.readPauses()).toEqual([]);
    },
  );

  it.each(['enableActions', 'readOpen'] as const)(
    'while reconcile is at %s leaves no alarm silent',
    async (step) => {
      const { ports, alarm, at } = await system();
      await pauseMonitor(ports, pause);
      at[step] = () => resumeMonitor(ports, 'web');
      await keepPauses(ports);
      expect(alarm.enabled).toBe(true);
    },
  );

  it('ends nothing of a pause that began meanwhile', async () => {
    const { ports, table, alarm, at, pass } = await system();
    await pauseMonitor(ports, pause);
    pass(minute);
    const second = { ...pause, at: noon + minute, by: 'Ben' };
    at.setOk = () => pauseMonitor(ports, second);
    await resumeMonitor(ports, 'web');
    await keepPauses(ports);
    expect(await table.readPauses()).toEqual([second]);
    expect(alarm.enabled).toBe(false);
  });
});

it('forgets the pause of a monitor that the config no longer has', async () => {
  const { ports, table } = await system();
  await table.putPause({ ...pause, monitor: 'gone' });
  await keepPauses(ports);
  expect(await table.readPauses()).toEqual([]);
});
