import { cp } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Monitor } from '../shared/config/config.ts';
import { packageOf } from '../shared/config/drivers.ts';
import { packedFolder } from '../shared/monitors/browser/chromium.ts';
import { browser } from '../shared/monitors/browser.ts';
import type { ScriptSettings } from '../shared/monitors/script/settings.ts';
import { scriptsFolder } from '../shared/monitors/script.ts';
import { probeTypeOf, type Shard } from '../shared/monitors/shards.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Drives the browser: it reads files of its own, and so is copied and not bundled. */
const driver = packageOf(browser.driver!);

/** Unpacks Chromium; bundled, but for its archives. */
const chromium = packageOf(browser.deployedDriver!);

/** What a probe with a browser has besides its code. */
export interface Browsing {
  /** Bundles of scripts: a generated entry, and the file without its ending. */
  scripts: { entry: string; out: string }[];
}

/** Of shards that are all of the same type of probe: nothing for those without a browser. */
export function browsingOf(shards: readonly Shard[], from: string): { browsing?: Browsing } {
  const monitors = shards.flatMap((shard) => shard.monitors);
  if (monitors.every((monitor) => probeTypeOf(monitor) === 'probe')) return {};
  const scripts = monitors.filter((monitor): monitor is Monitor<ScriptSettings> => monitor.kind === 'script');
  const byId = new Map(scripts.map((monitor) => [monitor.id, monitor]));
  return { browsing: { scripts: [...byId.values()].map((monitor) => entryOf(monitor, from)) } };
}

const prefix = 'script:';

const entryOf = ({ id, settings }: Monitor<ScriptSettings>, from: string) => ({
  entry: prefix + resolve(from, settings.file),
  out: `${scriptsFolder}/${id}`,
});

const shim = join(root, 'shared/monitors/script/playwright-test.ts');

/** A script with the tests it declared: its `@playwright/test` is ours. */
export const scriptEntries: Plugin = {
  name: 'script-entries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^script:/ }, ({ path }) => ({
      path: path.slice(prefix.length),
      namespace: 'script',
    }));
    onResolve({ filter: /^@playwright\/test$/ }, () => ({ path: shim }));
    onLoad({ filter: /.*/, namespace: 'script' }, ({ path }) => ({
      resolveDir: root,
      loader: 'ts',
      contents: `
        import * as script from ${JSON.stringify(path)};
        import { declaredTests } from ${JSON.stringify(shim)};
        export { script, declaredTests as tests };`,
    }));
  },
};

/** Packages that bundles find beside them, or not at all. */
export const externalPackages = (): string[] => [driver, ...(folderOf(chromium) ? [] : [chromium])];

function folderOf(name: string): string | undefined {
  try {
    const file = findPackageJSON(name, import.meta.url);
    return file && dirname(file);
  } catch {
    return undefined;
  }
}

/** Of the driver, what only people use: its types, and the pages of its tools. */
const unused = /^(types|bin|lib\/(vite|tools))(\/|$)/;

/**
 * Puts the driver into an asset, and the packed Chromium where it is installed: on this machine another one is used.
 * @param packed folder of its package
 */
export async function copyBrowser(asset: string, packed = folderOf(chromium)): Promise<void> {
  const source = folderOf(driver);
  if (!source)
    throw new Error(`cannot bundle a browser monitor without its driver: run npm i ${browser.driver}`);
  const filter = (file: string) => !unused.test(file.slice(source.length + 1).replaceAll('\\', '/'));
  await cp(source, join(asset, 'node_modules', driver), { recursive: true, filter });
  if (packed) await cp(join(packed, 'bin'), join(asset, packedFolder), { recursive: true });
}

/**
 * Bundles of the scripts of monitors alone, for whoever checks on this machine.
 * @param from the folder of the config file
 */
export async function bundleScripts(
  monitors: readonly Monitor[],
  from: string,
  directory: string,
): Promise<void> {
  const scripts = monitors.filter((monitor): monitor is Monitor<ScriptSettings> => monitor.kind === 'script');
  const entries = scripts.map((monitor) => entryOf(monitor, from));
  if (entries.length === 0) return;
  await build({
    absWorkingDir: root,
    entryPoints: entries.map(({ entry, out }) => ({ in: entry, out })),
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'silent',
    external: [driver],
    plugins: [scriptEntries],
  });
}
