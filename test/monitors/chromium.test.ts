import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chromiumAt, findChromium } from '../../shared/monitors/browser/chromium.ts';
import { probeNameOfShard, shardsOf } from '../../shared/monitors/shards.ts';
import { configOf, monitor, page, scriptOf } from '../support/synthesis.ts';

/** A folder with programs of these names. */
function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-path-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of names) {
    writeFileSync(join(folder, name), '#!/bin/sh\n');
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

test('the Chromium of a machine is the one that is named, else the likeliest on the path', () => {
  const chrome = folderWith('google-chrome');
  const chromium = folderWith('chromium');
  const PATH = [chrome, chromium].join(delimiter);

  expect(findChromium({ CHROMIUM: '/opt/chrome', PATH })).toBe('/opt/chrome');
  expect(findChromium({ PATH })).toBe(join(chromium, 'chromium'));
  expect(findChromium({ PATH: chrome })).toBe(join(chrome, 'google-chrome'));
});

test('a file that is no program is no Chromium', () => {
  const folder = folderWith();
  writeFileSync(join(folder, 'chromium'), '', { mode: 0o644 });

  expect(findChromium({ PATH: folder })).not.toBe(join(folder, 'chromium'));
});

test('without any Chromium there is an error that says what to do', async () => {
  await expect(chromiumAt({ assets: folderWith() })).rejects.toThrow('apt install chromium');
});

test('a Chromium has nothing of the environment of its probe', async () => {
  const { env } = await chromiumAt({ chromium: '/usr/bin/chromium' });

  expect(Object.keys(env).toSorted()).toEqual(['HOME', 'PATH']);
});

test('pages and scripts are in shards of their own, one in each, for functions of their own', () => {
  const config = configOf([
    monitor('a', { every: 300_000 }),
    page('one'),
    monitor('b', { every: 300_000 }),
    page('two'),
    scriptOf('checkout'),
  ]);

  const shards = shardsOf(config).map((shard) => [
    shard.id,
    probeNameOfShard(shard),
    shard.monitors.map(({ id }) => id),
  ]);

  expect(shards).toEqual([
    ['300s-0', 'probe-home', ['a', 'b']],
    ['browser-300s-0', 'browser-home', ['one']],
    ['browser-300s-1', 'browser-home', ['two']],
    ['script-300s-0', 'script-home', ['checkout']],
  ]);
});
