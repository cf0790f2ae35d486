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
