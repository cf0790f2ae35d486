import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { judgeHeartbeat } from '../../shared/heartbeats/judge.ts';
import {
  applyPing,
  emptyRecord,
  type HeartbeatRecord,
  maxPerMinute,
  type Ping,
  type Signal,
} from '../../shared/heartbeats/record.ts';
import { heartbeatSettings } from '../../shared/monitors/heartbeat/settings.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 20, 12);
const hourly = heartbeatSettings.parse({ period: '1h', grace: '10m' });

/** `12:00 start` and the like, of this day. */
function recordOf(...pings: string[]): HeartbeatRecord {
  return pings.reduce((record, text) => {
    const [time, signal, run] = text.split(' ');
    const at = Date.parse(`2026-11-20T${time}:00Z`);
    return applyPing(record, { at, signal: signal as Signal, ...(run && { run }) })!;
  }, emptyRecord);
}

const at = (time: string) => Date.parse(`2026-11-20T${time}:00Z`);

describe('a heartbeat that is due every hour, with ten minutes of grace', () => {
  test.each<[string, string[], string, string, string]>([
    ['was never pinged', [], '12:00', 'new', 'unknown'],
    ['only wrote to its log', ['11:00 log'], '12:00', 'new', 'unknown'],
    ['succeeded', ['12:00 success'], '12:59', 'up', 'up'],
    ['is a minute late', ['12:00 success'], '13:01', 'late', 'up'],
    ['is later than its grace', ['12:00 success'], '13:10', 'down', 'down'],
    ['is late, but has started', ['12:00 success', '13:05 start'], '13:11', 'started', 'up'],
    ['started too late', ['12:00 success', '13:10 start'], '13:11', 'down', 'down'],
    ['succeeded after it was down', ['12:00 success', '14:00 success'], '14:01', 'up', 'up'],
    ['failed', ['12:00 success', '12:30 fail'], '12:30', 'down', 'down'],
    ['failed and begins again', ['12:30 fail', '12:31 start'], '12:32', 'down', 'down'],
    ['failed and then succeeded', ['12:30 fail', '12:40 success'], '12:41', 'up', 'up'],
    ['runs for the first time', ['12:00 start'], '12:05', 'started', 'unknown'],
    ['did not end its first run', ['12:00 start'], '12:10', 'down', 'down'],
    ['did not end its run', ['11:50 success', '12:00 start'], '12:10', 'down', 'down'],
    [
      'began again instead of ending',
      ['11:50 success', '12:00 start', '12:09 start'],
      '12:10',
      'down',
      'down',
    ],
    ['ended another run than it began', ['12:00 start a', '12:01 success b'], '12:10', 'down', 'down'],
    ['ended its run without its name', ['12:00 start a', '12:01 success'], '12:10', 'up', 'up'],
    [
      'lost a run and ended the next',
      ['12:00 start a', '12:02 start b', '12:03 success b'],
      '12:30',
      'up',
      'up',
    ],
    ['lost a run and succeeds again', ['12:00 start a', '12:20 success b'], '12:21', 'up', 'up'],
  ])('that %s', (_, pings, now, state, outcome) => {
    expect(judgeHeartbeat(hourly, recordOf(...pings), at(now))).toMatchObject({ state, outcome });
  });

  it('says until when a success was expected, in the zone of its schedule', () => {
    const madrid = heartbeatSettings.parse({ cron: '0 14 * * *', zone: 'Europe/Madrid', grace: '30m' });
    const { message, expectedAt } = judgeHeartbeat(madrid, recordOf('12:00 success'), at('13:30'));
    expect(expectedAt).toBe(at('13:00'));
    expect(message).toMatch(/^expected by 2026-11-20 14:30 \S+, last success 2026-11-20 13:00 \S+$/);
  });

  it('keeps the end of what a failed run printed, and its exit code', () => {
    const body = `${'x'.repeat(9_000)} the reason`;
    const record = applyPing(emptyRecord, { at: noon, signal: 'fail', exitCode: 3, body })!;
    const { message, excerpt } = judgeHeartbeat(hourly, record, noon);
    expect(message).toBe('exited with 3 at 2026-11-20 12:00 UTC');
    expect(excerpt).toMatch(/^…x+ the reason$/);
    expect(excerpt).toHaveLength(500);
  });
});

it('takes no more than so many pings a minute, and again later', () => {
  let record = emptyRecord;
  for (let n = 0; n < maxPerMinute; n++) record = applyPing(record, { at: noon + n, signal: 'log' })!;
  expect(applyPing(record, { at: noon + 30_000, signal: 'fail' })).toBeUndefined();
  expect(applyPing(record, { at: noon + minute, signal: 'fail' })?.fail).toEqual({ at: noon + minute });
});

describe('whatever is pinged', () => {
  const signal = fc.constantFrom<Signal>('start', 'success', 'fail', 'log');
  const run = fc.constantFrom(undefined, 'a', 'b');
  const pings = fc
    .array(fc.record({ wait: fc.integer({ min: 1, max: 90 }), signal, run }), { maxLength: 15 })
    .map((steps) => {
      let now = noon;
      return steps.map(({ wait, signal, run }): Ping => {
        now += wait * minute;
        return { at: now, signal, ...(run && { run }) };
      });
    });
  const apply = (all: readonly Ping[], from = emptyRecord) =>
    all.reduce((record, ping) => applyPing(record, ping) ?? record, from);

  test('what is down stays down until a success, however time passes', () => {
    fc.assert(
      fc.property(pings, fc.array(fc.nat(600), { maxLength: 5 }), (all, waits) => {
        let record = emptyRecord;
        let isDown = false;
        for (const [n, ping] of all.entries()) {
          record = apply([ping], record);
          const until = all[n + 1]?.at ?? ping.at + 600 * minute;
          const moments = [0, ...waits]
            .map((wait) => Math.min(until - 1, ping.at + wait * minute))
            .sort((a, b) => a - b);
          if (ping.signal === 'success') isDown = false;
          for (const now of moments) {
            const { outcome } = judgeHeartbeat(hourly, record, now);
            if (isDown) expect(outcome).toBe('down');
            isDown = outcome === 'down';
          }
        }
      }),
    );
  });

  test('twice, or late, changes nothing about its last success and failure, and opens no run that ended', () => {
    fc.assert(
      fc.property(pings, fc.infiniteStream(fc.nat()), (all, random) => {
        const once = apply(all);
        const doubled = [...all, ...all].map((ping) => ({ ping, rank: random.next().value }));
        const shuffled = apply(doubled.sort((a, b) => a.rank - b.rank).map(({ ping }) => ping));
        expect(shuffled.success).toEqual(once.success);
        expect(shuffled.fail).toEqual(once.fail);
        for (const [name, { startedAt = 0, endedAt = 0 }] of Object.entries(once.runs))
          if (endedAt >= startedAt) expect(shuffled.runs[name]!.startedAt ?? 0).toBeLessThanOrEqual(endedAt);
      }),
    );
  });

  test('a success within its time is never called late by whoever looks', () => {
    fc.assert(
      fc.property(pings, fc.integer({ min: 0, max: 69 }), (all, minutes) => {
        const last = (all.at(-1)?.at ?? noon) + 1_000 * minute;
        const record = apply([{ at: last, signal: 'success' }], apply(all));
        expect(judgeHeartbeat(hourly, record, last + minutes * minute).outcome).toBe('up');
      }),
    );
  });
});
