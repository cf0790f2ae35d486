import type { Runtime } from '../service.ts';
import { openDatabase } from './database.ts';
import type { Sample } from './statistics.ts';

export type Dimensions = Record<string, string>;

/** Values of one metric at one time. */
export interface Measurement {
  namespace: string;
  name: string;
  dimensions: Dimensions;
  /** One of CloudWatch's units; `None` when absent. */
  unit?: string | undefined;
  values: number[];
  /** How often each of `values` occurred; once when absent. */
  counts?: number[] | undefined;
  /** Epoch milliseconds; now when absent. */
  time?: number | undefined;
  /** Seconds: 1 keeps the second, 60 (default) only the minute. */
  resolution?: 1 | 60 | undefined;
}

export interface MetricId {
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

/** Days a value is kept; CloudWatch keeps minutes for 15. */
const retentionDays = 15;

const schema = `
  CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL, unit TEXT NOT NULL,
    UNIQUE (namespace, name, dimensions, unit)
  );
  CREATE TABLE IF NOT EXISTS samples (
    series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, count REAL NOT NULL,
    PRIMARY KEY (series, time, value)
  ) WITHOUT ROWID;
`;

export type MetricStore = ReturnType<typeof openMetricStore>;

/** Every value ever measured, as (time, value, how often): all statistics and percentiles follow exactly. */
export function openMetricStore(runtime: Runtime) {
  const database = openDatabase(runtime, 'metrics', schema);
  const addSeries = database.prepare(
    'INSERT OR IGNORE INTO series (namespace, name, dimensions, unit) VALUES (?, ?, ?, ?)',
  );
  const findSeries = database.prepare(
    'SELECT id, unit FROM series WHERE namespace = ? AND name = ? AND dimensions = ?',
  );
  const addSample = database.prepare(
    'INSERT INTO samples (series, time, value, count) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  );
  const readSamples = database.prepare(
    'SELECT time, value, count FROM samples WHERE series = ? AND time >= ? AND time < ?',
  );
  const allSeries = database.prepare(
    'SELECT DISTINCT namespace, name, dimensions FROM series ORDER BY 1, 2, 3',
  );
  const forget = database.prepare('DELETE FROM samples WHERE time < ?');
  const known = new Map<string, number>();
  let forgottenDay = 0;

  function seriesOf({ namespace, name, dimensions }: MetricId, unit: string | undefined): number[] {
    const found = findSeries.all(namespace, name, canonical(dimensions)) as { id: number; unit: string }[];
    return found.filter((series) => unit === undefined || series.unit === unit).map(({ id }) => id);
  }

  function seriesToWrite({ namespace, name, dimensions }: MetricId, unit: string): number {
    const key = [namespace, name, canonical(dimensions), unit] as const;
    const cached = known.get(key.join('\n'));
    if (cached !== undefined) return cached;
    addSeries.run(...key);
    const [id] = seriesOf({ namespace, name, dimensions }, unit);
    known.set(key.join('\n'), id!);
    return id!;
  }

  function forgetOld(now: number): void {
    const day = Math.floor(now / 86_400_000);
    if (day === forgottenDay) return;
    forgottenDay = day;
    forget.run(now - retentionDays * 86_400_000);
  }

  return {
    add(measurement: Measurement): void {
      const now = runtime.clock.now();
      forgetOld(now);
      const unit = measurement.unit ?? 'None';
      const series = seriesToWrite(measurement, unit);
      const step = (measurement.resolution ?? 60) * 1000;
      const time = Math.floor((measurement.time ?? now) / step) * step;
      for (const [index, value] of measurement.values.entries())
        addSample.run(series, time, value, measurement.counts?.[index] ?? 1);
    },

    /** Samples with `start <= time < end`, epoch milliseconds. Every unit unless one is named. */
    read(metric: MetricId, start: number, end: number, unit?: string): Sample[] {
      return seriesOf(metric, unit).flatMap((id) => readSamples.all(id, start, end) as unknown as Sample[]);
    },

    list(): MetricId[] {
      return (allSeries.all() as { namespace: string; name: string; dimensions: string }[]).map((row) => ({
        ...row,
        dimensions: Object.fromEntries(JSON.parse(row.dimensions) as [string, string][]),
      }));
    },

    close: () => database.close(),
  };
}

const canonical = (dimensions: Dimensions) =>
  JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
