/** Stands for every element of an array: `[*]`. */
export const everyElement = Symbol('every element');

/** A member's name, an element's index, or every element. */
export type Step = string | number | typeof everyElement;

/** The steps at the start of a text: `.name`, `[0]`, `[*]`, `['any name']` or `["any name"]`. */
const step =
  /^(?:\.([\p{L}_][\p{L}\p{N}_-]*)|\[(\d{1,9})\]|\[(\*)\]|\[('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\])/u;

/**
 * Reads a JSON path at the start of a text: `$`, then steps. The subset of RFC 9535 that points at values; filters, slices and
 * descendants are not in it. Returns the steps and how many characters they took; undefined where the text starts with none.
 */
export function readPath(text: string): { steps: Step[]; length: number } | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: Step[] = [];
  let length = 1;
  for (let match = step.exec(text.slice(length)); match; match = step.exec(text.slice(length))) {
    const [all, name, index, star, quoted] = match;
    if (star) steps.push(everyElement);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? quoted!.slice(1, -1).replace(/\\(.)/g, '$1'));
    length += all.length;
  }
  return { steps, length };
}

/** The steps of a whole text; undefined where it is no JSON path. */
export function parsePath(text: string): Step[] | undefined {
  const path = readPath(text);
  return path?.length === text.length ? path.steps : undefined;
}

/**
 * The values a path points at: one, or as many as `[*]` finds. A step that leads nowhere gives `undefined` in that place.
 * `length` of an array or a text is its length.
 */
export function select(document: unknown, steps: Step[]): unknown[] {
  return steps.reduce<unknown[]>((values, s) => values.flatMap((value) => follow(value, s)), [document]);
}

function follow(value: unknown, s: Step): unknown[] {
  if (s === everyElement) return Array.isArray(value) ? value : [undefined];
  if (typeof s === 'number') return [Array.isArray(value) ? value[s] : undefined];
  if (s === 'length' && (Array.isArray(value) || typeof value === 'string')) return [value.length];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return [isObject && Object.hasOwn(value, s) ? (value as Record<string, unknown>)[s] : undefined];
}
