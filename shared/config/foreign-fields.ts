/** What fields of monitors are called by Gatus, Checkly, Uptime Kuma and blackbox_exporter: the field here, and how it is written. */
const here: Record<string, [field: string, written: string]> = {
  interval: ['every', "every: '1m'"],
  frequency: ['every', "every: '1m'"],
  schedule: ['every', "every: '1m'"],
  conditions: ['expect', "expect: ['status == 200']"],
  assertions: ['expect', "expect: ['status == 200']"],
  valid_status_codes: ['expect', "expect: ['status in 200-299, 304']"],
  maxResponseTime: ['expect', "expect: ['responseTime < 5s']"],
  degradedResponseTime: ['degraded', "degraded: ['responseTime < 2s']"],
  tags: ['labels', "labels: { team: 'web' }"],
  group: ['labels', "labels: { team: 'web' }, or put it into group('web', { monitors: […] })"],
  activated: ['enabled', 'enabled: false'],
  active: ['enabled', 'enabled: false'],
  muted: ['alert', 'enabled: false, or a silence: npm run tocsin -- silence'],
  alerts: ['alert', "alert: { after: '2 of 3', severity: 'critical' }, and routes say who is told"],
  retries: ['alert', "alert: { after: '2 of 3' }: a failure is looked at again a second later as it is"],
  maxretries: ['alert', "alert: { after: '2 of 3' }: a failure is looked at again a second later as it is"],
  retryStrategy: [
    'alert',
    "alert: { after: '2 of 3' }: a failure is looked at again a second later as it is",
  ],
  regions: ['locations', "locations: ['home', 'frankfurt']"],
  privateLocations: ['locations', "locations: ['office'], which is a location.vpc({ … })"],
  followRedirects: ['redirects', 'redirects: 0'],
  ignoreRedirect: ['redirects', 'redirects: 0'],
  insecure: ['tls', 'tls: { verify: false }'],
  skipSSL: ['tls', 'tls: { verify: false }'],
  ignoreTls: ['tls', 'tls: { verify: false }'],
  ignoreHTTPSErrors: ['tls', 'tls: { verify: false }'],
};

/** What to write for a field of another tool; undefined where it is none, or where that cannot stand here. */
export function foreignField(name: string, fields: readonly string[]): string | undefined {
  const [field, written] = Object.hasOwn(here, name) ? here[name]! : [];
  return field !== undefined && fields.includes(field) ? written : undefined;
}
