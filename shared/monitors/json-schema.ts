import * as z from 'zod/mini';
import type { JsonSchema } from '../conditions/json-schema.ts';
import type { Property, Seen } from '../conditions/properties.ts';
import type { PlacedSchema, ProbeContext } from './kind.ts';

/** A JSON Schema in settings. Whether it is a sound one is seen where the config is read. */
export const jsonSchema = z.record(
  z.string(),
  z.json(),
  "must be a JSON Schema as an object: write schema: JSON.parse(readFileSync('health.schema.json', 'utf8'))",
);

export const schemaProperty = {
  type: 'word',
  words: ['valid'],
  description: 'Whether the JSON is as the `schema` of the settings asks',
} as const satisfies Property;

/** What holds wherever there is a schema. */
export const fitsSchema = 'schema == valid';

interface WithSchema {
  schema?: JsonSchema | undefined;
}

export const schemaIn = ({ schema }: WithSchema): PlacedSchema[] =>
  schema ? [{ path: ['schema'], schema }] : [];

/** Whether JSON is as the schema of the settings asks. Throws where the probe was built without the code for that. */
export function schemaSeen({ schema }: WithSchema, { validateJson }: ProbeContext, json: Seen): Seen {
  if (!schema) return { problem: 'there is no schema' };
  if ('problem' in json) return json;
  if (!validateJson) throw new Error('this probe cannot validate JSON');
  return validateJson(schema, json.value);
}
