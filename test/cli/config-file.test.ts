import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tocsin } from '../support/tocsin.ts';

// In a process of its own: vitest loads modules by its own rules, users' files are loaded by Node's.

let outside: string;
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'tocsin-'));
});
afterAll(() => rmSync(outside, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(outside, name), text);
const validate = (name: string) => tocsin(['validate', '--config', name], { from: outside });

describe('a file outside the clone imports tocsin all the same', () => {
  test.each(['tocsin.config.ts', 'tocsin.config.mts', 'with space & ä.config.ts'])('%s', async (name) => {
    write(
      name,
      `import { defineConfig, http, type ConfigInput } from 'tocsin';
       const config: ConfigInput = { name: 'elsewhere', monitors: [http('api', 'https://api.example.com')] };
       export default defineConfig(config);`,
    );

    const { code, out } = await validate(name);

    expect(code).toBe(0);
    expect(out).toContain('elsewhere: 1 monitor, 0 channels, 1 route');
  });

  test('as JavaScript, with a package around it', async () => {
    write('package.json', '{}');
    write(
      'plain.config.mjs',
      `import { http } from 'tocsin';\nexport default { name: 'plain', monitors: [http('a', 'https://a.example.com')] };`,
    );
    expect((await validate('plain.config.mjs')).out).toContain('plain: 1 monitor');
  });

  test.each(['{}', '{ "type": "commonjs" }'])(
    'in a package that says %s, without a warning',
    async (text) => {
      write('package.json', text);
      write(
        'in-package.config.ts',
        `import { http } from 'tocsin';\nexport default { name: 'inside', monitors: [http('a', 'https://a.example.com')], selfContact: { sms: ['+14155550100'] } };`,
      );

      const { out, error } = await validate('in-package.config.ts');

      expect(out).toContain('inside: 1 monitor');
      expect(error).not.toMatch(/warning.*module/i);
    },
  );

  test('and so do the files that it imports', async () => {
    write(
      'monitors.ts',
      `import { http } from 'tocsin';\nexport const api = http('api', 'https://api.example.com');`,
    );
    write(
      'split.config.ts',
      `import { api } from './monitors.ts';\nexport default { name: 'split', monitors: [api] };`,
    );
    expect((await validate('split.config.ts')).out).toContain('split: 1 monitor');
  });
});

describe('a file that gives no configuration says why', () => {
  test.each([
    ['syntax', 'export default {', /syntax\.config\.ts cannot be loaded: SyntaxError: .* \(line 1\)\n$/],
    ['throws', '\n\nthrow new TypeError("no token");', /cannot be loaded: TypeError: no token \(line 3\)\n$/],
    ['throws-text', 'throw "no token";', /cannot be loaded: it threw no token\n$/],
    [
      'imports-nothing',
      'import "./nowhere.ts";',
      /cannot be loaded: Error: Cannot find module .*nowhere\.ts/,
    ],
    [
      'misspells',
      `import { htpp } from 'tocsin';\nexport default htpp;`,
      /: import from 'tocsin'\n {2}got {6}htpp\n {2}allowed {2}api, .*\n {2}fix {6}write http\n$/,
    ],
    [
      'enum',
      'enum Level { low }\nexport default Level;',
      /cannot be loaded: SyntaxError: .*enum is not supported/,
    ],
    [
      'exports-nothing',
      'export const config = {};',
      /has no default export: write export default defineConfig/,
    ],
  ])('%s', async (name, text, message) => {
    write(`${name}.config.ts`, text);

    const { code, out, error } = await validate(`${name}.config.ts`);

    expect(error).toMatch(message);
    expect([code, out]).toEqual([1, '']);
  });

  test('is not there', async () => {
    const { code, error } = await validate('none.ts');
    expect(error).toBe(
      `${join(outside, 'none.ts')} does not exist: write it, or name another with --config FILE\n`,
    );
    expect(code).toBe(1);
  });
});
