import { describe, expect, it } from 'vitest';
import { readEmf } from '../../../infra/local/services/emf.ts';
import { startOfTest as now } from '../../support/local-runtime.ts';

const directive = (changes: object = {}) => ({
  Namespace: 'Tocsin/acme',
  Dimensions: [['Monitor']],
  Metrics: [{ Name: 'Failed', Unit: 'Count', StorageResolution: 1 }],
  ...changes,
});
const document = (changes: object = {}, metrics: object = {}) =>
  JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [directive(metrics)] },
    Monitor: 'website',
    Failed: 1,
    ...changes,
  });
const of = (name: string) => ({
  namespace: 'Tocsin/acme',
  name,
  dimensions: { Monitor: 'website' },
  time: now,
});

describe('a document', () => {
  it('gives one measurement per dimension set and metric', () => {
    const line = document(
      { Location: 'eu', ResponseTime: [12.5, 8] },
      {
        Dimensions: [['Monitor'], ['Monitor', 'Location'], []],
        Metrics: [{ Name: 'ResponseTime', Unit: 'Milliseconds' }],
      },
    );

    const time = {
      namespace: 'Tocsin/acme',
      name: 'ResponseTime',
      unit: 'Milliseconds',
      values: [12.5, 8],
      time: now,
    };
    expect(readEmf(line, now)).toEqual({
      kind: 'metrics',
      measurements: [
        { ...time, dimensions: { Monitor: 'website' } },
        { ...time, dimensions: { Monitor: 'website', Location: 'eu' } },
        { ...time, dimensions: {} },
      ],
    });
  });

  it('keeps the resolution of a second where it is asked for', () => {
    expect(readEmf(document(), now)).toEqual({
      kind: 'metrics',
      measurements: [{ ...of('Failed'), unit: 'Count', values: [1], resolution: 1 }],
    });
  });

  it('may say how often each value occurred', () => {
    const line = document({
      Failed: { Values: [1, 2.5], Counts: [3, 1], Min: 1, Max: 2.5, Count: 4, Sum: 5.5 },
    });

    expect(readEmf(line, now)).toMatchObject({ measurements: [{ values: [1, 2.5], counts: [3, 1] }] });
  });
});

describe('a line that is no EMF', () => {
  it.each(['plain text', '{"level":"info"}', '{"message":"{\\"_aws\\":{}}"}', '["_aws"]'])(
    '%s is left alone',
    (line) => {
      expect(readEmf(line, now)).toBeUndefined();
    },
  );
});

describe('a broken document', () => {
  const numbers = (length: number) => Array.from({ length }, (_, index) => index);
  it.each([
    ['cut off', document().slice(0, -5), 'EMFParsingErrors', /not JSON/],
    ['no time', document().replace(/"Timestamp":\d+,/, ''), 'EMFParsingErrors', /Timestamp/],
    ['no dimension set', document({}, { Dimensions: [] }), 'EMFParsingErrors', /Dimensions/],
    [
      '31 dimensions',
      document({}, { Dimensions: [numbers(31).map(String)] }),
      'EMFParsingErrors',
      /Dimensions/,
    ],
    ['unknown unit', document({}, { Metrics: [{ Name: 'Failed', Unit: 'ms' }] }), 'EMFParsingErrors', /Unit/],
    [
      'resolution of 10',
      document({}, { Metrics: [{ Name: 'Failed', StorageResolution: 10 }] }),
      'EMFParsingErrors',
      /Resolution/,
    ],
    [
      '101 metrics',
      document({}, { Metrics: numbers(101).map((n) => ({ Name: `m${n}` })) }),
      'EMFParsingErrors',
      /Metrics/,
    ],
    ['NaN, which JSON writes as null', document({ Failed: Number.NaN }), 'EMFValidationErrors', /Failed/],
    ['text as value', document({ Failed: '1' }), 'EMFValidationErrors', /Failed/],
    ['101 values', document({ Failed: numbers(101) }), 'EMFValidationErrors', /Failed/],
    ['metric not on the root', document({ Failed: undefined }), 'EMFValidationErrors', /Failed/],
    ['dimension not on the root', document({ Monitor: undefined }), 'EMFValidationErrors', /Monitor/],
    ['number as dimension', document({ Monitor: 1 }), 'EMFValidationErrors', /Monitor/],
    [
      'more Values than Counts',
      document({ Failed: { Values: [1, 2], Counts: [1] } }),
      'EMFValidationErrors',
      /Counts/,
    ],
    [
      'a time 15 days ago',
      document().replace(String(now), String(now - 15 * 86_400_000)),
      'EMFValidationErrors',
      /Timestamp/,
    ],
    [
      'a time 3 hours ahead',
      document().replace(String(now), String(now + 3 * 3_600_000)),
      'EMFValidationErrors',
      /Timestamp/,
    ],
  ])('(%s) is counted, not dropped in silence', (_case, line, error, reason) => {
    expect(readEmf(line, now)).toEqual({ kind: 'broken', error, reason: expect.stringMatching(reason) });
  });
});
