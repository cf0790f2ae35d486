import { expect, it } from 'vitest';
import { formatAnswer, sendTestAlert } from '../../infra/cli/test-alert/test-alert.ts';
import { chooseMonitor, type Wanted } from '../../shared/test-alerts/choose.ts';
import { routeTo } from '../support/routes.ts';
import { configOf, monitor } from '../support/synthesis.ts';
import { tocsin } from '../support/tocsin.ts';

const quiet = { failing: 2, of: 3, severity: 'info' } as const;
const config = configOf(
  [
    monitor('paused', { enabled: false }),
    monitor('docs', { alert: quiet }),
    monitor('shop'),
    monitor('lab', { labels: { team: 'lab' } }),
  ],
  {
    routes: [
      routeTo(['oncall'], { team: ['lab'] }),
      routeTo(['ops', 'oncall'], { severity: ['critical'] }),
      routeTo(['ops']),
    ],
  },
);

it.each<[Wanted, string, string[]]>([
  [{}, 'shop', ['ops', 'oncall']],
  [{ severity: 'info' }, 'docs', ['ops']],
  [{ channel: 'oncall' }, 'shop', ['ops', 'oncall']],
  [{ monitor: 'lab' }, 'lab', ['oncall']],
])('%j tests %s', (wanted, id, receivers) => {
  const chosen = chooseMonitor(config, wanted);
  expect(chosen.monitor.id).toBe(id);
  expect(chosen.receivers).toEqual(receivers);
});

it.each<[Wanted, string]>([
  [{ monitor: 'paused' }, 'no enabled monitor is paused\nthere are monitors paused, docs, shop, lab'],
  [{ channel: 'oncall', severity: 'info' }, 'no enabled monitor has severity info and tells oncall'],
  [{ channel: 'pager' }, 'channels ops, oncall'],
])('%j is nobody', (wanted, said) => {
  expect(() => chooseMonitor(config, wanted)).toThrow(said);
});

it('a stack that watches nothing cannot be tested', () => {
  expect(() => chooseMonitor(configOf([]), {})).toThrow('this stack watches nothing');
});

it('a monitor whose alarm CloudWatch mutes cannot be tested', async () => {
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString().slice(0, 16);
  const window = {
    id: 'move',
    monitors: ['shop'],
    match: [],
    begins: { at: hourAgo },
    zone: 'UTC',
    duration: 7_200_000,
  };
  const place = { url: 'http://localhost:4400', ports: {} } as Parameters<typeof sendTestAlert>[2];
  await expect(
    sendTestAlert({ ...config, maintenance: [window] }, { monitor: 'shop' }, place),
  ).rejects.toThrow('shop is in its maintenance window move, until');
});

it('a monitor that nobody is told of cannot be tested', () => {
  expect(() => chooseMonitor({ ...config, routes: [] }, {})).toThrow(/no route tells anybody/);
});

it.each([
  [{ result: 'sent', status: 200, detail: 'ok' } as const, '✓ ops, firing: sent (200 ok)'],
  [{ result: 'failed', status: 404 } as const, '✗ ops, firing: failed (404)'],
  [{ result: 'waiting' } as const, '✗ ops, firing: no answer yet'],
])('%j is shown as %s', (answer, line) => {
  expect(formatAnswer({ channel: 'ops', event: 'firing', ...answer })).toBe(line);
});

it.each([
  [['--severity', 'urgent'], '--severity urgent: it is critical, high'],
  [['--url', 'nowhere'], '--url nowhere: write --url http://localhost:4400'],
])('%j is wrong usage', async (args, said) => {
  const { code, error } = await tocsin(['test-alert', ...args]);
  expect(code).toBe(2);
  expect(error).toContain(said);
});
