import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { notifiedChannels } from '../shared/config/channel-kinds.ts';
import type { Config } from '../shared/config/config.ts';
import { heartbeatsOf } from '../shared/heartbeats/shards.ts';
import { monitorKinds } from '../shared/monitors/index.ts';
import { kindIn } from '../shared/monitors/kind.ts';
import {
  type ProbeType,
  probedShardsOf,
  probeNameOfShard,
  type Shard,
  type ShardFile,
} from '../shared/monitors/shards.ts';
import { type Browsing, browsingOf, copyBrowser, externalPackages, scriptEntries } from './browser-assets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A Lambda of the stack: its folder below `functions/`, and for what there are several of, which one. */
export type FunctionName =
  | 'record-observations'
  | 'track-incidents'
  | 'reconcile'
  | 'api'
  | 'receive-heartbeat'
  | 'judge-heartbeats'
  | `${ProbeType}-${string}`
  | `notify-${string}`;

/** What one function's asset is made of. */
interface Asset {
  name: FunctionName;
  /** Path of the handler, or a generated entry with its kinds: `notify:slack`, `probe:dns+http`, `probe:http/json-schema`. */
  entry: string;
  /** JSON files beside it, by name. */
  files: Record<string, unknown>;
  /** What it has besides, where it checks by a browser. */
  browsing?: Browsing;
}

/**
 * Writes each function's asset to `<directory>/<name>`, and leaves nothing else there: its code as one minified CommonJS file
 * `index.cjs` (which loads faster than ESM, and is CommonJS whatever package.json lies above), and its part of the configuration
 * as JSON. Same input, same bytes. Throws where a source is missing or does not build.
 * @param from the folder of the config file, which scripts are beside. Default: the working directory
 */
export async function bundle(config: Config, directory: string, from = process.cwd()): Promise<void> {
  const assets = assetsOf(config, from);
  requireEntries(assets);
  await rm(directory, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: assets.flatMap(({ name, entry, browsing }) => [
      { in: entry, out: `${name}/index` },
      ...(browsing?.scripts ?? []).map((script) => ({ in: script.entry, out: `${name}/${script.out}` })),
    ]),
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The ES module build of a package where there is one: only that can be tree-shaken.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(root, 'infra/given-credentials.ts'),
      '@smithy/core/event-streams': join(root, 'infra/no-event-streams.ts'),
    },
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    external: externalPackages(),
    plugins: [generatedEntries, scriptEntries, versionsAlone],
  });
  await Promise.all(
    assets.map(async ({ name, files, browsing }) => {
      await writeFiles(join(directory, name), files);
      if (browsing) await copyBrowser(join(directory, name));
    }),
  );
}

function assetsOf(config: Config, from: string): Asset[] {
  const files = { 'config.json': config };
  const always = ['record-observations', 'track-incidents', 'reconcile', 'api'] as const;
  const ofHeartbeats = ['receive-heartbeat', 'judge-heartbeats'] as const;
  const names = heartbeatsOf(config).length > 0 ? [...always, ...ofHeartbeats] : always;
  const plain = names.map((name) => ({ name, entry: `functions/${name}/handler.ts`, files }));
  const probes = [...Map.groupBy(probedShardsOf(config), probeNameOfShard)].map(
    ([name, shards]): Asset => ({
      name,
      entry: `probe:${kindsOf(shards).join('+')}${haveSchemas(shards) ? '/json-schema' : ''}`,
      files: Object.fromEntries(
        shards.map((shard): [string, ShardFile] => [
          `shard-${shard.id}.json`,
          { version: 1, name: config.name, witness: config.witness, shard },
        ]),
      ),
      ...browsingOf(shards, from),
    }),
  );
  const kinds = [...new Set(notifiedChannels(config).map(({ kind }) => kind))];
  const notifiers = kinds.map((kind) => ({
    name: `notify-${kind}` as const,
    entry: `notify:${kind}`,
    files,
  }));
  return [...plain, ...probes, ...notifiers];
}

/** Kinds of the monitors in shards, always in the same order. */
const kindsOf = (shards: Shard[]) =>
  [...new Set(shards.flatMap(({ monitors }) => monitors.map(({ kind }) => kind)))].toSorted();

/** Whether a monitor in shards holds answers to a JSON Schema. */
const haveSchemas = (shards: Shard[]) =>
  shards.some(({ monitors }) =>
    monitors.some(({ kind, settings }) => (kindIn(monitorKinds, kind)?.schemas?.(settings) ?? []).length > 0),
  );

/** Where the kinds are that a function is generated for, and how its handler takes them. */
const generated: Record<string, { folder: string; parameter(kinds: string[]): string }> = {
  probe: { folder: 'shared/monitors', parameter: (kinds) => `{ ${kinds.join(', ')} }` },
  notify: { folder: 'shared/notifications', parameter: ([kind = '']) => kind },
};

const generatedEntry = /^(?<name>probe|notify):(?<kinds>[a-z0-9+]+)(?<schema>\/json-schema)?$/;

/** The entry of a function that is made for some kinds: the handler with these and no others. */
const generatedEntries: Plugin = {
  name: 'generated-entries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: generatedEntry }, ({ path }) => ({ path, namespace: 'generated' }));
    onLoad({ filter: generatedEntry, namespace: 'generated' }, ({ path }) => ({
      resolveDir: root,
      loader: 'ts',
      contents: sourceOf(path),
    }));
  },
};

/** SDK clients read their version from their `package.json`, which would be in the bundles with all that is in it. */
const versionsAlone: Plugin = {
  name: 'versions-alone',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { loader: 'json', contents: JSON.stringify({ version }) };
    });
  },
};

function sourceOf(entry: string): string {
  const { name, kinds, schema } = partsOf(entry)!;
  const { folder, parameter } = generated[name]!;
  const imports = kinds.map((kind) => `import { ${kind} } from './${folder}/${kind}.ts';`);
  if (schema) imports.push(`import { validateJson } from './shared/conditions/json-schema.ts';`);
  return `
    import { createHandler } from './functions/${name}/handler.ts';
    ${imports.join('\n')}
    export const handler = createHandler(${parameter(kinds)}${schema ? ', validateJson' : ''});`;
}

function partsOf(entry: string): { name: string; kinds: string[]; schema: boolean } | undefined {
  const { name, kinds, schema } = generatedEntry.exec(entry)?.groups ?? {};
  return name && kinds ? { name, kinds: kinds.split('+'), schema: schema !== undefined } : undefined;
}

function requireEntries(assets: Asset[]): void {
  const sources = assets.flatMap(({ entry }) => {
    const parts = partsOf(entry);
    if (!parts) return [entry];
    const { folder } = generated[parts.name]!;
    return [`functions/${parts.name}/handler.ts`, ...parts.kinds.map((kind) => `${folder}/${kind}.ts`)];
  });
  const missing = [...new Set(sources)].filter((source) => !existsSync(join(root, source)));
  if (missing.length > 0) throw new Error(`cannot bundle: there is no ${missing.join(', no ')}`);
}

async function writeFiles(directory: string, files: Record<string, unknown>): Promise<void> {
  await mkdir(directory, { recursive: true });
  await Promise.all(
    Object.entries(files).map(([name, value]) => writeFile(join(directory, name), JSON.stringify(value))),
  );
}
