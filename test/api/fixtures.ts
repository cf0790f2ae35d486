import type { Ports } from '../../shared/api/ports.ts';
import type { WholeIncident } from '../../shared/aws/incident-table.ts';
import type { Config, Monitor } from '../../shared/config/config.ts';
import { emptyRecord } from '../../shared/heartbeats/record.ts';
import { foldDay, foldHour, hourMs } from '../../shared/history/fold.ts';
import type { NowEntry, NowItem, RollupItem, SlotItem } from '../../shared/history/history.ts';
import { hoursFrom } from '../../shared/history/series.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import { shown } from '../../shared/incidents/transition/shown.ts';
import type { Observation, Outcome } from '../../shared/monitors/observation.ts';
import { deploymentPorts } from '../support/deployments.ts';
import { overridePorts } from '../support/oncall.ts';
import { plainAlerting } from '../support/routes.ts';
import { silencePorts, windowPorts } from '../support/suppression.ts';

/** 2026-11-20T05:10:58Z */
export const now = Date.UTC(2026, 10, 20, 5, 10, 58);

export const token = 'the-token';

export function monitor(id: string, more: Partial<Monitor> = {}): Monitor {
  return {
    id,
    kind: 'http',
    name: id,
    enabled: true,
    localOnly: false,
    every: 10_000,
    timeout: 5_000,
    alert: { failing: 2, of: 3, severity: 'critical' },
    quorum: 1,
    locations: ['home'],
    labels: { service: 'web', team: 'platform' },
    expect: [{ property: 'status', operator: '==', value: 200, line: 'status == 200' }],
    settings: {},
    ...more,
  };
}

export const website = monitor('website', {
  runbook: 'https://wiki.example.com/runbooks/website',
  expect: [
    { property: 'status', operator: '==', value: 200, line: 'status == 200' },
    { property: 'responseTime', operator: '<', value: 2_000, line: 'responseTime < 2s' },
    {
      property: 'json',
      argument: '$.status',
      operator: '==',
      value: 'healthy',
      line: 'json $.status == "healthy"',
    },
  ],
});

export const checkout = monitor('checkout', {
  name: 'Checkout API',
  every: 60_000,
  alert: { failing: 2, of: 3, severity: 'high' },
});

export const config: Config = {
  name: 'acme',
  stacks: 1,
  witness: [],
  level: 'standard',
  locations: [{ id: 'home' }],
  monitors: [checkout, website],
  channels: [],
  routes: [],
  ...plainAlerting,
  subscribers: { email: [], sms: [], https: [], minSeverity: 'info' },
  selfContact: { email: [], sms: [] },
};

const newestSlot = (every: number) => Math.floor(now / every) * every;

/** A smooth wave with some noise: response times that look like some. */
const responseTimeAt = (slot: number) =>
  Math.round(
    120 + 40 * Math.sin(slot / 4e6) + ((slot / 1_000) % 7) * 6 + ((slot / 10_000) % 41 === 0 ? 160 : 0),
  );

export function entry(outcomes: Outcome[], every: number, more: Partial<NowEntry> = {}): NowEntry {
  const newest = newestSlot(every);
  const recent: NowEntry['recent'] = outcomes.map((outcome, n) => {
    const slot = newest - (outcomes.length - 1 - n) * every;
    return [slot, outcome, outcome === 'unknown' ? null : responseTimeAt(slot)];
  });
  const outcome = outcomes.at(-1) ?? 'unknown';
  const since = newest - (outcomes.length - 1 - outcomes.findLastIndex((one) => one !== outcome) - 1) * every;
  return { outcome, since, responseTime: recent.at(-1)?.[2] ?? 0, recent, ...more };
}

export const nowItem = (every: number, monitors: Record<string, NowEntry>): NowItem => ({
  location: 'home',
  shard: `${every / 1_000}s-0`,
  every,
  slot: newestSlot(every),
  monitors,
});

/** Hours of slots, every minute, down where `isDown` says so. */
export function hoursOf(ids: string[], from: number, isDown: (slot: number) => boolean): RollupItem[] {
  const starts = Array.from({ length: Math.ceil((now - from) / hourMs) }, (_, n) => from + n * hourMs);
  return starts.map((start) => {
    const slots: SlotItem[] = Array.from({ length: 60 }, (_, n) => {
      const slot = start + n * 60_000;
      const result: [Outcome, number] = [isDown(slot) ? 'down' : 'up', responseTimeAt(slot)];
      return { slot, every: 60_000, results: Object.fromEntries(ids.map((id) => [id, result])) };
    });
    const known = slots.filter(({ slot }) => slot < now);
    return foldHour(
      's',
      start,
      ids.map((id) => ({ id, quorum: 1 })),
      known,
      now,
    );
  });
}

export const failing: Observation = {
  monitor: 'website',
  at: now - 9_000,
  outcome: 'down',
  reason: 'condition-failed',
  message: 'answered 503; 2 of 3 conditions failed',
  responseTime: 41.2,
  status: 503,
  address: '127.0.0.1:4510',
  timings: { dns: 1.2, connect: 0.6, firstByte: 38.1, transfer: 1.3 },
  failures: [
    { line: 'status == 200', seen: '503' },
    { line: 'json $.status == "healthy"', seen: 'unhealthy' },
  ],
  excerpt:
    '{"status":"unhealthy","checks":{"database":{"status":"unhealthy","latency":null}},"note":"<script>alert(1)</script>"}',
};

export const evidence = {
  location: 'home',
  slot: now - 10_000,
  observation: {
    ...failing,
    attempts: [
      {
        ...failing,
        at: now - 12_000,
        responseTime: 3.9,
        timings: { dns: 0.4, connect: 0.3, firstByte: 3, transfer: 0.2 },
      },
      failing,
    ],
  },
};

export const incident: Incident = {
  id: '20261120-k3p7qa2x',
  groupKey: 'monitor/website',
  subject: { type: 'monitor', id: 'website' },
  status: 'triggered',
  severity: 'critical',
  title: 'website is down',
  cause:
    'Threshold Crossed: 2 out of the last 3 datapoints were greater than or equal to the threshold (1.0)',
  labels: { service: 'web', team: 'platform', severity: 'critical' },
  runbook: 'https://wiki.example.com/runbooks/website',
  openedAt: now - 48_000,
  firing: 1,
  alerts: 1,
  plan: {
    route: 'routes[0]',
    groupKey: 'monitor/website',
    groupWait: 0,
    groupInterval: 300_000,
    repeatEvery: 14_400_000,
    receivers: [
      { channel: 'ops', sendResolved: true },
      { channel: 'oncall', sendResolved: true },
    ],
  },
  told: { ops: 1, oncall: 1 },
  announced: true,
  fresh: 0,
  gone: 0,
  due: {},
  revision: 1,
  sequence: 4,
  fence: 1,
  version: 2,
  evidence,
};

export const resolved: Incident = {
  ...incident,
  id: '20261118-aaaa2222',
  status: 'resolved',
  severity: 'high',
  title: 'Checkout API is down',
  openedAt: now - 40 * hourMs,
  resolvedAt: now - 40 * hourMs + 380_000,
  resolvedBy: 'recovered',
  firing: 0,
};

export const record: WholeIncident = {
  incident,
  alerts: [
    {
      alarm: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:acme/monitor/website',
      name: 'acme/monitor/website',
      startedAt: incident.openedAt,
      reason: incident.cause!,
      sequence: 1,
    },
  ],
  timeline: [
    {
      sequence: 1,
      at: incident.openedAt,
      type: 'opened',
      actor: 'cloudwatch',
      text: 'opened by acme/monitor/website',
    },
    {
      sequence: 2,
      at: incident.openedAt + 400,
      type: 'announced',
      actor: 'tocsin',
      text: 'announced to ops, oncall',
    },
    { sequence: 4, at: now - 20_000, type: 'commented', actor: 'Ada', text: 'Looking at the database.' },
  ],
  deliveries: [{ channel: 'ops', sentRevision: 1, newestRevision: 1, outcomes: {}, version: 2 }],
  effects: [
    {
      incident: incident.id,
      effect: {
        sequence: 3,
        kind: 'publish',
        event: {
          version: 1,
          id: '20261120-k3p7qa2x#3',
          sequence: 3,
          type: 'firing',
          reason: 'first',
          at: incident.openedAt + 400,
          system: 'acme',
          incident: shown(incident),
          receivers: ['ops', 'oncall'],
          links: {},
        },
      },
      pending: false,
      scheduled: false,
    },
  ],
  ledger: [
    {
      at: incident.openedAt + 700,
      event: '20261120-k3p7qa2x#3',
      revision: 1,
      channel: 'ops',
      type: 'firing',
      result: 'retry',
      status: 429,
      detail: 'again in 2 s',
    },
    {
      at: incident.openedAt + 2_900,
      event: '20261120-k3p7qa2x#3',
      revision: 1,
      channel: 'ops',
      type: 'firing',
      result: 'sent',
      status: 200,
    },
    {
      at: incident.openedAt + 3_100,
      event: '20261120-k3p7qa2x#3',
      revision: 1,
      channel: 'oncall',
      type: 'firing',
      result: 'sent',
      status: 200,
    },
  ],
};

/** A system with one monitor down, one up, and an open incident. */
export function fixturePorts(more: Partial<Ports> = {}): Ports {
  const border = hoursFrom(now);
  const hours = hoursOf(
    ['checkout'],
    border,
    (slot) => slot > now - 7 * hourMs && slot < now - 7 * hourMs + 660_000,
  );
  const websiteHours = hoursOf(['website'], border, (slot) => slot > now - 60_000);
  const yesterday = hoursOf(['checkout', 'website'], border - 24 * hourMs, () => false).slice(0, 24);
  return {
    config,
    now: () => now,
    readNow: async () => [
      nowItem(10_000, {
        website: entry(
          [...Array<Outcome>(24).fill('up'), 'degraded', 'up', 'down', 'down', 'down', 'down'],
          10_000,
          {
            message: failing.message!,
          },
        ),
      }),
      nowItem(60_000, {
        checkout: entry(Array<Outcome>(30).fill('up'), 60_000, { certificateDaysLeft: 61 }),
      }),
    ],
    readRollups: async (period) =>
      period === 'HOUR' ? [...hours, ...websiteHours] : [foldDay('s', border - 24 * hourMs, yesterday)],
    readHeartbeat: async () => ({
      record: emptyRecord,
      pings: [],
      url: 'https://tocsin.example.com/ping/token',
    }),
    readLedger: async () => [],
    readEvidence: async (id) => (id === 'website' ? [evidence] : []),
    readScreenshot: async () => undefined,
    listOpenIncidents: async () => [incident],
    listIncidentsBetween: async (from, to) =>
      [resolved, incident].filter(({ openedAt }) => openedAt >= from && openedAt < to),
    listIncidents: async () => [incident, resolved],
    readIncident: async (id) =>
      id === incident.id ? record : id === resolved.id ? { ...record, incident: resolved } : undefined,
    act: async () => undefined,
    readPauses: async () => [],
    pause: async () => undefined,
    resume: async () => undefined,
    silences: silencePorts(() => now),
    maintenance: windowPorts(() => now, config),
    deployments: deploymentPorts(),
    overrides: overridePorts(),
    startRun: async () => 'run-1',
    alarms: { describeAlarm: async () => undefined, setAlarm: async () => undefined },
    readRun: async () => undefined,
    readMeanwhile: async () => [],
    describeAlarms: async () => [
      {
        name: 'acme/monitor/website',
        arn: record.alerts[0]!.alarm,
        state: 'ALARM',
        reason: incident.cause!,
        since: incident.openedAt,
        actionsEnabled: true,
      },
      {
        name: 'acme/monitor/checkout',
        arn: 'arn:b',
        state: 'OK',
        reason: 'Threshold Crossed: 1 datapoint was not greater than or equal to the threshold',
        since: now - 86_400_000,
        actionsEnabled: true,
      },
      {
        name: 'acme/self/probe-errors',
        arn: 'arn:c',
        state: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        since: now - 90_000_000,
        actionsEnabled: true,
      },
    ],
    readAdminToken: async () => token,
    readSecret: async (name) => `value of ${name}`,
    answerSlack: async () => undefined,
    report: () => {},
    ...more,
  };
}
