import type { Context } from 'hono';
import * as z from 'zod/mini';
import { parseDuration } from '../duration.ts';
import { ApiError } from './errors.ts';
import type { Signed } from './session.ts';

/** A text of a body, without spaces around it. */
export function boundedText(max: number, what: string) {
  const error = `${what} is a text of 1 to ${max} characters`;
  return z.string({ error }).check(z.trim(), z.minLength(1, { error }), z.maxLength(max, { error }));
}

/** Who acts; the body need not say. */
export const actor = z.optional(boundedText(100, 'who acts'));

/** A time in a body, as epoch milliseconds. */
export const moment = (field: string) =>
  z.pipe(
    z.iso.datetime({ offset: true, error: `\`${field}\` is a time in ISO 8601, with its zone` }),
    z.transform((text) => Date.parse(text)),
  );

/** A length of time in a body, as milliseconds. */
export const span = (field: string) =>
  z.pipe(
    z
      .string(`\`${field}\` is a time like 30m, 2h or 1d`)
      .check(z.refine((text) => (parseDuration(text) ?? 0) > 0, `\`${field}\` is a time like 30m, 2h or 1d`)),
    z.transform((text) => parseDuration(text)!),
  );

/** Who acts where the body names nobody. */
export const caller = (c: Context<Signed>) => c.get('person') ?? 'api';

/** A JSON body by its schema; no body at all reads as `{}`. @throws ApiError where it is anything else */
export async function readBody<Schema extends z.ZodMiniType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await c.req.text();
  const parsed = schema.safeParse(text === '' ? {} : parseJson(text));
  if (parsed.success) return parsed.data;
  throw new ApiError('invalid-request', parsed.error.issues.map(problem).join('; '));
}

function problem(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.map(quoted).join(', ')}`;
  return issue.path.length > 0 ? issue.message : 'the body is no JSON object';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('invalid-request', 'the body is not JSON');
  }
}

/** Text from outside within a message: short, in quotes, on one line. */
export const quoted = (text: string) => JSON.stringify(text.slice(0, 80));

const isoMoment = z.iso.datetime({ offset: true });

/** A time in a query, `?from=2026-11-01T00:00:00Z` or a day, `2026-11-01`, which begins in UTC. @throws ApiError where it is anything else */
export function queriedTime(c: Context, field: string): number | undefined {
  const text = c.req.query(field);
  if (text === undefined) return undefined;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(day)) return day;
  if (isoMoment.safeParse(text).success) return Date.parse(text);
  throw new ApiError('invalid-request', `\`${field}\` is a time like 2026-11-01 or 2026-11-01T09:00:00Z`);
}
