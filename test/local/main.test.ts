import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = resolve(import.meta.dirname, '../../infra/local/main.ts');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'start-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Starts it in an empty directory. `ready` resolves with what it has printed when it is, or when it has ended. */
function launch(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: directory });
  let output = '';
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const ready = new Promise<string>((done) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
        if (output.includes('ready http')) done(output);
      });
    void ended.then(() => done(output));
  });
  return { child, ready, ended };
}

const occupy = (port: number) =>
  new Promise<Server | undefined>((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen(port, '127.0.0.1', () => done(server));
  });

/** A port that is free, and so is the next one. */
async function freePort(): Promise<number> {
  for (;;) {
    const first = await occupy(0);
    const { port } = first!.address() as AddressInfo;
    const second = await occupy(port + 1);
    await Promise.all(
      [first, second].map((server) => new Promise((closed) => server?.close(closed) ?? closed(0))),
    );
    if (second) return port;
  }
}

test.each([
  ['a word that is no option', ['--nope'], "Unknown option '--nope'"],
  ['a port that is none', ['--port', 'abc'], '--port abc: a number from 1 to 65534 is needed'],
  ['a clock that is none', ['--clock', 'fast'], '--clock fast: it is real (the default) or manual'],
])('%s is refused', async (_, args, message) => {
  const { ready, ended } = launch(...args);

  expect(await ready).toContain(message);
  expect(await ended).toBe(1);
});

test('a mistake in the config is told in the config’s own words', async () => {
  const config = join(directory, 'tocsin.config.ts');
  writeFileSync(
    config,
    "import { defineConfig, http } from 'tocsin';\nexport default defineConfig({ name: 'x', monitors: [http('a', { url: 'https://a.example', evry: '1m' })] });\n",
  );

  const { ready, ended } = launch('--config', 'tocsin.config.ts', '--port', String(await freePort()));

  expect(await ready).toContain('did you mean every');
  expect(await ended).toBe(1);
});

test('a config starts, answers with its monitors, and ends when asked to', async () => {
  const port = await freePort();
  writeFileSync(
    join(directory, 'mine.ts'),
    "import { defineConfig, http } from 'tocsin';\nexport default defineConfig({ name: 'mine', monitors: [http('nobody', { url: 'http://127.0.0.1:9/', localOnly: true })] });\n",
  );

  const { child, ready, ended } = launch('--config', 'mine.ts', '--port', String(port), '--clock', 'manual');
  const output = await ready;
  expect(output).toContain(`ready http://localhost:${port}`);
  const answer = await fetch(`http://localhost:${port}/api/monitors`);
  const { monitors } = (await answer.json()) as { monitors: { id: string }[] };
  child.kill('SIGTERM');

  expect(monitors.map(({ id }) => id)).toEqual(['nobody']);
  expect(await ended).toBe(0);
});
