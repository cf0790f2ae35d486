import { defineConfig, type HealthOptions, health, http } from 'tocsin';
import { expect, test } from 'vitest';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';

/** Condition lines of the only monitor, or what is wrong. */
function linesOf(options: object, defaults = {}): string[] {
  const monitors = [http('m', { url: 'https://example.com/admin', ...options })];
  const resolved = resolve(defineConfig({ name: 'acme', defaults, monitors }), { local: false });
  if ('problems' in resolved) return resolved.problems.map(formatProblem);
  return resolved.config.monitors[0]!.expect.map(({ line }) => line);
}

test.each([
  { options: { shouldFail: true }, lines: ['status in 400-599', 'certificate > 14d'] },
  { options: { shouldFail: true, expect: [] }, lines: ['status in 400-599'] },
  {
    options: { shouldFail: true, expect: ['body contains "denied"'] },
    lines: ['status in 400-599', 'body contains denied'],
  },
  { options: { shouldFail: false }, lines: ['status in 200-399', 'certificate > 14d'] },
])('with $options what must hold is $lines', ({ options, lines }) => {
  expect(linesOf(options)).toEqual(lines);
});

test('an inherited expectation does not take the place of the refusal', () => {
  expect(linesOf({ shouldFail: true }, { expect: ['responseTime < 1s'] })).toEqual([
    'status in 400-599',
    'responseTime < 1s',
  ]);
});

test('a health endpoint is judged by what it says, and cannot be expected to fail', () => {
  // @ts-expect-error it is no field of a health monitor
  const options: HealthOptions = { url: 'https://example.com/health', shouldFail: true };

  const resolved = resolve(defineConfig({ name: 'acme', monitors: [health('m', options)] }), {
    local: false,
  });

  expect('problems' in resolved && formatProblem(resolved.problems[0]!)).toContain('shouldFail');
});
