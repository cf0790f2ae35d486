import { describe, expect, it } from 'vitest';
import type { Level, Monitor } from '../../shared/config/config.ts';
import { documentsOf } from '../../shared/history/emission.ts';
import type { NowItem } from '../../shared/history/history.ts';
import { applyBatch } from '../../shared/history/now.ts';
import { emfLine } from '../../shared/metrics/emf.ts';
import type { Component, Observation, Outcome } from '../../shared/monitors/observation.ts';
import { aMonitor } from '../support/monitor.ts';

const noon = Date.UTC(2026, 10, 20, 12);

function emitted(
  level: Level,
  outcomes: Outcome[],
  every = 60_000,
  details: Partial<Observation> = {},
  changes: Partial<Monitor> = {},
) {
  const monitors = new Map([['web', aMonitor({ every, ...changes })]]);
  let before: NowItem | undefined;
  return outcomes.map((outcome, n) => {
    const slot = noon + n * every;
    const observation = { monitor: 'web', at: slot, outcome, responseTime: 40, ...details };
    const batch = { version: 1 as const, location: 'home', shard: 's', slot, observations: [observation] };
    const documents = documentsOf({ name: 'acme', level }, monitors, batch, before);
    before = applyBatch(before, batch, every);
    return documents.map((document) => document.values);
  });
}

describe('the metrics of an observation', () => {
  it('are a vote and the response time at level standard', () => {
    expect(emitted('standard', ['up', 'down'])).toEqual([
      [{ Failed: 0, ResponseTime: 40 }],
      [{ Failed: 1, ResponseTime: 40 }],
    ]);
  });

  it('are none for unknown: our own fault is no vote', () => {
    expect(emitted('detailed', ['unknown'])).toEqual([[]]);
  });

  it('have no response time where nothing answered', () => {
    expect(emitted('standard', ['down'], 60_000, { reason: 'response-timeout' })).toEqual([[{ Failed: 1 }]]);
  });

  it('at level lean are votes while failing and for the alarm window after, so that a recovery is a written 0', () => {
    expect(emitted('lean', ['up', 'down', 'down', 'up', 'up', 'up', 'up', 'up'])).toEqual([
      [],
      [{ Failed: 1 }],
      [{ Failed: 1 }],
      [{ Failed: 0 }],
      [{ Failed: 0 }],
      [{ Failed: 0 }],
      [],
      [],
    ]);
  });

  it('have the Web Vitals that the config names, at level detailed all', () => {
    const vitals = { lcp: 1_200, fcp: 600, ttfb: 90, cls: 0.02 };
    const named = (...names: string[]) => ({ kind: 'browser', settings: { vitals: names } });
    const values = (level: Level, changes: Partial<Monitor>) =>
      emitted(level, ['up'], 60_000, { vitals }, changes)[0]![0];

    expect(values('standard', named())).toEqual({ Failed: 0, ResponseTime: 40 });
    expect(values('standard', named('lcp', 'cls'))).toEqual({
      Failed: 0,
      ResponseTime: 40,
      LargestContentfulPaint: 1_200,
      CumulativeLayoutShift: 0.02,
    });
    expect(values('detailed', named())).toMatchObject({ FirstContentfulPaint: 600, TimeToFirstByte: 90 });
    expect(emitted('lean', ['up'], 60_000, { vitals }, named('lcp'))).toEqual([[]]);
  });

  it('have the phases by location at level detailed', () => {
    const timings = { dns: 1, connect: 2, firstByte: 3 };
    const [documents] = emitted('detailed', ['up'], 60_000, { timings });
    expect(documents).toEqual([
      { Failed: 0, ResponseTime: 40 },
      { Dns: 1, Connect: 2, FirstByte: 3 },
    ]);
  });

  it.each([
    ['CertificateDaysLeft', { certificateDaysLeft: 30 }],
    ['CertificateEarliestDaysLeft', { certificates: { leaf: 90, earliest: 30 } }],
    ['CertificateChainDaysLeft', { certificates: { leaf: 90, earliest: -2, chain: 30 } }],
    ['DomainDaysLeft', { domainDaysLeft: 30 }],
  ] as const)(
    'tell %s at level detailed, on the first slot of a day and of a new monitor only',
    (name, details) => {
      const values = emitted('detailed', Array<Outcome>(13).fill('up'), 3_600_000, details).flat();
      expect(values.map((value) => value[name])).toEqual([30, ...Array(11).fill(undefined), 30]);
    },
  );

  const alert = { failing: 2, of: 3, severity: 'critical' as const };
  const told = { degraded: [], alert: { ...alert, degraded: { ...alert, severity: 'warning' as const } } };

  it('have a vote on being degraded where an alarm reads it, and none while it is down', () => {
    const none = { reason: 'response-timeout' as const };
    expect(emitted('standard', ['up', 'degraded', 'down'], 60_000, none, told)).toEqual([
      [{ Failed: 0, Degraded: 0 }],
      [{ Failed: 0, Degraded: 1 }],
      [{ Failed: 1 }],
    ]);
  });

  it.each<[Level, Partial<Monitor>, boolean]>([
    ['standard', { degraded: [] }, false],
    ['standard', {}, false],
    ['detailed', { degraded: [] }, true],
    ['detailed', {}, false],
  ])('at level %s of a monitor with %j have a vote on being degraded: %s', (level, changes, expected) => {
    const [[values]] = emitted(level, ['up'], 60_000, {}, changes) as [[object]];
    expect('Degraded' in values).toBe(expected);
  });

  it('at level lean have that vote while it is degraded and for the window of its alarm after', () => {
    expect(emitted('lean', ['up', 'degraded', 'up', 'up', 'up', 'up'], 60_000, {}, told)).toEqual([
      [],
      [{ Degraded: 1 }],
      [{ Degraded: 0 }],
      [{ Degraded: 0 }],
      [{ Degraded: 0 }],
      [],
    ]);
  });

  const health = { kind: 'health', settings: { components: ['database', 'cache', 'gone'] } };
  const components: Component[] = [
    { name: 'cache', outcome: 'down' },
    { name: 'queue', outcome: 'degraded', latency: 9 },
    { name: 'database', outcome: 'up', latency: 4 },
    { name: 'größe', outcome: 'unknown', latency: 2 },
  ];

  it.each<[Level, object[]]>([
    ['lean', []],
    ['standard', [{ ComponentUp: 0 }, { ComponentUp: 1, ComponentLatency: 4 }]],
    [
      'detailed',
      [
        { ComponentUp: 0 },
        { ComponentUp: 1, ComponentLatency: 9 },
        { ComponentUp: 1, ComponentLatency: 4 },
        { ComponentLatency: 2 },
      ],
    ],
  ])(
    'at level %s have those of components that the config names, at level detailed of all',
    (level, expected) => {
      const [documents = []] = emitted(level, ['up'], 60_000, { components }, health);
      expect(documents.filter((values) => !('Failed' in values))).toEqual(expected);
    },
  );

  it('name a component in the characters that CloudWatch takes', () => {
    const batch = {
      version: 1 as const,
      location: 'home',
      shard: 's',
      slot: noon,
      observations: [{ monitor: 'web', at: noon, outcome: 'up' as const, components }],
    };
    const documents = documentsOf(
      { name: 'acme', level: 'detailed' },
      new Map([['web', aMonitor(health)]]),
      batch,
      undefined,
    );
    const names = documents.flatMap(({ dimensions }) => dimensions.Component ?? []);
    expect(names).toEqual(['cache', 'queue', 'database', 'gr??e']);
    expect(emfLine(documents.at(-1)!)).toContain('ComponentLatency');
  });

  it.each([
    [10_000, 1],
    [60_000, undefined],
  ])('of a check every %i ms have the storage resolution %s', (every, resolution) => {
    const observation = { monitor: 'web', at: noon, outcome: 'up' as const };
    const batch = {
      version: 1 as const,
      location: 'home',
      shard: 's',
      slot: noon,
      observations: [observation],
    };
    const [document] = documentsOf(
      { name: 'acme', level: 'standard' },
      new Map([['web', aMonitor({ every })]]),
      batch,
      undefined,
    );
    const [metric] = JSON.parse(emfLine(document!)!)._aws.CloudWatchMetrics[0].Metrics;
    expect(metric.StorageResolution).toBe(resolution);
  });
});
