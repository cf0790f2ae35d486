// Messaging with queues: one endpoint says whether it lives, one whether it takes work, one how its parts are.
import { defineConfig, email, group, health, heartbeat, http, pagerduty, secret, slack } from 'tocsin';

const site = process.env.SITE_URL ?? 'http://localhost:3000';

export default defineConfig({
  name: 'anclora',
  defaults: { localOnly: site.startsWith('http://localhost') },
  monitors: [
    group('service', {
      defaults: { labels: { service: 'messaging' } },
      monitors: [
        http('live', { url: `${site}/health/live`, every: '30s' }),
        http('ready', { url: `${site}/health/ready`, every: '30s', alert: { severity: 'warning' } }),
        health('health', {
          url: `${site}/health`,
          expect: ['component redis == healthy'],
          degraded: ['json $.checks.memory.details.rssMB < 768'],
          alert: { severity: 'critical', degraded: { severity: 'warning' } },
        }),
      ],
    }),
    heartbeat('daily-report', {
      cron: '0 6 * * *',
      zone: 'Europe/Madrid',
      grace: '30m',
      alert: { severity: 'info' },
      labels: { area: 'business' },
    }),
  ],
  channels: {
    critical: slack({ webhook: secret('slack-critical') }),
    warnings: slack({ webhook: secret('slack-warnings') }),
    info: slack({ webhook: secret('slack-info') }),
    business: slack({ webhook: secret('slack-business') }),
    pager: pagerduty({ fallback: 'oncall' }),
    oncall: email({
      smtp: secret('smtp-url'),
      from: 'alerts@anclora.example',
      to: ['oncall@anclora.example'],
    }),
  },
  routes: [
    { match: { area: 'business' }, notify: ['business'] },
    { match: { severity: 'critical' }, notify: ['critical', 'oncall', 'pager'] },
    { match: { severity: 'warning' }, notify: ['warnings', 'oncall'] },
    // Nobody is disturbed: it is reviewed in the morning.
    { notify: ['info'], digest: '08:00 Europe/Madrid' },
  ],
});
