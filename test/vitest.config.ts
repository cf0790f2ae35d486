import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.{ts,tsx}'],
    // What takes long is in `npm run test:services`, so that this stays below three minutes.
    exclude: ['test/services/**', 'test/bench/**', 'test/**/*.long.test.ts'],
    testTimeout: 20_000,
    setupFiles: ['test/support/deadlines.ts'],
    // Whole stacks wait for sockets and processes most of their time.
    maxWorkers: 4,
    // Tests start the CDK app and the command line many times: each compiles the same code.
    env: { NODE_COMPILE_CACHE: new URL('../node_modules/.cache/compile', import.meta.url).pathname },
  },
});
