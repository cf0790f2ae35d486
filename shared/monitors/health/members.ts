/** A JSON object. */
export type Members = Record<string, unknown>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own member of an object, by its name or as .NET writes it (`Status`); undefined where there is none, or no object. */
export function memberOf(value: unknown, name: string): unknown {
  if (!isMembers(value)) return undefined;
  const known = [name, name[0]?.toUpperCase() + name.slice(1)].find((each) => Object.hasOwn(value, each));
  return known === undefined ? undefined : value[known];
}
