import { isSecretReference } from './secret.ts';

/** Something in a config file that cannot stand, or that is probably not meant. */
export interface Problem {
  /** Where, e.g. `monitors[2] "website".timeout`. */
  path: string;
  /** What stands there, as one would write it; never the value of a secret. */
  got: string;
  allowed: string;
  /** What to write instead. */
  fix: string;
}

/** Where in the file: member names and list indexes, from the top. */
export type Path = (string | number)[];

/** One readable block, without a line break at its end. */
export function formatProblem({ path, got, allowed, fix }: Problem): string {
  return `${path}\n  got      ${got}\n  allowed  ${allowed}\n  fix      ${fix}`;
}

/** A path as people read it: list items that have an id or a name carry it. */
export function writePath(path: Path, file: unknown): string {
  let text = '';
  let here: unknown = file;
  for (const step of path) {
    here = child(here, step);
    if (typeof step === 'string')
      text += /^[\w-]+$/.test(step) ? `${text && '.'}${step}` : `[${JSON.stringify(step)}]`;
    else text += `[${step}]${nameOf(here)}`;
  }
  return text || 'the file';
}

/** What a path leads to; undefined where it leads nowhere. */
export const valueAt = (path: Path, file: unknown): unknown => path.reduce(child, file);

/** The items of a list that a path leads to; none where there is none. */
export function itemsAt(path: Path, file: unknown): unknown[] {
  const value = valueAt(path, file);
  return Array.isArray(value) ? value : [];
}

/** Where a path leads, as the number of each step among its neighbours in the file. */
export function placeOf(path: Path, file: unknown): number[] {
  return path.map((step, i) => {
    if (typeof step === 'number') return step;
    const neighbours = Object.keys(valueAt(path.slice(0, i), file) ?? {});
    const place = neighbours.indexOf(step);
    return place === -1 ? neighbours.length : place;
  });
}

function child(value: unknown, step: string | number): unknown {
  const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
  return isThere ? (value as Record<string | number, unknown>)[step] : undefined;
}

function nameOf(value: unknown): string {
  const name = child(value, 'id') ?? child(value, 'name');
  return typeof name === 'string' ? ` ${JSON.stringify(name)}` : '';
}

/** Characters and levels of a value that are shown. */
const longest = 80;
const deepest = 3;

/** Fields whose text may be a secret. */
const secretField =
  /webhook|password|bearer|token(?!url)|secret|smtp|authorization|^key$|api-?key|cookie|credential/i;

export const mayBeSecret = (path: Path) => path.some((step) => secretField.test(String(step)));

/** A value as one would write it in the file, cut; a text that may be a secret is not shown. */
export function writeValue(value: unknown, path: Path, nesting = 0): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (value instanceof RegExp) return String(value);
  if (typeof value === 'string') {
    const isAddressOfChannel = path[0] === 'channels' && /^\w+:\/\//.test(value);
    if (mayBeSecret(path) || isAddressOfChannel || /\/\/[^/\s]*@/.test(value)) return hidden(value);
    return cut(quote(value.replace(/(\/\/[^\s?]*\?).+/s, '$1…')));
  }
  if (nesting > deepest) return '…';
  if (isSecretReference(value)) return `secret('${value.secret}')`;
  if (Array.isArray(value))
    return cut(`[${value.map((item, i) => writeValue(item, [...path, i], nesting + 1)).join(', ')}]`);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, v]) => `${name}: ${writeValue(v, [...path, name], nesting + 1)}`,
    );
    return members.length ? cut(`{ ${members.join(', ')} }`) : '{}';
  }
  return String(value);
}

/** A text that may be a secret, as it is shown. */
export const hidden = (text: string) => `a text of ${text.length} characters (hidden: it may be a secret)`;

const quote = (text: string) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
