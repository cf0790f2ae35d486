import { findPackageJSON } from 'node:module';
import { monitorKind } from '../monitors/index.ts';
import { entriesOf } from './entries.ts';
import type { Fields } from './fields.ts';
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

/** Drivers of databases are large and installed by who needs them: tells of each that is missing. */
export function refuseMissingDrivers(file: Fields, isThere: IsInstalled, findings: Findings): void {
  for (const { path, fields } of entriesOf(file, findings)) {
    const driver = typeof fields.kind === 'string' ? monitorKind(fields.kind)?.driver : undefined;
    if (driver === undefined || isThere(nameOf(driver))) continue;
    findings.report([...path, 'kind'], {
      allowed: `a kind whose driver ${nameOf(driver)} is installed`,
      fix: `run npm i ${driver}`,
    });
  }
}

/** `pg` of `pg@8.23.1` */
const nameOf = (driver: string) => driver.replace(/@[^@]*$/, '');
