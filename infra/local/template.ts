import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A stack as CDK synthesized it. */
export interface Stack {
  name: string;
  /** Where it is deployed; undefined where it does not know before. */
  region: string | undefined;
  /** The template's file name, for messages. */
  file: string;
  resources: Record<string, TemplateResource>;
  conditions: Record<string, unknown>;
  mappings: Record<string, Record<string, Record<string, unknown>>>;
  parameters: Record<string, { Default?: unknown }>;
  /** Directory or file of every asset, by its object key. */
  assets: Map<string, string>;
}

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  Condition?: string;
}

/** All stacks of a `cdk.out`, each after those it depends on. Throws what reading and parsing its files throws. */
export function loadStacks(directory: string): Stack[] {
  const manifest = readJson(join(directory, 'manifest.json')) as Manifest;
  const assets = new Map<string, string>();
  for (const { type, properties } of Object.values(manifest.artifacts)) {
    if (type !== 'cdk:asset-manifest' || !properties) continue;
    const { files = {} } = readJson(join(directory, properties.file ?? '')) as AssetManifest;
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations))
        assets.set(objectKey, join(directory, source.path));
    }
  }
  return inOrder(manifest.artifacts).flatMap((id) => {
    const { type, properties, environment } = manifest.artifacts[id]!;
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) return [];
    const region = /^aws:\/\/[^/]+\/(.+)$/.exec(environment ?? '')?.[1];
    const template = readJson(join(directory, properties.templateFile)) as Template;
    return {
      name: properties.stackName ?? id,
      region: region === 'unknown-region' ? undefined : region,
      file: properties.templateFile,
      resources: template.Resources ?? {},
      conditions: template.Conditions ?? {},
      mappings: template.Mappings ?? {},
      parameters: template.Parameters ?? {},
      assets,
    };
  });
}

/** Ids of artifacts, each after its dependencies; CDK refuses circles. */
function inOrder(artifacts: Manifest['artifacts']): string[] {
  const ordered = new Set<string>();
  const add = (id: string) => {
    for (const dependency of artifacts[id]?.dependencies ?? []) if (!ordered.has(dependency)) add(dependency);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) add(id);
  return [...ordered].filter((id) => artifacts[id]);
}

interface Manifest {
  artifacts: Record<
    string,
    {
      type: string;
      /** `aws://<account>/<region>` */
      environment?: string;
      dependencies?: string[];
      properties?: { templateFile?: string; stackName?: string; file?: string };
    }
  >;
}
interface AssetManifest {
  files?: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}
interface Template {
  Resources?: Stack['resources'];
  Conditions?: Stack['conditions'];
  Mappings?: Stack['mappings'];
  Parameters?: Stack['parameters'];
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
