/** CloudWatch units we use. */
export type Unit = 'Count' | 'Milliseconds' | 'None';

export interface Metric {
  unit: Unit;
  /** Dimension names, in the order they are written. */
  dimensions: readonly string[];
  description: string;
}

/** Namespace of everything a system writes. */
export const namespaceOf = (name: string) => `Tocsin/${name}`;

const perLocation = ['Monitor', 'Location'] as const;

const perComponent = ['Monitor', 'Component'] as const;

/** Of the functions' own operation, e.g. `notify-slack`. Powertools names the dimension and always writes it. */
const perFunction = ['service'] as const;

/** Every metric of ours: emitters, alarms, dashboards and docs read their names, units and dimensions here. */
export const catalog = {
  Failed: {
    unit: 'Count',
    dimensions: ['Monitor'],
    description: '1 for each location whose check failed in a slot, else 0: the sum is the number of votes',
  },
  Degraded: {
    unit: 'Count',
    dimensions: ['Monitor'],
    description: '1 for each location whose check was degraded, 0 where it was up; nothing while it is down',
  },
  ComponentUp: {
    unit: 'Count',
    dimensions: perComponent,
    description: '0 while the target says that the component is down, else 1',
  },
  ComponentLatency: {
    unit: 'Milliseconds',
    dimensions: perComponent,
    description: 'Latency that the target gives for the component',
  },
  ResponseTime: {
    unit: 'Milliseconds',
    dimensions: ['Monitor'],
    description: 'From the start to the last byte',
  },
  CertificateDaysLeft: {
    unit: 'None',
    dimensions: ['Monitor'],
    description: 'Days until the certificate expires',
  },
  CertificateEarliestDaysLeft: {
    unit: 'None',
    dimensions: ['Monitor'],
    description: 'Days until the first of the certificates that a tls monitor is presented expires',
  },
  CertificateChainDaysLeft: {
    unit: 'None',
    dimensions: ['Monitor'],
    description: 'Days until the best chain of a tls monitor to a trusted authority expires',
  },
  DomainDaysLeft: {
    unit: 'None',
    dimensions: ['Monitor'],
    description: 'Days until the registration of the domain expires',
  },
  LargestContentfulPaint: {
    unit: 'Milliseconds',
    dimensions: ['Monitor'],
    description: 'LCP of the first page of a browser monitor',
  },
  FirstContentfulPaint: {
    unit: 'Milliseconds',
    dimensions: ['Monitor'],
    description: 'FCP of the first page of a browser monitor',
  },
  TimeToFirstByte: {
    unit: 'Milliseconds',
    dimensions: ['Monitor'],
    description: 'TTFB of the first page of a browser monitor',
  },
  CumulativeLayoutShift: {
    unit: 'None',
    dimensions: ['Monitor'],
    description: 'CLS of the load of the first page of a browser monitor',
  },
  Observed: {
    unit: 'Count',
    dimensions: ['Location', 'Shard'],
    description: 'Monitors of a shard with an outcome no older than twice their period',
  },
  Dns: { unit: 'Milliseconds', dimensions: perLocation, description: 'Time for name resolution' },
  Connect: { unit: 'Milliseconds', dimensions: perLocation, description: 'Time for the TCP handshake' },
  Tls: { unit: 'Milliseconds', dimensions: perLocation, description: 'Time for the TLS handshake' },
  FirstByte: {
    unit: 'Milliseconds',
    dimensions: perLocation,
    description: 'Time from request to first byte',
  },
  Transfer: { unit: 'Milliseconds', dimensions: perLocation, description: 'Time from first to last byte' },
  Heartbeat: {
    unit: 'Count',
    dimensions: [],
    description: '1 a minute in the Region of the dead-man, as long as the stack lives',
  },
  TimeToAcknowledge: {
    unit: 'Milliseconds',
    dimensions: ['Severity'],
    description: 'From the opening of an incident to its first acknowledgement; written when that happens',
  },
  TimeToResolve: {
    unit: 'Milliseconds',
    dimensions: ['Severity'],
    description: 'From the opening of an incident to its end; written when that happens',
  },
  SecretMissing: {
    unit: 'Count',
    dimensions: perFunction,
    description: 'A secret was needed and is not in SSM',
  },
  ReconcileDrift: {
    unit: 'Count',
    dimensions: perFunction,
    description: 'Differences found between alarms and incidents',
  },
  Notified: {
    unit: 'Count',
    dimensions: perFunction,
    description: 'Notifications accepted by their provider',
  },
  NotifyFailed: { unit: 'Count', dimensions: perFunction, description: 'Notifications given up' },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof catalog;
