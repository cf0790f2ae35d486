import { defineConfig } from 'vitest/config';

/** Tests against programs that npm does not bring (they fail, never skip, where one is missing), and those that take long. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/services/**/*.test.ts', 'test/**/*.long.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // They wait most of their time; more at once would make pages in Chromium slow.
    maxWorkers: 2,
  },
});
