// A process that checks HTTPS monitors as a probe checks its shard, some of them of a target that is silent for ever.
import { atOnce } from '../../shared/monitors/at-once.ts';
import { check } from '../../shared/monitors/check.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import type { Targets } from './targets.ts';

/** What is asked for: how many of the monitors are silent, spread among the others or all before them. */
export interface Task {
  targets: Targets;
  answering: number;
  silent: number;
  order: 'among' | 'before';
}

export interface Run {
  /** Milliseconds from the start of the run until each target that answers was known to be up, in ascending order. */
  finished: number[];
  /** How many silent ones were found to be. */
  silent: number;
  /** Milliseconds of CPU until the last that answers was known. */
  cpu: number;
  /** Most memory held at any time, in megabytes. */
  rss: number;
}

process.once('message', async ({ targets, answering, silent, order }: Task) => {
  const context = probeContext();
  const expect = ['status == 200', 'json $.status == "healthy"', 'certificate > 14d'];
  const total = answering + silent;
  const isSilent = (n: number) =>
    order === 'before' ? n < silent : silent > 0 && n % Math.round(total / silent) === 0;
  const all = Array.from({ length: total }, (_, n) => ({
    silent: isSilent(n),
    monitor: httpMonitor(
      isSilent(n) ? `https://127.0.0.1:${targets.silent}/` : `https://127.0.0.1:${targets.https}/health`,
      { id: `monitor-${n}`, timeout: 2_000, expect, settings: { tls: { ca: targets.ca } } },
    ),
  }));
  // What a probe has done before: its code is warm, and its TLS is prepared.
  const warm = all.filter(({ silent }) => !silent).slice(0, 50);
  await atOnce(warm, ({ monitor }) => check(monitor, context));
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const run: Run = { finished: [], silent: 0, cpu: 0, rss: 0 };
  await atOnce(all, async ({ silent, monitor }) => {
    const { outcome, reason, message } = await check(monitor, context);
    if (silent && reason === 'tls-timeout') {
      run.silent++;
      return;
    }
    if (silent || outcome !== 'up') throw new Error(`${monitor.id} is ${outcome}: ${message}`);
    run.finished.push(performance.now() - begun);
    const { user, system } = process.cpuUsage(before);
    run.cpu = (user + system) / 1_000;
  });
  process.send?.({ ...run, rss: process.resourceUsage().maxRSS / 1_024 } satisfies Run);
  process.disconnect();
});
