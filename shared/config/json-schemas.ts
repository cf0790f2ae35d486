import { format } from '@cfworker/json-schema';
import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { draftOf, type JsonSchema } from '../conditions/json-schema.ts';
import { nestsRepetition } from '../conditions/pattern.ts';
import type { Advice } from '../conditions/value.ts';
import type { ConfiguredKind } from '../monitors/kind.ts';
import type { Condition } from './config.ts';
import type { Entry } from './entries.ts';
import type { Findings } from './issues.ts';
import type { Path } from './problems.ts';

/** Bytes of JSON: it goes into the configuration of every function. */
const longestSchema = 50_000;

const drafts = /^https?:\/\/json-schema\.org\/(?:draft\/2020-12|draft-07)\/schema#?$/;

/** Refuses JSON Schemas that say nothing, or that probes would not understand: a misspelt keyword would hold for everything. */
export function refuseUnsoundSchemas(
  { path }: Entry,
  kind: ConfiguredKind,
  settings: unknown,
  findings: Findings,
): void {
  for (const { path: place, schema } of kind.schemas?.(settings) ?? [])
    for (const { at, ...advice } of faultsIn(schema)) findings.report([...path, ...place, ...at], advice);
}

/** Refuses conditions on a schema where there is none. */
export function refuseMissingSchema(
  { path }: Entry,
  kind: ConfiguredKind,
  settings: unknown,
  conditions: readonly Condition[],
  findings: Findings,
): void {
  const asks = conditions.find(({ property }) => property === 'schema');
  if (!asks || kind.schemas?.(settings).length !== 0) return;
  findings.report([...path, 'schema'], {
    allowed: `a JSON Schema, which ${asks.line} asks about`,
    fix: "write schema: { type: 'object' }",
  });
}

type Fault = Advice & { at: Path };

function faultsIn(schema: JsonSchema): Fault[] {
  const text = JSON.stringify(schema);
  const refuse = (allowed: string, fix: string, at: Path = []) => [{ at, allowed, fix }];
  if (text.length > longestSchema)
    return refuse(`a JSON Schema of at most ${longestSchema} bytes`, 'leave out what need not be checked');
  if (schema.$schema !== undefined && !drafts.test(String(schema.$schema)))
    return refuse(
      'JSON Schema of draft 2020-12 or draft-07',
      "write $schema: 'https://json-schema.org/draft/2020-12/schema'",
      ['$schema'],
    );
  if (/"\$(?:dynamic|recursive)(?:Ref|Anchor)":/.test(text))
    return refuse('a JSON Schema without $dynamicRef and $recursiveRef', 'write $ref');
  return unsoundIn(schema);
}

/** As its draft and its keywords ask; what is unknown to either is refused. */
function unsoundIn(schema: JsonSchema): Fault[] {
  const ajv = draftOf(schema) === '7' ? new Ajv(options) : new Ajv2020(options);
  ajv.removeKeyword('nullable');
  if (ajv.validateSchema(schema) !== true) return deepestOf(ajv.errors ?? []).map(faultOf);
  try {
    ajv.compile(schema);
    return [];
  } catch (error) {
    return [adviceOn((error as Error).message)];
  }
}

/** A pattern, vetted as those of conditions are. */
const pattern = Object.assign(
  (source: string, flags: string) => {
    const compiled = new RegExp(source, flags);
    if (nestsRepetition(compiled)) throw new Error(`pattern ${compiled} repeats a repetition`);
    return compiled;
  },
  { code: 'RegExp' },
);

const options: Options = {
  allErrors: true,
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  logger: false,
  formats: Object.fromEntries(Object.keys(format).map((name) => [name, true])),
  code: { regExp: pattern },
};

/** Of the faults at one place the first, which says most; none of what is only at fault for something in it. */
function deepestOf(errors: ErrorObject[]): ErrorObject[] {
  const byPlace = Map.groupBy(errors, ({ instancePath }) => instancePath);
  const deepest = [...byPlace].filter(
    ([place]) => ![...byPlace.keys()].some((other) => other.startsWith(`${place}/`)),
  );
  return deepest.flatMap(([, [first]]) => first ?? []);
}

function faultOf({ instancePath, keyword, message = '', params }: ErrorObject): Fault {
  const at = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const allowed =
    keyword === 'enum'
      ? `one of ${params.allowedValues.join(', ')}`
      : message.replace(/^must (?:be )?/, '').replace('NOT', 'not');
  return { at, allowed, fix: 'correct it' };
}

function adviceOn(message: string): Fault {
  const [, keyword] = /^strict mode: unknown keyword: "(.*)"$/.exec(message) ?? [];
  if (keyword)
    return {
      at: [],
      allowed: `a JSON Schema: it has no keyword ${keyword}`,
      fix: `correct or remove ${keyword}`,
    };
  const [, unknown] = /^unknown format "(.*)" ignored/.exec(message) ?? [];
  if (unknown)
    return {
      at: [],
      allowed: `one of the formats ${Object.keys(format).join(', ')}`,
      fix: `leave out ${unknown}`,
    };
  const [, reference] = /^can't resolve reference (\S+) from id/.exec(message) ?? [];
  if (reference)
    return {
      at: [],
      allowed: `a JSON Schema that is complete in itself: it refers to ${reference}`,
      fix: "copy what is meant to $defs and write $ref: '#/$defs/…'",
    };
  return { at: [], allowed: `a sound JSON Schema (${message})`, fix: 'correct it' };
}
