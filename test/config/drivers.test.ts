import { readFileSync } from 'node:fs';
import { defineConfig, http, postgres } from 'tocsin';
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
