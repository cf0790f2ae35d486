import * as z from 'zod/mini';

/**
 * Values as they come off the wire. The JSON protocols have numbers and booleans; the Query protocol has text only,
 * so both spellings of a value are taken.
 */

const textual = <Schema extends z.ZodMiniType>(
  pattern: RegExp,
  read: (text: string) => unknown,
  schema: Schema,
) =>
  z.pipe(
    z.transform((value: unknown) => (typeof value === 'string' && pattern.test(value) ? read(value) : value)),
    schema as z.ZodMiniType<z.output<Schema>>,
  );

export const integer = (minimum: number, maximum: number) =>
  textual(/^-?\d+$/, Number, z.int().check(z.minimum(minimum), z.maximum(maximum)));

export const decimal = () => textual(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, Number, z.number());

export const flag = () => textual(/^(true|false)$/, (text) => text === 'true', z.boolean());

/** A time as epoch milliseconds: on the wire, epoch seconds or ISO 8601. */
export const instant = () =>
  z.pipe(
    z.transform((value: unknown) => {
      if (value instanceof Date) return value.getTime();
      if (typeof value === 'number') return value * 1000;
      if (typeof value !== 'string') return undefined;
      return /^[\d.]+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
    }),
    z.number(),
  );

/** Epoch milliseconds as the wire's epoch seconds. */
export const epochSeconds = (milliseconds: number) => milliseconds / 1000;
