/** What a variable may hold. */
export type Value = string | number | boolean;

export type Variables = ReadonlyMap<string, Value>;

/** Name of a variable: `token`, `cartId`. */
export const variableName = /^[A-Za-z_]\w{0,63}$/;

const placeholder = /\$\{([^}]*)\}/g;

/** Names between `${` and `}` in a text, and in every text of a list or object, as they are written. */
export function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map(([, name = '']) => name);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(namesIn);
}

/** A text with each `${name}` replaced by its value, which `write` makes fit for its place. A value is never filled in again. */
export const fill = (text: string, variables: Variables, write: (value: string) => string): string =>
  text.replaceAll(placeholder, (_, name: string) => write(String(variables.get(name))));

/** Likewise in every text of JSON; one that is nothing but a variable becomes its value, so a number stays a number. */
export function fillJson(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') {
    const whole = /^\$\{([^}]*)\}$/.exec(value);
    return whole ? variables.get(whole[1]!) : fill(value, variables, asItIs);
  }
  if (Array.isArray(value)) return value.map((item) => fillJson(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, fillJson(v, variables)]));
}

export const asItIs = (value: string) => value;

/** A value as part of a URL's path or query, or of a form. */
export const inUrl = (value: string) => encodeURIComponent(value.toWellFormed());

/** A value inside the quotes of a JSON text. */
export const inJson = (value: string) => JSON.stringify(value).slice(1, -1);
