import { readFileSync } from 'node:fs';
import { browser, defineConfig, http, postgres, script } from 'tocsin';
import { expect, test } from 'vitest';
import { isInstalled } from '../../shared/config/drivers.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { monitorKinds } from '../../shared/monitors/index.ts';
import type { MonitorKinds } from '../../shared/monitors/kind.ts';

const config = defineConfig({
  name: 'acme',
  monitors: [http('api', 'https://api.example.com/'), postgres('db', 'db.example.com')],
});

test('a driver that is not installed is asked for, with the command that installs it', () => {
  expect(resolve(config, { local: false, isInstalled: (name) => name !== 'pg' })).toEqual({
    problems: [
      {
        path: 'monitors[1] "db".kind',
        got: "'postgres'",
        allowed: 'a kind whose driver pg is installed',
        fix: 'run npm i pg@8.23.1',
      },
    ],
  });
});

test('with its driver the config is valid', () => {
  expect(resolve(config, { local: false, isInstalled: () => true })).toHaveProperty('config');
});

const pages = (localOnly: boolean) =>
  defineConfig({
    name: 'acme',
    monitors: [browser('shop', { url: 'https://shop.example.com/', localOnly })],
  });

test('a browser needs its driver everywhere, and a packed Chromium where it is deployed', () => {
  const fixOf = (localOnly: boolean, local: boolean, ...installed: string[]) => {
    const resolved = resolve(pages(localOnly), { local, isInstalled: (name) => installed.includes(name) });
    return 'problems' in resolved ? resolved.problems.map(({ fix }) => fix) : 'valid';
  };
  const driver = 'playwright-core@1.65.1';
  const chromium = '@sparticuz/chromium@153.0.0';
  expect(fixOf(false, false)).toEqual([`run npm i ${driver} ${chromium}`]);
  expect(fixOf(false, false, 'playwright-core')).toEqual([`run npm i ${chromium}`]);
  expect(fixOf(false, false, 'playwright-core', '@sparticuz/chromium')).toBe('valid');
  expect(fixOf(false, true, 'playwright-core')).toBe('valid');
  expect(fixOf(true, false, 'playwright-core')).toBe('valid');
  expect(fixOf(true, true)).toEqual([`run npm i ${driver}`]);
});

test('a script must be a file that is there, seen from the config file', () => {
  const config = defineConfig({ name: 'acme', monitors: [script('checkout', './drivers.test.ts')] });
  const options = { local: true, isInstalled: () => true };

  expect(resolve(config, { ...options, from: import.meta.dirname })).toHaveProperty('config');
  expect(resolve(config, options)).toHaveProperty('config');
  expect(resolve(config, { ...options, from: '/nowhere' })).toEqual({
    problems: [
      {
        path: 'monitors[0] "checkout".file',
        got: "'./drivers.test.ts'",
        allowed: 'a file that is there, seen from /nowhere',
        fix: 'write it, or its path from where the config file is',
      },
    ],
  });
});

test('what Node finds is installed', () => {
  expect(isInstalled('zod')).toBe(true);
  expect(isInstalled('no-such-driver')).toBe(false);
});

test('drivers are asked for in the versions that are tested', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const drivers = Object.values(monitorKinds as MonitorKinds).flatMap(({ driver }) => driver ?? []);
  const tested = Object.entries(devDependencies).map(([name, version]) => `${name}@${version}`);
  expect(drivers.length).toBeGreaterThan(0);
  expect(tested).toEqual(expect.arrayContaining(drivers));
});
