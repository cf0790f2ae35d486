import { defineConfig, email, http, secret, slack } from 'tocsin';

export default defineConfig({
  name: 'acme',
  monitors: [
    http('website', {
      url: process.env.SITE_URL ?? 'http://localhost:4510/health', // the demo site
      localOnly: !process.env.SITE_URL, // watched by `npm start`, left out of the AWS stack
      every: '10s',
      timeout: '5s',
      expect: ['status == 200', 'responseTime < 2s', 'json $.status == "healthy"'],
      alert: { after: '2 of 3', severity: 'critical' },
      labels: { service: 'web', team: 'platform' },
      runbook: 'https://wiki.example.com/runbooks/website',
    }),
  ],
  channels: {
    ops: slack({ webhook: secret('slack-webhook') }),
    oncall: email({ from: 'tocsin@example.com', to: ['oncall@example.com'] }),
  },
  routes: [
    { match: { severity: 'critical' }, notify: ['ops', 'oncall'] },
    { notify: ['ops'] },
  ],
});
