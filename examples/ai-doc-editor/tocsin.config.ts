// A document editor in the browser and on the desktop: its pages, its API, and the database it is down without.
import { defineConfig, email, http, postgres, secret, slack } from 'tocsin';

const site = process.env.SITE_URL ?? 'http://localhost:8000';
const database = process.env.DATABASE_HOST ?? 'localhost:5432';

export default defineConfig({
  name: 'ai-doc-editor',
  defaults: { localOnly: site.startsWith('http://localhost') },
  monitors: [
    http('editor', { url: `${site}/`, expect: ['status == 200', 'header content-type contains html'] }),
    http('api', {
      url: `${site}/health`,
      every: '30s',
      // p95 and p99 of the team's objectives.
      expect: ['status == 200', 'responseTime < 1s'],
      degraded: ['responseTime < 500ms'],
      alert: { degraded: { after: '3 of 5', severity: 'medium' } },
      labels: { service: 'api' },
    }),
    postgres('database', {
      target: database,
      localOnly: true,
      password: secret('database-password'),
      query: "SELECT count(*) * 100 / current_setting('max_connections')::int AS pool FROM pg_stat_activity",
      degraded: ['row $[0].pool < 80'],
      alert: { degraded: { severity: 'low' } },
      labels: { service: 'database' },
    }),
  ],
  channels: {
    team: slack({ webhook: secret('slack-webhook') }),
    oncall: email({ from: 'alerts@editor.example', to: ['oncall@editor.example'] }),
  },
  // P1 to P4, as the team calls them.
  routes: [
    { match: { severity: 'critical' }, notify: ['oncall', 'team'], repeatEvery: '30m' },
    { match: { severity: 'high' }, notify: ['oncall', 'team'] },
    { match: { severity: 'medium' }, notify: ['team'], hours: 'Mon-Fri 09:00-18:00 Europe/Madrid' },
    { match: { severity: 'low' }, notify: ['team'], digest: '09:00 Europe/Madrid' },
  ],
});
