import type * as z from 'zod/mini';

/** A part of a file whose fields are not checked yet. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What lies nearer wins; labels and the parts of `alert` add up. */
export function merge(outer: Fields, inner: Fields): Fields {
  const added = ['labels', 'alert'].filter((field) => isFields(outer[field]) && isFields(inner[field]));
  const sums = added.map((field) => [field, { ...(outer[field] as Fields), ...(inner[field] as Fields) }]);
  return { ...outer, ...withoutUndefined(inner), ...Object.fromEntries(sums) };
}

/** Fields that a schema found nothing wrong with. */
export function sound(fields: Fields, error: z.core.$ZodError | undefined): Fields {
  const faulty = error?.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0])],
  );
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !faulty?.includes(field)));
}

/** What a schema makes of the fields that it found nothing wrong with; undefined where the others cannot be missing. */
export const readSound = <Schema extends z.ZodMiniType>(
  schema: Schema,
  fields: unknown,
  error: z.core.$ZodError | undefined,
): z.output<Schema> | undefined =>
  isFields(fields) ? schema.safeParse(sound(fields, error)).data : undefined;

type Defined<Value> = { [Field in keyof Value]: Exclude<Value[Field], undefined> };

export function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Defined<Value>;
}
