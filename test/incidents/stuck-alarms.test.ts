import { describe, expect, it } from 'vitest';
import type { DescribedAlarm } from '../../shared/aws/cloudwatch.ts';
import type { Config } from '../../shared/config/config.ts';
import type { NowEntry } from '../../shared/history/history.ts';
import { releaseStuckAlarms } from '../../shared/incidents/stuck-alarms.ts';
import { aConfig, aMonitor } from '../support/monitor.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const minute = 60_000;
const arn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:';

const firing = (name = 'acme/monitor/web', minutes = 60): DescribedAlarm => ({
  name,
  arn: arn + name,
  state: 'ALARM',
  reason: 'Threshold Crossed',
  since: now - minutes * minute,
  actionsEnabled: true,
});

/** What a location last saw of `web`, unless told: up, a minute ago, and never anything else. */
const seen = (entry: Partial<NowEntry> = {}, minutesAgo = 1) => ({
  slot: now - minutesAgo * minute,
  entry: { outcome: 'up', since: 0, recent: [], ...entry } as NowEntry,
});

type Seen = Record<string, ReturnType<typeof seen>>;

/** The alarms that are set to OK. Of three minutes an alarm looks at; three more may pass. */
async function released(last: Seen, alarm = firing(), changes: Partial<Config> = {}) {
  const set: string[] = [];
  const locations = Object.keys(last).map((id) => ({ id }));
  const monitors = [
    aMonitor({ locations: Object.keys(last), alert: { failing: 2, of: 3, severity: 'high' } }),
  ];
  const names = await releaseStuckAlarms(
    {
      config: aConfig({ locations, monitors, level: 'lean', ...changes }),
      now: () => now,
      async readNow(location, shard) {
        const { slot, entry } = last[location]!;
        return { location, shard, every: minute, slot, monitors: { web: entry } };
      },
      async setOk(name) {
        set.push(name);
      },
    },
    [alarm],
  );
  expect(names).toEqual(set);
  return set;
}

describe('an alarm that nobody would ever set to OK', () => {
  it('is that of a location that left the config while it saw a failure', async () => {
    expect(await released({ home: seen(), office: seen() })).toEqual(['acme/monitor/web']);
  });

  it('may be one for being degraded', async () => {
    const monitors = [
      aMonitor({
        alert: { failing: 2, of: 3, severity: 'high', degraded: { failing: 3, of: 5, severity: 'warning' } },
      }),
    ];
    const alarm = firing('acme/monitor/web/degraded');
    expect(await released({ home: seen() }, alarm, { monitors })).toEqual(['acme/monitor/web/degraded']);
    const degraded = seen({ outcome: 'degraded' });
    expect(await released({ home: degraded }, alarm, { monitors })).toEqual([]);
    expect(await released({ home: degraded }, firing(), { monitors })).toEqual(['acme/monitor/web']);
  });
});

describe('an alarm is left alone', () => {
  it.each<[string, Seen, DescribedAlarm?, Partial<Config>?]>([
    ['while one of its locations sees the failure', { home: seen(), office: seen({ outcome: 'down' }) }],
    ['while one of its locations knows nothing', { home: seen(), office: seen({ outcome: 'unknown' }) }],
    ['while one of its locations says nothing', { home: seen(), office: seen({}, 10) }],
    ['while it looks at slots that failed', { home: seen({ downAt: now - 5 * minute }) }],
    ['that has just begun', { home: seen() }, firing(undefined, 5)],
    ['whose monitor is paused', { home: seen() }, { ...firing(), actionsEnabled: false }],
    ['of a monitor that no longer is', { home: seen() }, firing('acme/monitor/gone')],
    ['about Tocsin itself', { home: seen() }, firing('acme/self/dead-man')],
    ['of somebody else', { home: seen() }, firing('other/monitor/web')],
    [
      'of a heartbeat',
      { home: seen() },
      firing('acme/monitor/backup'),
      { monitors: [aMonitor({ id: 'backup', kind: 'heartbeat' })] },
    ],
  ])('%s', async (_, last, alarm, changes) => {
    expect(await released(last, alarm, changes)).toEqual([]);
  });
});
