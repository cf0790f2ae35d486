import type { IncidentEvent } from '../../shared/incidents/incident.ts';

/** Friday, 20 November 2026, 03:12:05 UTC. */
export const openedAt = Date.UTC(2026, 10, 20, 3, 12, 5);

/** The website of the quickstart broke: what it looks like, unless told otherwise. */
export function firing(
  incident: Partial<IncidentEvent['incident']> = {},
  event: Partial<IncidentEvent> = {},
): IncidentEvent {
  return {
    version: 1,
    id: '20261120-abcdefgh#4',
    sequence: 4,
    type: 'firing',
    reason: 'first',
    at: openedAt,
    system: 'acme',
    incident: {
      id: '20261120-abcdefgh',
      groupKey: 'monitor/website',
      subject: { type: 'monitor', id: 'website' },
      status: 'triggered',
      severity: 'critical',
      title: 'website is down',
      labels: { service: 'web', team: 'platform' },
      runbook: 'https://wiki.example.com/runbooks/website',
      openedAt,
      firing: 1,
      alerts: 1,
      revision: 1,
      evidence: {
        location: 'home',
        slot: openedAt - 5_000,
        observation: {
          monitor: 'website',
          at: openedAt - 5_000,
          outcome: 'down',
          reason: 'condition-failed',
          message: 'answered 503 Service Unavailable',
          failures: [
            { line: 'status == 200', seen: '503' },
            { line: 'json $.status == "healthy"', problem: 'body is not JSON' },
          ],
          responseTime: 214,
          timings: { dns: 1.8, connect: 12.4, tls: 31, firstByte: 168.2, transfer: 0.6 },
          address: '93.184.216.34',
          status: 503,
          excerpt: '<h1>503 Service Unavailable</h1>\r\n<p>upstream connect error</p>',
        },
      },
      ...incident,
    },
    receivers: ['ops', 'oncall'],
    links: {
      incident: 'https://console.example.com/incidents/20261120-abcdefgh',
      dashboard: 'https://console.example.com/dashboards?name=acme&range=1h',
    },
    ...event,
  };
}

/** It came back after 3 minutes and 20 seconds. */
export const resolved = (incident: Partial<IncidentEvent['incident']> = {}): IncidentEvent =>
  firing(
    {
      status: 'resolved',
      resolvedAt: openedAt + 200_000,
      resolvedBy: 'recovered',
      firing: 0,
      revision: 2,
      ...incident,
    },
    {
      id: '20261120-abcdefgh#7',
      sequence: 7,
      type: 'resolved',
      reason: 'resolved',
      at: openedAt + 200_000,
    },
  );

export const acknowledged = (): IncidentEvent =>
  firing(
    { status: 'acknowledged', acknowledgedAt: openedAt + 60_000, acknowledgedBy: 'ann' },
    { type: 'acknowledged', at: openedAt + 60_000, actor: 'ann', receivers: [] },
  );

export const commented = (): IncidentEvent =>
  firing({}, { type: 'commented', at: openedAt + 90_000, actor: 'ann', text: 'rolling back the release' });

export const severityChanged = (): IncidentEvent =>
  firing(
    { severity: 'warning' },
    {
      type: 'severity-changed',
      at: openedAt + 120_000,
      actor: 'ann',
      text: 'severity changed from critical to warning: only one of three nodes',
    },
  );

export const assigned = (): IncidentEvent =>
  firing(
    { assignee: 'ben' },
    { type: 'assigned', at: openedAt + 120_000, actor: 'ann', text: 'assigned to ben' },
  );

/** It is told again, for this reason, half an hour after it began. */
export const again = (
  reason: NonNullable<IncidentEvent['reason']>,
  incident: Partial<IncidentEvent['incident']> = {},
): IncidentEvent => firing({ revision: 2, ...incident }, { reason, at: openedAt + 30 * 60_000 });

/** Three of many that broke in the same minute. */
export function digest(reason: 'storm' | 'daily' = 'storm', open = 31): IncidentEvent {
  const { evidence, runbook, ...incident } = firing().incident;
  const due = openedAt + 55_000;
  return firing(
    {},
    {
      id: 'digest-ops-20261120T031300#1',
      type: 'digest',
      reason,
      at: due,
      receivers: ['ops'],
      incident: {
        ...incident,
        id: 'digest-ops-20261120T031300',
        title: '37 incidents began, 6 ended, 31 open',
        labels: {},
        firing: open,
      },
      digest: {
        from: openedAt - 5_000,
        to: due,
        opened: 37,
        resolved: 6,
        open,
        worst: [
          {
            id: '20261120-aaaaaaaa',
            title: 'website is down',
            severity: 'critical',
            status: 'triggered',
            openedAt,
          },
          {
            id: '20261120-bbbbbbbb',
            title: 'queue is late',
            severity: 'high',
            status: 'acknowledged',
            openedAt,
          },
          {
            id: '20261120-cccccccc',
            title: 'search is slow',
            severity: 'warning',
            status: 'resolved',
            openedAt,
            resolvedAt: openedAt + 30_000,
          },
        ],
      },
      links: { incident: 'https://console.example.com/incidents/20261120-abcdefgh' },
    },
  );
}

export const testEvent = (): IncidentEvent => firing({ title: 'Test alert' }, { reason: 'test' });

/** A health endpoint says that it is degraded, and why. */
export function degraded(): IncidentEvent {
  const { evidence } = firing().incident;
  const observation = {
    ...evidence!.observation,
    outcome: 'degraded' as const,
    reason: 'degraded' as const,
    message: 'health is degraded (status 503): cache unhealthy',
    failures: [],
    components: [
      { name: 'cache', outcome: 'down' as const, latency: 5_003, message: 'connection refused' },
      { name: 'queue', outcome: 'degraded' as const },
      { name: 'database', outcome: 'up' as const, latency: 4 },
    ],
  };
  return firing({
    title: 'website is degraded',
    groupKey: 'monitor/website/degraded',
    subject: { type: 'monitor', id: 'website', aspect: 'degraded' },
    severity: 'warning',
    evidence: { ...evidence!, observation },
  });
}
