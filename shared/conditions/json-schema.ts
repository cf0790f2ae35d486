import { dereference, type OutputUnit, type Schema, type SchemaDraft, validate } from '@cfworker/json-schema';
import { bounded } from './bounded.ts';
import type { Seen } from './properties.ts';

/** A JSON Schema of draft 2020-12, or of draft-07 where its `$schema` says so. */
export type JsonSchema = Record<string, unknown>;

/** Judges a document by a schema: `valid`, or the first things that are not. */
export type ValidateJson = (schema: JsonSchema, document: unknown) => Seen;

/** Milliseconds of the processor for one document: enough for several MB, and checks beside it must not wait for ever. */
const longestValidation = 500;

/** Faults that are told of one document. */
const most = 3;

export const draftOf = ({ $schema }: JsonSchema): SchemaDraft =>
  /draft-07/.test(String($schema)) ? '7' : '2020-12';

/** Schemas are asked thousands of times and never change: what their references lead to is found once. */
const prepared = new WeakMap<JsonSchema, Record<string, Schema | boolean>>();

/** Throws where the schema itself is unsound: it was checked with the config. */
export const validateJson: ValidateJson = (schema, document) => {
  const lookup = prepared.get(schema) ?? dereference(schema);
  prepared.set(schema, lookup);
  const faults = (isBrief: boolean) =>
    bounded(longestValidation, () => validate(document, schema, draftOf(schema), lookup, isBrief).errors);
  try {
    const found = faults(true);
    if (!found) return { problem: `validating the body took longer than ${longestValidation} ms` };
    return { value: found.result.length === 0 ? 'valid' : sentenceOf((all(faults) ?? found).result) };
  } catch (error) {
    // Names of members that are no Unicode have no place in a URI, which is how places are told.
    if (error instanceof URIError) return { problem: 'the body has names that are not Unicode' };
    if (error instanceof RangeError) return { problem: 'the body is too large or too deep to be validated' };
    throw error;
  }
};

/** Every fault; undefined where there are more than can be gathered. */
function all(faults: (isBrief: boolean) => { result: OutputUnit[] } | undefined) {
  try {
    return faults(false);
  } catch {
    return undefined;
  }
}

/** Keywords whose faults only say that there are others, in the schemas below them. */
const telling = new Set([
  '$ref',
  'allOf',
  'if',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'dependentSchemas',
  'prefixItems',
  'items',
  'additionalItems',
  'unevaluatedItems',
]);

/** Keywords below which it does not matter what each alternative found. */
const choosing = new Set(['anyOf', 'oneOf', 'contains']);

function sentenceOf(faults: OutputUnit[]): string {
  const choices = faults.filter(({ keyword }) => choosing.has(keyword));
  const own = faults.filter(
    ({ keyword, keywordLocation: place }) =>
      !telling.has(keyword) &&
      !choices.some(({ keywordLocation }) => place.startsWith(`${keywordLocation}/`)),
  );
  const told = (own.length > 0 ? own : faults).map(
    ({ keyword, instanceLocation, error }) =>
      `${pathOf(instanceLocation)}: ${keyword === 'false' ? 'is not allowed' : wordsOf(error)}`,
  );
  const more = told.length > most ? ` (and ${told.length - most} more)` : '';
  return [...new Set(told)].slice(0, most).join('; ') + more;
}

/** The validator's own words, to follow the place they are about. */
const wordsOf = (error: string) =>
  error
    .replace(/^Instance type (.*) is invalid\. Expected (.*)\.$/, 'is $1, not $2')
    .replace(/^Instance /, '')
    .replace(/\.$/, '')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    .replaceAll('"', "'");

/** `#/checks/0/name` as `$.checks[0].name`. */
const pathOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => path + stepOf(part), '$');

function stepOf(part: string): string {
  if (/^\d+$/.test(part)) return `[${part}]`;
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(part) ? `.${part}` : `['${part}']`;
}
