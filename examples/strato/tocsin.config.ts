// A marketing platform: its API with an account of its own, by mail and Slack. SITE_URL=https://… names the deployed one.
import { defineConfig, email, health, http, secret, slack, webhook } from 'tocsin';

const site = process.env.SITE_URL ?? 'http://localhost:3001';

export default defineConfig({
  name: 'strato',
  defaults: { every: '5m', timeout: '30s', localOnly: site.startsWith('http://localhost') },
  monitors: [
    http('api', `${site}/health`),
    health('system', {
      url: `${site}/health/detailed`,
      // Breakers open before users notice: told, and nobody is woken.
      alert: { degraded: { severity: 'warning' } },
      labels: { service: 'backend' },
    }),
    http('profile', { url: `${site}/api/profile`, auth: { bearer: secret('profile-token') } }),
    http('campaigns', { url: `${site}/api/campaigns`, every: '10m' }),
  ],
  channels: {
    'alerts-critical': slack({ webhook: secret('slack-critical') }),
    'alerts-warning': slack({ webhook: secret('slack-warning') }),
    operations: email({
      smtp: secret('smtp-url'),
      from: 'alerts@strato.example',
      to: ['ops@strato.example', 'cto@strato.example'],
    }),
    team: email({ smtp: secret('smtp-url'), from: 'alerts@strato.example', to: ['team@strato.example'] }),
    logs: email({ smtp: secret('smtp-url'), from: 'alerts@strato.example', to: ['logs@strato.example'] }),
    program: webhook({ url: secret('webhook-url') }),
  },
  routes: [
    {
      notify: ['program', 'logs'],
      groupBy: ['monitor'],
      groupWait: '10s',
      groupInterval: '10s',
      repeatEvery: '1h',
      routes: [
        { match: { severity: 'critical' }, notify: ['operations', 'alerts-critical'] },
        { match: { severity: 'warning' }, notify: ['team', 'alerts-warning'] },
      ],
    },
  ],
});
