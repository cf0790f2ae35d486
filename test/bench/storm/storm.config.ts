import { defineConfig, email, http, slack } from 'tocsin';

/** One monitor, of which the bench makes thousands; its alarms are announced by the bench, not by checks. */
export default defineConfig({
  name: 'storm',
  monitors: [
    http('website', { url: 'http://127.0.0.1:9/', localOnly: true, every: '1m', labels: { team: 'team-0' } }),
  ],
  channels: {
    ops: slack(),
    oncall: email({ from: 'tocsin@example.com', to: ['oncall@example.com'] }),
  },
  routes: [
    { match: { severity: 'critical' }, notify: ['oncall', 'ops'] },
    { match: { severity: 'warning' }, notify: ['ops'], groupBy: ['team'] },
    { notify: ['ops'] },
  ],
  selfContact: { email: ['owner@example.com'] },
});
