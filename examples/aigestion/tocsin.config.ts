// A web application and its API, whose health endpoint calls itself healthy whatever fails: its parts decide.
import { defineConfig, email, health, http, secret, slack } from 'tocsin';

const site = process.env.SITE_URL ?? 'http://localhost:3000';

export default defineConfig({
  name: 'aigestion',
  defaults: { localOnly: site.startsWith('http://localhost'), labels: { service: 'application' } },
  monitors: [
    http('frontend', { url: `${site}/`, every: '30s' }),
    http('api', { url: `${site}/health`, every: '10s', alert: { after: '3 of 6' } }),
    health('system', {
      url: `${site}/health/metrics`,
      every: '30s',
      expect: ['component database == healthy'],
      // Without it the application works, though not as well.
      optional: ['ai'],
      degraded: ['componentLatency redis < 50ms'],
      alert: { degraded: { severity: 'warning' } },
    }),
  ],
  channels: {
    team: slack({ webhook: secret('slack-webhook') }),
    oncall: email({ from: 'alerts@aigestion.example', to: ['oncall@aigestion.example'] }),
  },
  routes: [{ match: { severity: 'critical' }, notify: ['oncall', 'team'] }, { notify: ['team'] }],
});
