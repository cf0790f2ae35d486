import type { Properties } from '../../conditions/properties.ts';
import { type Conclusion, lookAmong } from '../attempt.ts';
import { certificateSeen } from '../network/server.ts';
import type { Trace } from '../trace.ts';

/** Bytes that a database may say in one check. */
export const maxSaid = 1_000_000;

export const sqlProperties = {
  responseTime: { type: 'duration', description: 'From the start of the check to the last row' },
  'row.count': { type: 'number', description: 'How many rows the query gives' },
  row: {
    type: 'json',
    argument: 'JSON path',
    description:
      'A value in the rows, such as `row $[0].waiting < 100`; numbers, true and false, null and JSON as such, all else as text',
  },
  certificate: { type: 'days', description: 'Days until the server certificate expires, over TLS' },
} as const satisfies Properties;

export type Row = Record<string, unknown>;

/** What there is to judge of the rows of a query. */
export const concludeRows =
  (kind: string) =>
  (rows: Row[], responseTime: number, trace: Trace): Conclusion => ({
    look: lookAmong(kind, {
      responseTime: () => ({ value: responseTime }),
      'row.count': () => ({ value: rows.length }),
      row: () => ({ value: rows }),
      certificate: () => certificateSeen(trace),
    }),
    excerpt: () => rows.map((row) => JSON.stringify(row)).join('\n'),
  });
