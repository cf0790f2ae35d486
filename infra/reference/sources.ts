import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type DocComments, docCommentsOf } from './doc-comments.ts';
import { type Field, fieldsOf } from './fields.ts';

const root = join(import.meta.dirname, '../..');

/** What a user writes is described in these files: the schemas of the file, of monitor kinds and of channel kinds. */
const describing = [
  ['shared/config', /\.ts$/],
  ['shared/monitors', /(^|[/-])settings\.ts$/],
  ['shared/notifications', /(^|[/-])settings\.ts$/],
] as const;

/** Where the functions of the config files are. */
const makers = ['shared/config/builders.ts', 'shared/config/channel-builders.ts'];

/** A schema that a file exports, and what the file says. */
interface Source {
  name: string;
  schema: z.core.$ZodType;
  comments: DocComments;
}

/** What doc comments say of schemas and functions. */
export interface Docs {
  /** The comment above a function of the config files, such as `http`. */
  ofFunction(name: string): string;
  /** @throws when nobody says what the field is for */
  ofField(owner: z.core.$ZodType, field: Field): string;
}

/** Reads all of them once. */
export async function readDocs(): Promise<Docs> {
  const sources = (await Promise.all(describing.map(([folder, names]) => sourcesIn(folder, names)))).flat();
  const builders = new Map(
    makers.flatMap((file) => [...docCommentsOf(readFileSync(join(root, file), 'utf8'))]),
  );
  const described = sources.flatMap(({ name, schema, comments }) =>
    fieldsOf(schema).flatMap((field) => {
      const text = comments.get(`${name}.${field.path}`);
      return text === undefined ? [] : [{ ...field, text }];
    }),
  );
  return {
    ofFunction: (name) => builders.get(name) ?? missing(`${name}(…) in ${makers.join(' or ')}`),
    ofField(owner, field) {
      const source = sources.find(({ schema }) => schema === owner);
      const own = source?.comments.get(`${source.name}.${field.path}`);
      const shared = described.find(
        (other) => other.schema === field.schema && nameOf(other) === nameOf(field),
      );
      const text = own ?? shared?.text ?? (source && onlyOneNamed(nameOf(field), source.comments));
      return text ?? missing(`${source?.name ?? 'a schema'}.${field.path}`);
    },
  };
}

async function sourcesIn(folder: string, names: RegExp): Promise<Source[]> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => names.test(file))
    .toSorted();
  const read = files.map(async (file) => {
    const path = join(root, folder, file);
    const comments = docCommentsOf(readFileSync(path, 'utf8'));
    const exported: Record<string, unknown> = await import(path);
    return Object.entries(exported).flatMap(([name, value]) => {
      const schema = schemaOf(value);
      return schema ? [{ name, schema, comments }] : [];
    });
  });
  return (await Promise.all(read)).flat();
}

/** A schema, or fields that several schemas share. */
function schemaOf(value: unknown): z.core.$ZodType | undefined {
  if (value instanceof z.ZodMiniType) return value;
  const isFields =
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((field) => field instanceof z.ZodMiniType);
  return isFields ? z.object(value as z.core.$ZodShape) : undefined;
}

const nameOf = ({ path }: Field) => path.slice(path.lastIndexOf('.') + 1);

/** A field of a schema that has a name of its own in the same file, such as a step of a dialogue. */
function onlyOneNamed(name: string, comments: DocComments): string | undefined {
  const texts = [...comments].filter(([place]) => place.endsWith(`.${name}`)).map(([, text]) => text);
  return texts.length === 1 ? texts[0] : undefined;
}

function missing(what: string): never {
  throw new Error(`the reference cannot say what ${what} is for: write a doc comment above it`);
}
