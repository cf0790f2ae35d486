import { unitMs } from '../duration.ts';

/** What a ping says of a run. `log` says nothing: it is kept, and judged by nobody. */
export type Signal = 'start' | 'success' | 'fail' | 'log';

/** One ping, as it arrived. */
export interface Ping {
  /** When it reached us, epoch milliseconds. */
  at: number;
  signal: Signal;
  /** Which run it is about, in the caller's words: `?rid=…`. */
  run?: string;
  /** What the job exited with, where it said so. */
  exitCode?: number;
  /** What it sent along, cut and without control characters. */
  body?: string;
}

/** The last ping of a signal. `excerpt` is the end of its body: where an output says what went wrong. */
export type Mark = Pick<Ping, 'at' | 'run' | 'exitCode'> & { excerpt?: string };

/** When a run began, for the first time since it last ended, epoch milliseconds. */
export interface Run {
  startedAt?: number;
  endedAt?: number;
}

/** What is known of a heartbeat: enough to judge it, whenever and by whomever. */
export interface HeartbeatRecord {
  success?: Mark;
  fail?: Mark;
  /** By the caller's word for them, '' for those without one; the latest only. */
  runs: Record<string, Run>;
  /** When the latest pings came, oldest first, for the limit on how many are taken. */
  recent: number[];
}

export const emptyRecord: HeartbeatRecord = { runs: {}, recent: [] };

/** Runs of a heartbeat that are kept apart. */
export const maxRuns = 20;

/** Pings of a heartbeat that are taken in a minute: a job that pings in a loop is not to fill the table. */
export const maxPerMinute = 20;

/** Characters of a body that the record keeps. */
const maxExcerpt = 500;

/**
 * The record after a ping; undefined where there were too many within a minute. Each part keeps its latest time, so pings may come
 * late, twice or out of order: nothing moves backwards.
 */
export function applyPing(record: HeartbeatRecord, ping: Ping): HeartbeatRecord | undefined {
  const recent = [...record.recent, ping.at].sort((a, b) => a - b).slice(-maxPerMinute);
  const lately = record.recent.filter((at) => Math.abs(ping.at - at) < unitMs.m);
  if (lately.length >= maxPerMinute) return undefined;
  const { signal, run = '' } = ping;
  const before = record.runs[run] ?? {};
  switch (signal) {
    case 'log':
      return { ...record, recent };
    case 'start':
      return { ...record, recent, runs: newest({ ...record.runs, [run]: started(before, ping.at) }) };
    default: {
      const endedAt = Math.max(before.endedAt ?? 0, ping.at);
      const known = record[signal];
      const mark = known && known.at >= ping.at ? known : markOf(ping);
      return {
        ...record,
        [signal]: mark,
        recent,
        runs: newest({ ...record.runs, [run]: { ...before, endedAt } }),
      };
    }
  }
}

/** A run that begins again without having ended gets no more time for it. */
function started(run: Run, at: number): Run {
  const { startedAt = 0, endedAt = 0 } = run;
  if (at <= endedAt) return run;
  return { ...run, startedAt: startedAt > endedAt ? Math.min(startedAt, at) : at };
}

function markOf({ at, run, exitCode, body }: Ping): Mark {
  const excerpt = body && (body.length > maxExcerpt ? `…${body.slice(1 - maxExcerpt).toWellFormed()}` : body);
  return {
    at,
    ...(run !== undefined && { run }),
    ...(exitCode !== undefined && { exitCode }),
    ...(excerpt && { excerpt }),
  };
}

function newest(runs: Record<string, Run>): Record<string, Run> {
  const byTime = Object.entries(runs).sort(([, a], [, b]) => lastOf(b) - lastOf(a));
  return Object.fromEntries(byTime.slice(0, maxRuns));
}

const lastOf = ({ startedAt = 0, endedAt = 0 }: Run) => Math.max(startedAt, endedAt);
