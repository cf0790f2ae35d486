import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clone, tocsin } from '../support/tocsin.ts';

const fixtures = 'test/fixtures/config';

test('a valid config is shown on one screen', async () => {
  const { code, out } = await tocsin(['validate', '--config', `${fixtures}/ten-monitors.config.ts`]);

  expect(code).toBe(0);
  expect(out.split('\n')).toEqual(
    expect.arrayContaining([
      'acme: 10 monitors, 2 channels, 2 routes',
      '  docs      http  every 5m   warning after 2 of 3   status in 200-399, certificate > 14d',
      '  cart      http  every 30s  critical after 3 of 5  status in 200-399, certificate > 14d',
      '  oncall  email',
      '  severity = critical  → oncall, ops',
      '  everything           → ops',
    ]),
  );
});

test('a heartbeat is shown with when its job must ping', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tocsin.config.ts');
  writeFileSync(
    file,
    `import { defineConfig, heartbeat } from 'tocsin';
     export default defineConfig({ name: 'jobs', monitors: [
       heartbeat('backup', { cron: '0 3 * * *', zone: 'Europe/Madrid', grace: '30m' }), heartbeat('import', '10m'),
     ] });`,
  );

  const { out } = await tocsin(['validate', '--config', file]);

  expect(out).toMatch(/backup +heartbeat +0 3 \* \* \* Europe\/Madrid, grace 30m +critical/);
  expect(out).toMatch(/import +heartbeat +every 10m, grace 10m +critical/);
});

test('several locations are shown, and how many must see a failure', async () => {
  const { code, out } = await tocsin([
    'validate',
    '--config',
    'test/fixtures/end-to-end/locations.config.ts',
  ]);

  expect(code).toBe(0);
  expect(out.split('\n')).toEqual(
    expect.arrayContaining([
      '  home       Region of the stack',
      '  frankfurt  eu-central-1',
      '  office     Region of the stack, network vpc-0a1b2c3d',
      expect.stringMatching(/^ {2}website .*\(local only, 2 of home, frankfurt, office\)$/),
    ]),
  );
});

test('without a file it is the config of the clone', async () => {
  const { code, out } = await tocsin(['validate']);
  expect(code).toBe(0);
  expect(out).toContain('website  http  every 10s');
  expect(out).toContain('(local only)');
});

test('a file is found from where the user is', async () => {
  const { code } = await tocsin(['validate', '--config', 'shortest.config.ts'], {
    from: join(clone, fixtures),
  });
  expect(code).toBe(0);
});

test('warnings do not make a config invalid', async () => {
  const { code, error } = await tocsin(['validate', '--config', `${fixtures}/shortest.config.ts`]);
  expect(code).toBe(0);
  expect(error).toContain('warning: channels\n');
});

test('an invalid config is refused with all its problems', async () => {
  const { code, out, error } = await tocsin([
    'validate',
    '--config',
    `${fixtures}/invalid/everything-at-once.config.ts`,
  ]);
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(error).toContain("  got      'status = 200'\n");
  expect(error).toMatch(/everything-at-once\.config\.ts has 7 problems\n$/);
});

test('a file that is not there is refused', async () => {
  const { code, error } = await tocsin(['validate', '--config', 'nowhere.ts']);
  expect(code).toBe(1);
  expect(error).toContain('nowhere.ts does not exist');
});

test.each([
  [[], 2],
  [['--help'], 0],
  [['validate', '--help'], 0],
  [['valdate'], 2],
  [['validate', '--confg', 'x'], 2],
  [['validate', 'x.ts'], 2],
  [['validate', '--config'], 2],
])('%j explains itself with exit code %i', async (args, expected) => {
  const { code, out, error } = await tocsin(args);
  expect(code).toBe(expected);
  expect(out + error).toContain('npm run tocsin --');
});

test('a misspelt command is recognised', async () => {
  expect((await tocsin(['valdate'])).error).toContain('there is no command valdate: did you mean validate');
});
