import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { monitorKind } from '../monitors/index.ts';
import type { Monitor } from './config.ts';
import { entriesOf } from './entries.ts';
import type { Fields } from './fields.ts';
import type { Findings } from './issues.ts';

/**
 * Tells of files that monitors name and that are not there.
 * @param from the folder that relative paths begin at
 */
export function refuseMissingFiles(
  monitors: readonly Monitor[],
  file: Fields,
  from: string,
  findings: Findings,
): void {
  const entries = new Map(entriesOf(file, findings).map((entry) => [entry.fields.id, entry]));
  for (const { id, kind: name, settings } of monitors) {
    const kind = monitorKind(name);
    const missing = kind?.files?.(settings).find((path) => !existsSync(resolve(from, path)));
    if (missing === undefined) continue;
    findings.report([...entries.get(id)!.path, kind!.shorthand], {
      allowed: `a file that is there, seen from ${from}`,
      fix: 'write it, or its path from where the config file is',
    });
  }
}
