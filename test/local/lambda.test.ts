import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createActivity } from '../../infra/local/activity.ts';
import { realClock } from '../../infra/local/clock.ts';
import { createLambdaHost, type FunctionSettings } from '../../infra/local/lambda/host.ts';
import { manualClock } from '../../infra/local/manual-clock.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A function of this code, `exports.handler = …`, hosted on a manual clock. */
function host(code: string, settings: Partial<FunctionSettings> = {}) {
  const activity = createActivity();
  const thrown: unknown[] = [];
  const clock = manualClock(noon, activity, (error) => thrown.push(error));
  return { clock, thrown, ...hostOn(clock, activity, clock.shared, code, settings) };
}

function hostOn(
  clock: Parameters<typeof createLambdaHost>[0]['clock'],
  activity: ReturnType<typeof createActivity>,
  time: SharedArrayBuffer | undefined,
  code: string,
  settings: Partial<FunctionSettings>,
) {
  const codeDirectory = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(codeDirectory, 'index.js'), code);
  const lines: string[] = [];
  const invocations: object[] = [];
  const lambda = createLambdaHost({
    clock,
    activity,
    time,
    onLine: (_, line) => lines.push(line),
    onInvocation: (_, invocation) => invocations.push(invocation),
  });
  lambda.define({
    name: 'f',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    codeDirectory,
    handler: 'index.handler',
    timeoutMs: 60_000,
    memoryMb: 128,
    environment: {},
    logGroup: '/aws/lambda/f',
    reservedConcurrency: undefined,
    ...settings,
  });
  cleanups.push(() => {
    lambda.stop();
    rmSync(codeDirectory, { recursive: true });
  });
  return { lambda, lines, invocations };
}

/** Answers `slow` after `delayMs` of real time. */
async function slowTarget(delayMs: number): Promise<string> {
  const server = http.createServer((_, response) => setTimeout(() => response.end('slow'), delayMs));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanups.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('a function sees its own environment and nothing of ours', async () => {
  const { lambda } = host('exports.handler = async () => process.env', {
    environment: { GREETING: 'hello' },
  });

  expect(await lambda.invoke('f', {})).toEqual({ ok: true, payload: { GREETING: 'hello' } });
});

test('output is handed on line by line, before the outcome, whoever writes it', async () => {
  const { lambda, lines } = host(`exports.handler = async () => {
    console.log('one\\ntwo'); process.stdout.write('{"three":3}\\n'); console.error('four'); process.stdout.write('five');
  }`);

  await lambda.invoke('f', {});

  expect(lines).toEqual(['one', 'two', '{"three":3}', 'four', 'five']);
});

test('the clock of a function is the runtime’s, its waits end when the clock is moved', async () => {
  const { lambda, clock, lines } = host(
    `
    const url = process.env.URL;
    exports.handler = async () => {
      for (let tick = 0; tick < 3; tick++) {
        await (await fetch(url)).text();
        console.log(new Date().toISOString().slice(14, 19));
        if (tick < 2) await new Promise((resolve) => setTimeout(resolve, 10_000));
      }
    }`,
    { environment: { URL: await slowTarget(60) } },
  );

  lambda.invokeLater('f', {});
  await clock.advance(9_999);
  const before = [...lines];
  await clock.advance(1);
  const after = [...lines];
  await clock.advance(60_000);

  expect({ before, after, lines }).toEqual({
    before: ['00:00'],
    after: ['00:00', '00:10'],
    lines: ['00:00', '00:10', '00:20'],
  });
});

test('moving the clock waits for work in other threads and for name lookups, not only for sockets', async () => {
  const { lambda, clock, lines } = host(`
    const { pbkdf2 } = require('node:crypto'); const { gzip } = require('node:zlib');
    const { Resolver } = require('node:dns').promises; const { promisify } = require('node:util');
    exports.handler = async () => {
      await promisify(pbkdf2)('a', 'b', 200000, 32, 'sha512');
      console.log('hashed');
      await promisify(gzip)(Buffer.alloc(20_000_000));
      console.log('packed');
      const resolver = new Resolver({ timeout: 50, tries: 1 });
      resolver.setServers(['127.0.0.1:9']);
      await resolver.resolve4('name.test').catch(() => console.log('looked up'));
    }`);

  lambda.invokeLater('f', {});
  await clock.advance(0);

  expect(lines).toEqual(['hashed', 'packed', 'looked up']);
});

test('several invocations run at once, each in a worker of its own, up to the limit', async () => {
  const { lambda, clock, lines } = host(
    `
    let running = 0;
    exports.handler = async ({ n }) => {
      running++; console.log(n + ' with ' + running);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      running--;
    }`,
    { reservedConcurrency: 2 },
  );

  for (const n of [1, 2, 3]) lambda.invokeLater('f', { n });
  await clock.advance(999);
  const first = [...lines].sort();
  await clock.advance(1);

  expect(first).toEqual(['1 with 1', '2 with 1']);
  expect(lines.slice(2)).toEqual(['3 with 1']);
});

test.each([
  ['throws', 'throw new TypeError("no")', { errorType: 'TypeError', errorMessage: 'no' }],
  ['exits', 'process.exit(3)', { errorType: 'Runtime.ExitError' }],
  [
    'throws outside the handler',
    'setImmediate(() => { throw new Error("late") }); await new Promise(() => {})',
    { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: Error: late' },
  ],
])('a function that %s fails its invocation, and the next one works', async (_, body, error) => {
  const { lambda, invocations } = host(
    `exports.handler = async ({ bad }) => { if (bad) { ${body} } return 'fine'; }`,
  );

  expect(await lambda.invoke('f', { bad: true })).toMatchObject({ ok: false, error });
  expect(await lambda.invoke('f', { bad: false })).toEqual({ ok: true, payload: 'fine' });
  expect(invocations).toMatchObject([{ outcome: { ok: false } }, { outcome: { ok: true } }]);
});

test('a function is stopped at its timeout', async () => {
  const { lambda, clock } = host(
    'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 5_000))',
    { timeoutMs: 3_000 },
  );

  const outcome = lambda.invoke('f', {});
  await clock.advance(3_000);

  expect(await outcome).toMatchObject({
    ok: false,
    error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 3.00 seconds' },
  });
});

test('a function that never stops computing is stopped in real time, though the clock stands still', async () => {
  const { lambda } = host('exports.handler = () => { for (;;); }', { timeoutMs: 200 });

  expect(await lambda.invoke('f', {})).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Timedout' } });
});

test('a failed asynchronous invocation is repeated after one and after two more minutes, then given up', async () => {
  const { lambda, clock, lines } = host(
    'exports.handler = async () => { console.log(new Date().toISOString().slice(14, 19)); throw 1 }',
  );
  const givenUp: unknown[] = [];
  lambda.configureAsync('f', { retries: 2, maxAgeMs: 3_600_000, giveUp: (event) => givenUp.push(event) });

  lambda.invokeLater('f', { is: 'lost' });
  await clock.advance(600_000);

  expect(lines.filter((line) => !line.startsWith('ERROR'))).toEqual(['00:00', '01:00', '03:00']);
  expect(givenUp).toEqual([{ is: 'lost' }]);
});

test('on the real clock a function waits in real time', async () => {
  const clock = realClock((error) => {
    throw error;
  });
  const { lambda } = hostOn(
    clock,
    createActivity(),
    undefined,
    'exports.handler = async () => { const from = Date.now(); await new Promise((r) => setTimeout(r, 30)); return Date.now() - from }',
    {},
  );

  const outcome = await lambda.invoke('f', {});

  expect(outcome.ok && Number(outcome.payload)).toBeGreaterThanOrEqual(29);
});
