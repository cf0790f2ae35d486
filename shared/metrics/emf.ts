import { catalog, type MetricName } from './catalog.ts';

/** Values per metric in one EMF document. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export const maxValues = 100;

/** Characters of a dimension's value, same source. */
const maxDimensionLength = 1024;

export interface EmfDocument {
  namespace: string;
  /** Epoch milliseconds; CloudWatch takes 14 days back to 2 hours ahead. */
  at: number;
  dimensions: Record<string, string>;
  /** By metric name; a value that is no finite number is left out. All must have exactly these dimensions in the catalogue. */
  values: Partial<Record<MetricName, number>>;
  /** Kept at one-second resolution, as alarms on periods below a minute need. Default false. */
  highResolution?: boolean;
}

/**
 * One line of embedded metric format, or undefined when no value is left to write.
 * Throws on a dimension that the catalogue does not give to a metric, an empty one, or one over 1,024 characters:
 * CloudWatch would drop the document without a word.
 */
export function emfLine(document: EmfDocument): string | undefined {
  const { namespace, at, dimensions, values } = document;
  const names = Object.keys(dimensions);
  for (const [name, value] of Object.entries(dimensions)) {
    if (!value.trim() || value.length > maxDimensionLength)
      throw new Error(
        `dimension ${name} must have 1 to ${maxDimensionLength} characters, got ${value.length}`,
      );
  }
  const finite = Object.entries(values).filter(([, value]) => Number.isFinite(value)) as [
    MetricName,
    number,
  ][];
  if (finite.length === 0) return undefined;
  for (const [name] of finite) {
    const expected: readonly string[] = catalog[name].dimensions;
    if (expected.length !== names.length || expected.some((dimension) => !names.includes(dimension)))
      throw new Error(`${name} has the dimensions [${expected}], got [${names}]`);
  }
  const definitions = finite.map(([Name]) => ({
    Name,
    Unit: catalog[Name].unit,
    ...(document.highResolution && { StorageResolution: 1 }),
  }));
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [names], Metrics: definitions }],
    },
    ...dimensions,
    ...Object.fromEntries(finite),
  });
}

/** Writes a document raw to stdout: `console.log` would be wrapped where Lambda logs as JSON. */
export function writeEmf(
  document: EmfDocument,
  out: { write(text: string): unknown } = process.stdout,
): void {
  const line = emfLine(document);
  if (line) out.write(line + '\n');
}
