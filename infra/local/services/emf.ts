import * as z from 'zod/mini';
import type { Dimensions, Measurement } from './metric-store.ts';

/**
 * CloudWatch's embedded metric format, as strict as its specification: what CloudWatch would drop silently counts as an error here.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

/** The metric of `AWS/Logs` that counts such a document. */
export type EmfError = 'EMFParsingErrors' | 'EMFValidationErrors';

export type EmfDocument =
  | { kind: 'metrics'; measurements: Measurement[] }
  | { kind: 'broken'; error: EmfError; reason: string };

const sizes = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'];
const bits = ['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'];
const rates = [...sizes, ...bits, 'Count'].map((unit) => `${unit}/Second`);
/** Every unit CloudWatch knows. */
export const units = [
  'None',
  'Count',
  'Percent',
  'Seconds',
  'Milliseconds',
  'Microseconds',
  ...sizes,
  ...bits,
  ...rates,
];

const longest = { name: 1024, namespace: 255, dimensionKey: 250 };
const maxDimensions = 30;
const maxMetrics = 100;
const maxMembers = 100;
const oldest = 14 * 86_400_000;
const newest = 2 * 3_600_000;

const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const envelope = z.object({
  Timestamp: z.int().check(z.nonnegative()),
  CloudWatchMetrics: z
    .array(
      z.strictObject({
        Namespace: text(longest.namespace),
        Dimensions: z
          .array(z.array(text(longest.dimensionKey)).check(z.maxLength(maxDimensions)))
          .check(z.minLength(1)),
        Metrics: z
          .array(
            z.strictObject({
              Name: text(longest.name),
              Unit: z.optional(z.enum(units)),
              StorageResolution: z.optional(z.literal([1, 60])),
            }),
          )
          .check(z.maxLength(maxMetrics)),
      }),
    )
    .check(z.minLength(1)),
});

const dimensionValue = z.string().check(z.maxLength(1024), z.regex(/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/));
const number = z.number().check(z.minimum(-(2 ** 360)), z.maximum(2 ** 360));
const members = z.array(number).check(z.minLength(1), z.maxLength(maxMembers));
const metricValue = z.union([
  number,
  members,
  z.strictObject({
    Values: members,
    Counts: members,
    Min: z.optional(number),
    Max: z.optional(number),
    Count: z.optional(number),
    Sum: z.optional(number),
  }),
]);

/** What a line of a function's output says in EMF; undefined when it is no EMF document. `now` in epoch milliseconds. */
export function readEmf(line: string, now: number): EmfDocument | undefined {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  const root = jsonObject(line);
  if (!root) return broken('EMFParsingErrors', 'not JSON');
  if (!('_aws' in root)) return undefined;
  const parsed = envelope.safeParse(root._aws, { error: z.locales.en().localeError });
  if (!parsed.success) return broken('EMFParsingErrors', z.prettifyError(parsed.error));
  const { Timestamp, CloudWatchMetrics } = parsed.data;
  if (Timestamp < now - oldest || Timestamp > now + newest)
    return broken('EMFValidationErrors', 'Timestamp: allowed is from 14 days ago to 2 hours ahead');
  try {
    const measurements = CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((keys) => {
        const dimensions = dimensionsOf(root, keys);
        return Metrics.map(({ Name, Unit, StorageResolution }) => ({
          namespace: Namespace,
          name: Name,
          dimensions,
          unit: Unit,
          ...valuesOf(root, Name),
          time: Timestamp,
          resolution: StorageResolution,
        }));
      }),
    );
    return { kind: 'metrics', measurements };
  } catch (error) {
    return broken('EMFValidationErrors', (error as Error).message);
  }
}

const broken = (error: EmfError, reason: string): EmfDocument => ({ kind: 'broken', error, reason });

function jsonObject(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function dimensionsOf(root: Record<string, unknown>, keys: string[]): Dimensions {
  return Object.fromEntries(
    keys.map((key) => {
      const value = dimensionValue.safeParse(root[key]);
      if (!value.success) throw new Error(`dimension ${key}: allowed is text of 1 to 1024 ASCII characters`);
      return [key, value.data];
    }),
  );
}

function valuesOf(root: Record<string, unknown>, name: string): { values: number[]; counts?: number[] } {
  const target = metricValue.safeParse(root[name]);
  if (!target.success)
    throw new Error(
      `metric ${name}: allowed is a number, up to 100 numbers, or {Values, Counts} of up to 100`,
    );
  if (typeof target.data === 'number') return { values: [target.data] };
  if (Array.isArray(target.data)) return { values: target.data };
  const { Values, Counts } = target.data;
  if (Values.length !== Counts.length)
    throw new Error(`metric ${name}: ${Values.length} Values but ${Counts.length} Counts`);
  return { values: Values, counts: Counts };
}
