// A SaaS whose health endpoint answers 503 when it is only degraded: what it says outranks the status code.
import { defineConfig, email, health, http, secret, slack } from 'tocsin';

const site = process.env.SITE_URL ?? 'http://localhost:3000';

export default defineConfig({
  name: 'blipee',
  defaults: { localOnly: site.startsWith('http://localhost') },
  monitors: [
    http('app', { url: `${site}/`, degraded: ['responseTime < 500ms'] }),
    health('health', {
      url: `${site}/api/health`,
      every: '30s',
      degraded: ['componentLatency database < 100ms'],
      alert: { severity: 'critical', degraded: { after: '3 of 5', severity: 'warning' } },
      // Each of them has a curve of its own, as on the operators' page.
      components: ['database', 'cache', 'external_apis'],
    }),
  ],
  channels: {
    alerts: slack({ webhook: secret('slack-webhook') }),
    oncall: email({ from: 'alerts@blipee.example', to: ['oncall@blipee.example'] }),
  },
  routes: [{ match: { severity: 'critical' }, notify: ['oncall', 'alerts'] }, { notify: ['alerts'] }],
});
