import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog, type MetricName, namespaceOf } from '../../shared/metrics/catalog.ts';
import { emfLine, writeEmf } from '../../shared/metrics/emf.ts';

const at = Date.UTC(2026, 10, 20, 12);
const base = { namespace: namespaceOf('acme'), at, dimensions: { Monitor: 'website' } };

describe('an EMF line', () => {
  it('has the metrics, their units and dimensions at the root, and the slot as its time', () => {
    const line = emfLine({ ...base, values: { Failed: 1, ResponseTime: 12.5 }, highResolution: true });

    expect(JSON.parse(line!)).toEqual({
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          {
            Namespace: 'Tocsin/acme',
            Dimensions: [['Monitor']],
            Metrics: [
              { Name: 'Failed', Unit: 'Count', StorageResolution: 1 },
              { Name: 'ResponseTime', Unit: 'Milliseconds', StorageResolution: 1 },
            ],
          },
        ],
      },
      Monitor: 'website',
      Failed: 1,
      ResponseTime: 12.5,
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'leaves out a value of %s',
    (value) => {
      expect(emfLine({ ...base, values: { Failed: 0, ResponseTime: value } })).not.toMatch(
        /ResponseTime|null/,
      );
    },
  );

  it('is not written at all when nothing is left to say', () => {
    const written: string[] = [];
    writeEmf({ ...base, values: { Failed: Number.NaN } }, { write: (text) => written.push(text) });
    writeEmf({ ...base, values: { Failed: 1 } }, { write: (text) => written.push(text) });

    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{"_aws".*\}\n$/);
  });

  it.each([
    [
      'an unknown dimension',
      { Monitor: 'a', Location: 'home' },
      'Failed has the dimensions [Monitor], got [Monitor,Location]',
    ],
    ['no dimension', {}, 'Failed has the dimensions [Monitor], got []'],
    ['a blank dimension', { Monitor: ' ' }, 'dimension Monitor must have 1 to 1024 characters, got 1'],
    [
      'a long dimension',
      { Monitor: 'x'.repeat(1025) },
      'dimension Monitor must have 1 to 1024 characters, got 1025',
    ],
  ])('is refused with %s, which CloudWatch would drop silently', (_, dimensions, message) => {
    expect(() =>
      emfLine({ ...base, dimensions: dimensions as Record<string, string>, values: { Failed: 1 } }),
    ).toThrow(message);
  });

  it('meets the limits of the format for every metric and any finite value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(catalog) as MetricName[])),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (name, value) => {
          const dimensions = Object.fromEntries(
            catalog[name].dimensions.map((dimension) => [dimension, 'x']),
          );
          const document = JSON.parse(emfLine({ ...base, dimensions, values: { [name]: value } })!);
          const [directive] = document._aws.CloudWatchMetrics;
          expect(directive.Dimensions[0].every((key: string) => typeof document[key] === 'string')).toBe(
            true,
          );
          expect(
            directive.Metrics.every((metric: { Name: string }) => typeof document[metric.Name] === 'number'),
          ).toBe(true);
        },
      ),
    );
  });
});
