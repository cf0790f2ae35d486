import * as z from 'zod/mini';

/** A field of an object in a config, as its schema has it. */
export interface Field {
  /** Dotted, from the object that is described: `alert.degraded.after`. */
  path: string;
  /** Whether it must be written. */
  isNeeded: boolean;
  /** What may be written, in words and literals; undefined where the schema leaves it to others. */
  type: string | undefined;
  schema: z.core.$ZodType;
}

/** Every field that an object's schema allows, those of objects in it right after them, and each object once. */
export function fieldsOf(
  schema: z.core.$ZodType,
  prefix = '',
  seen = new Map<z.ZodMiniObject, string>(),
): Field[] {
  return objectsIn(schema).flatMap(({ shape }) =>
    Object.entries(shape).flatMap(([name, field]) => {
      const path = prefix + name;
      const [object] = objectsIn(field);
      const twin = object && seen.get(object);
      if (object && !twin) seen.set(object, path);
      const type = twin ? `as \`${twin}\`` : typeOf(field);
      const own = { path, isNeeded: isNeeded(field), type, schema: field };
      return twin ? [own] : [own, ...fieldsOf(field, `${path}.`, seen)];
    }),
  );
}

/** Objects a field may hold, also as items of a list. */
function objectsIn(schema: z.core.$ZodType): z.ZodMiniObject[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodMiniObject) return isSecret(inner) ? [] : [inner];
  if (inner instanceof z.ZodMiniUnion) return inner._zod.def.options.flatMap(objectsIn);
  return inner instanceof z.ZodMiniArray ? objectsIn(inner._zod.def.element) : [];
}

const isSecret = ({ shape }: z.ZodMiniObject) => Object.keys(shape).join() === 'secret';

/** Without what fills in defaults or transforms. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodMiniPipe) return unwrapped(schema._zod.def.in);
  const isWrapper =
    schema instanceof z.ZodMiniOptional ||
    schema instanceof z.ZodMiniDefault ||
    schema instanceof z.ZodMiniPrefault;
  return isWrapper ? unwrapped(schema._zod.def.innerType) : schema;
}

const isNeeded = (schema: z.core.$ZodType) => !z.safeParse(schema, undefined).success;

function typeOf(schema: z.core.$ZodType): string | undefined {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodMiniEnum) return choice(Object.values(inner._zod.def.entries));
  if (inner instanceof z.ZodMiniLiteral) return choice(inner._zod.def.values);
  if (inner instanceof z.ZodMiniArray) return of('list', inner._zod.def.element);
  if (inner instanceof z.ZodMiniRecord) return of('object', inner._zod.def.valueType);
  if (inner instanceof z.ZodMiniUnion) return [...new Set(inner._zod.def.options.map(typeOf))].join(' or ');
  if (inner instanceof z.ZodMiniObject) return isSecret(inner) ? '`secret(…)`' : shapeOf(inner);
  return inner instanceof z.ZodMiniCustom ? formOf(inner) : words[inner._zod.def.type];
}

function of(whole: 'list' | 'object', part: z.core.$ZodType): string | undefined {
  const type = typeOf(part);
  return type && `${whole} of ${type}`;
}

/** What schemas of our own making take, by an example of each form. */
const forms: [example: unknown, form: string][] = [
  ['10s', 'duration'],
  ['1h', 'duration'],
  ['2 of 3', '`M of N`'],
  ['20 USD', '`N USD`'],
  [/ok/, 'regular expression'],
];

const formOf = (schema: z.core.$ZodType) =>
  forms.find(([example]) => z.safeParse(schema, example).success)?.[1] ?? 'text';

/** By zod's own names of types. */
const words: Record<string, string> = {
  string: 'text',
  number: 'number',
  boolean: '`true` or `false`',
  lazy: 'any JSON value',
};

const choice = (values: readonly unknown[]) =>
  values.map((value) => (typeof value === 'string' ? `\`'${value}'\`` : `\`${value}\``)).join(', ');

/** Names that are read at a glance. */
const fewNames = 6;

/** The names in an object: `{ expect, unless? }`. */
function shapeOf({ shape }: z.ZodMiniObject): string {
  const names = Object.entries(shape).map(([name, field]) => (isNeeded(field) ? name : `${name}?`));
  return names.length > fewNames ? 'object' : `\`{ ${names.join(', ')} }\``;
}
