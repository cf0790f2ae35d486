import { expect, it } from 'vitest';
import { applyPing, emptyRecord, type Ping } from '../../shared/heartbeats/record.ts';
import { config, monitor, now } from '../api/fixtures.ts';
import { open } from '../api/requests.ts';

const backup = monitor('backup', {
  kind: 'heartbeat',
  every: 60_000,
  locations: ['pings'],
  expect: [],
  settings: { cron: '0 3 * * *', zone: 'Europe/Madrid', grace: 1_800_000 },
});

const pings: Ping[] = [
  { at: now - 60_000, signal: 'fail', exitCode: 3, run: 'r-1', body: 'pg_dump: <script>alert(1)</script>' },
  { at: now - 120_000, signal: 'start', run: 'r-1' },
];
const record = pings.toReversed().reduce((before, ping) => applyPing(before, ping)!, emptyRecord);
const url = 'https://tocsin.example.com/ping/token';

const ports = {
  config: { ...config, monitors: [backup] },
  readHeartbeat: async () => ({ record, pings, url }),
};

it('the page of a heartbeat shows where it pings, when it is due and what it last said', async () => {
  const html = await (await open(ports).get('/monitors/backup')).text();
  expect(html).toContain(`curl -fsS -m 10 --retry 5 -o /dev/null ${url}/$?`);
  expect(html).toContain('<code>0 3 * * *</code> Europe/Madrid');
  expect(html).toContain('30 min');
  expect(html).toContain('exit code 3');
  expect(html).toContain('pg_dump: &lt;script&gt;');
  expect(html).not.toContain('Timeout');
});

it('the API says the same', async () => {
  const answer = await open(ports).get('/api/monitors/backup');
  expect(await answer.json()).toMatchObject({
    id: 'backup',
    heartbeat: {
      state: 'down',
      url,
      lastFailureAt: new Date(now - 60_000).toISOString(),
      pings: [{ signal: 'fail', exitCode: 3, run: 'r-1' }, { signal: 'start' }],
    },
  });
});
