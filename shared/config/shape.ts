import * as z from 'zod/mini';

/** Names of the fields that a schema allows at a path, also of the items of a list; none where it is no object. */
export function fieldsAt(schema: z.core.$ZodType, path: PropertyKey[]): string[] {
  let here = objectsIn(schema);
  for (const step of path.filter((one) => typeof one !== 'number'))
    here = here.flatMap((object) => {
      const field = object.shape[String(step)];
      return field ? objectsIn(field) : [];
    });
  return [...new Set(here.flatMap(({ shape }) => Object.keys(shape)))];
}

/** The objects a schema may stand for, without what is wrapped around them. */
function objectsIn(schema: z.core.$ZodType): z.ZodMiniObject[] {
  if (schema instanceof z.ZodMiniObject) return [schema];
  if (schema instanceof z.ZodMiniArray) return objectsIn(schema._zod.def.element);
  if (schema instanceof z.ZodMiniUnion) return schema._zod.def.options.flatMap(objectsIn);
  if (schema instanceof z.ZodMiniPipe) return objectsIn(schema._zod.def.in);
  const isWrapper =
    schema instanceof z.ZodMiniOptional ||
    schema instanceof z.ZodMiniDefault ||
    schema instanceof z.ZodMiniPrefault;
  return isWrapper ? objectsIn(schema._zod.def.innerType) : [];
}
