import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Incident } from '../../shared/incidents/incident.ts';
import { coveredMs } from '../../shared/responses/intervals.ts';
import { type ReportInput, reportOf } from '../../shared/responses/responses.ts';
import { day, hour, incident, minute, november } from './incidents.ts';

const targets = { critical: 5 * minute, high: 30 * minute };

/** The report of November, seen from its end. */
const report = (incidents: Incident[], more: Partial<ReportInput> = {}) =>
  reportOf({
    incidents,
    targets,
    maintenance: [],
    span: { from: november, to: november + 30 * day },
    now: november + 30 * day,
    ...more,
  });

describe('110 time to acknowledge', () => {
  test('is the mean of those that were acknowledged, with how many were not beside it', () => {
    const some = [
      incident(0, { acked: 2, lasted: 10 }),
      incident(60, { acked: 4, lasted: 10 }),
      incident(120, { lasted: 10 }),
    ];
    expect(report(some)).toMatchObject({ mtta: 3 * minute, acknowledged: 2, unacknowledged: 1 });
  });

  test('is unknown where nobody acknowledged any, not 0', () => {
    const { mtta, unacknowledged } = report([incident(0, { lasted: 10 })]);
    expect([mtta, unacknowledged]).toEqual([undefined, 1]);
  });

  test('is of the first acknowledgement, whatever became of it', () => {
    const { acknowledgedAt, ...taken } = incident(0, { acked: 3 });
    expect(report([taken, { ...incident(9, { acked: 5 }), acknowledgedAt: november + day }])).toMatchObject({
      mtta: 4 * minute,
    });
  });

  test('is 0, not less, where the clock of CloudWatch is ahead of ours', () => {
    const early = { ...incident(10, { lasted: 1 }), firstAcknowledgedAt: november + 9 * minute };
    expect(report([{ ...early, resolvedAt: early.openedAt - 1 }])).toMatchObject({ mtta: 0, mttr: 0 });
  });
});

describe('110 time to resolve', () => {
  test('is until the last end: what was opened again goes on', () => {
    const again = incident(0, { lasted: 90, reopened: 2, reopenedAt: november + 60 * minute });
    expect(report([again])).toMatchObject({ mttr: 90 * minute, reopened: 1, open: 0 });
  });

  test('leaves out what is open', () => {
    expect(report([incident(0, { lasted: 30 }), incident(50)])).toMatchObject({
      mttr: 30 * minute,
      open: 1,
      incidents: 2,
    });
    expect(report([incident(0)]).mttr).toBeUndefined();
  });
});

describe('110 time between failures', () => {
  test('is unknown without any, and with one the time that was up', () => {
    expect(report([])).toMatchObject({ failures: 0, downtime: 0, incidents: 0 });
    expect(report([]).mtbf).toBeUndefined();
    expect(report([incident(0, { lasted: 60 })])).toMatchObject({ failures: 1, mtbf: 30 * day - hour });
  });

  test('counts downtimes that overlap once, and planned work that falls into them', () => {
    const some = [incident(0, { lasted: 60 }), incident(30, { lasted: 60 })];
    const maintenance = [{ from: november + hour, to: november + 3 * hour }];
    expect(report(some, { maintenance })).toMatchObject({
      downtime: 90 * minute,
      maintenance: 2 * hour,
      mtbf: (30 * day - 3 * hour) / 2,
    });
  });

  test('leaves out what was degraded, and what was about Tocsin itself', () => {
    const degraded = incident(0, {
      lasted: 60,
      subject: { type: 'monitor', id: 'a', aspect: 'degraded' },
    });
    const own = incident(0, { lasted: 60, subject: { type: 'self', id: 'blind-home-60s-0' } });
    expect(report([degraded, own])).toMatchObject({ incidents: 2, failures: 0, downtime: 0 });
  });

  test('is never less than nothing', () => {
    const all = Array.from({ length: 3 }, () => incident(-day / minute, { lasted: (60 * day) / minute }));
    expect(report([...all, incident(0, { lasted: (60 * day) / minute })]).mtbf).toBe(0);
  });
});

describe('74 an incident over the border of a month', () => {
  const over = incident(-60, { acked: 5, lasted: 180 });
  const october = { span: { from: november - 31 * day, to: november } };

  test('belongs to the month in which it opened, with all that became of it', () => {
    expect(report([over], october)).toMatchObject({ incidents: 1, mttr: 3 * hour, failures: 1 });
    expect(report([over])).toMatchObject({ incidents: 0, acknowledged: 0, failures: 0 });
  });

  test('is downtime of both, each with its part', () => {
    expect(report([over], october).downtime).toBe(hour);
    expect(report([over]).downtime).toBe(2 * hour);
  });

  test('that is open lasts until now, and what is to come is no part of the month', () => {
    const now = november + hour;
    expect(report([incident(-60)], { now })).toMatchObject({ to: now, downtime: hour, maintenance: 0 });
  });
});

describe('a target', () => {
  test.each([
    ['acknowledged in time', { acked: 5, lasted: 60 }, 'inTime'],
    ['over in time', { lasted: 4 }, 'inTime'],
    ['acknowledged too late', { acked: 6, lasted: 60 }, 'late'],
    ['never acknowledged', { lasted: 60 }, 'late'],
    ['open for too long', {}, 'late'],
  ] as const)('of an incident that was %s', (_, more, counted) => {
    const expected = { inTime: 0, late: 0, waiting: 0, [counted]: 1 };
    expect(report([incident(0, { severity: 'critical', ...more })])).toMatchObject(expected);
  });

  test('that may still be met is waited for', () => {
    const now = november + 5 * minute;
    expect(report([incident(0)], { now })).toMatchObject({ waiting: 1, late: 0 });
    expect(report([incident(0)], { now: now + 1 })).toMatchObject({ waiting: 0, late: 1 });
  });

  test('is only missed where there is one', () => {
    expect(report([incident(0, { severity: 'info', lasted: 99 })])).toMatchObject({ inTime: 0, late: 0 });
  });
});

test('tests of alerts are no incidents', () => {
  expect(report([incident(0, { lasted: 1, test: true })])).toMatchObject({ incidents: 0, downtime: 0 });
});

test('severities are listed from the worst, services by how many incidents they had', () => {
  const labelled = (service: string) => incident(0, { lasted: 1, labels: { service } });
  const some = [labelled('billing'), labelled('web'), labelled('web'), incident(0, { labels: {} })];
  const { bySeverity, byService } = report(some);
  expect(bySeverity.map(({ severity, incidents, target }) => [severity, incidents, target])).toEqual([
    ['critical', 4, 5 * minute],
    ['high', 0, 30 * minute],
    ['warning', 0, undefined],
    ['info', 0, undefined],
  ]);
  expect(byService.map(({ service, incidents }) => [service, incidents])).toEqual([
    ['web', 2],
    [undefined, 1],
    ['billing', 1],
  ]);
});

const intervals = fc.array(
  fc
    .tuple(fc.integer({ min: -50, max: 150 }), fc.integer({ min: 0, max: 80 }))
    .map(([from, length]) => ({ from, to: from + length })),
);

test('covered time is what a count of every moment says', () => {
  const frame = { from: 0, to: 100 };
  fc.assert(
    fc.property(intervals, (some) => {
      const moments = Array.from({ length: 100 }, (_, at) => at);
      const inside = moments.filter((at) => some.some(({ from, to }) => from <= at && at < to));
      expect(coveredMs(some, frame)).toBe(inside.length);
    }),
  );
});

test('74 incidents, failures and downtimes of two spans in a row add up to those of both', () => {
  const story = fc.array(
    fc.record({
      opened: fc.integer({ min: -2_000, max: 4_000 }),
      lasted: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: undefined }),
      acked: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
    }),
  );
  fc.assert(
    fc.property(story, fc.integer({ min: 0, max: 4_000 }), (told, border) => {
      const some = told.map(({ opened, lasted, acked }) =>
        incident(opened, {
          ...(lasted !== undefined && { lasted }),
          ...(acked !== undefined && { acked }),
        }),
      );
      const [from, middle, to] = [0, border, 4_000].map((at) => november + at * minute) as [
        number,
        number,
        number,
      ];
      const of = (span: { from: number; to: number }) => report(some, { span });
      const [first, second, both] = [of({ from, to: middle }), of({ from: middle, to }), of({ from, to })];
      for (const count of ['incidents', 'failures', 'downtime', 'acknowledged', 'late'] as const)
        expect(first[count] + second[count]).toBe(both[count]);
      for (const { mtta = 0, mttr = 0, mtbf = 0 } of [first, second, both])
        expect(Math.min(mtta, mttr, mtbf)).toBeGreaterThanOrEqual(0);
    }),
  );
});
