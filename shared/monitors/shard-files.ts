import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShardFile } from './shards.ts';

/** Reads the shards that lie in a probe's asset, each once. Throws where a shard has no file. */
export function shardFiles(folder: string) {
  const read = new Map<string, ShardFile>();
  const one = (id: string): ShardFile => {
    const known = read.get(id);
    if (known) return known;
    const file = JSON.parse(readFileSync(join(folder, `shard-${id}.json`), 'utf8')) as ShardFile;
    read.set(id, file);
    return file;
  };
  const all = () =>
    readdirSync(folder).flatMap((name) => {
      const id = /^shard-(.+)\.json$/.exec(name)?.[1];
      return id ? [one(id)] : [];
    });
  return { one, all };
}
