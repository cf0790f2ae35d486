import type { Component } from '../observation.ts';
import { type Members, memberOf } from './members.ts';

/** Milliseconds above which a latency is none: whoever wrote it put a time of day there. Nearly twelve days. */
export const longestLatency = 1e9;

const unitMs: Record<string, number> = {
  ns: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  microseconds: 1e-3,
  ms: 1,
  millis: 1,
  milliseconds: 1,
  s: 1_000,
  sec: 1_000,
  seconds: 1_000,
  m: 60_000,
  min: 60_000,
  minutes: 60_000,
};

const unitOf = (word: string): number | undefined => {
  const unit = word.toLowerCase();
  const known = [unit, `${unit}s`].find((name) => Object.hasOwn(unitMs, name));
  return known === undefined ? undefined : unitMs[known];
};

/** `latency`, `durationMs`, `response_time`, `responseTimeSeconds`, with the unit where the name has one. */
const latencyName =
  /^(?:latency|duration|response_?time|ping|elapsed(?:_?time)?)_?(ns|nanos|nanoseconds|us|micros|microseconds|ms|millis|milliseconds|s|sec|seconds)?$/i;

/** The latency a part gives: numbers are milliseconds unless the name has a unit. Nothing where it gives none. */
export function latencyIn(name: string, sources: readonly Members[]): Pick<Component, 'latency' | 'problem'> {
  const found = sources.map((source) => observedIn(name, source) ?? namedIn(source));
  const latency = found.find((ms) => ms !== undefined);
  if (latency === undefined || !Number.isFinite(latency) || latency < 0) return {};
  if (latency > longestLatency)
    return { problem: `its latency of ${latency} ms is not evaluable: it looks like a time of day` };
  return { latency: Math.round(latency * 1e3) / 1e3 };
}

/** health+json: `"db:responseTime": [{"observedValue": 250, "observedUnit": "ms"}]`; not every observation is a latency. */
function observedIn(name: string, source: Members): number | undefined {
  const value = memberOf(source, 'observedValue');
  const unit = memberOf(source, 'observedUnit');
  if (typeof unit !== 'string' || !latencyName.test(name.slice(name.lastIndexOf(':') + 1))) return undefined;
  const scale = unitOf(unit);
  return typeof value === 'number' && scale !== undefined ? value * scale : undefined;
}

function namedIn(source: Members): number | undefined {
  for (const [member, value] of Object.entries(source)) {
    const match = latencyName.exec(member);
    const scale = match && (match[1] ? unitOf(match[1]) : 1);
    const ms = scale && (typeof value === 'number' ? value * scale : durationIn(value));
    if (typeof ms === 'number') return ms;
  }
  return undefined;
}

/** `12ms`, `1.5 s`; .NET's `00:00:00.0123`; Java's `PT0.012S`. Milliseconds. */
function durationIn(text: unknown): number | undefined {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-zµμ]+)\s*$/i.exec(text) ?? [];
  const scale = unitOf(unit);
  if (amount && scale !== undefined) return Number(amount) * scale;
  const span = /^(?:(\d+)\.)?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  const iso = /^P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(text);
  const parts = span ?? iso;
  if (!parts) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}
