import { findPackageJSON } from 'node:module';
import { monitorKind } from '../monitors/index.ts';
import { entriesOf, inheritedFields } from './entries.ts';
import { type Fields, merge } from './fields.ts';
import type { Findings } from './issues.ts';

/** Whether a package is installed beside Tocsin. */
export type IsInstalled = (name: string) => boolean;

export const isInstalled: IsInstalled = (name) => {
  try {
    return findPackageJSON(name, import.meta.url) !== undefined;
  } catch {
    return false;
  }
};

/**
 * Drivers of databases and browsers are large and installed by who needs them: tells of each that is missing.
 * @param local what is needed on AWS alone is not
 */
export function refuseMissingDrivers(
  file: Fields,
  isThere: IsInstalled,
  local: boolean,
  findings: Findings,
): void {
  for (const entry of entriesOf(file, findings)) {
    const { path, fields } = entry;
    const kind = typeof fields.kind === 'string' ? monitorKind(fields.kind) : undefined;
    const isDeployed = !local && merge(inheritedFields(entry), fields).localOnly !== true;
    const needed = [kind?.driver, isDeployed ? kind?.deployedDriver : undefined].filter(
      (driver) => driver !== undefined,
    );
    const missing = needed.filter((driver) => !isThere(packageOf(driver)));
    if (missing.length === 0) continue;
    findings.report([...path, 'kind'], {
      allowed: `a kind whose driver ${missing.map(packageOf).join(' with ')} is installed`,
      fix: `run npm i ${missing.join(' ')}`,
    });
  }
}

/** `pg` of `pg@8.23.1` */
export const packageOf = (driver: string) => driver.replace(/@[^@]*$/, '');
