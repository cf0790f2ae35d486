import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where the shipped config watches the demo site. */
export const demoPort = 4510;

const clone = path.resolve(import.meta.dirname, '../..');

/** What belongs to whoever works in this clone, or is large. */
const left = new Set(['.git', '.env', '.tocsin', 'cdk.out', 'node_modules']);

export interface Quickstart {
  url: string;
  /** Milliseconds from the command to its `ready`. */
  readyMs: number;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Runs `npm start` in a copy of this clone, on free ports, with nothing of the developer's own environment but this.
 * Throws when the demo site's port is taken, and with what the command printed when it does not get ready.
 */
export async function quickstart(environment: Record<string, string>): Promise<Quickstart> {
  await assertDemoPortFree();
  const port = await freePairOfPorts();
  const folder = copyOfClone();
  const startedAt = performance.now();
  const child = spawn('npm', ['start', '--', '--fresh', '--port', String(port)], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, because npm does not hand every signal on
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await readyLine(child, ended, () => output);
    return { url, readyMs: performance.now() - startedAt, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Milliseconds after which a start is given up. */
const patienceMs = 30_000;

function readyLine(child: ChildProcess, ended: Promise<void>, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`npm start ${why}; it printed:\n${output()}`));
    const timer = setTimeout(() => fail(`was not ready after ${patienceMs} ms`), patienceMs);
    child.stdout?.on('data', () => {
      const url = /^ready (\S+)$/m.exec(output())?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
    void ended.then(() => {
      clearTimeout(timer);
      fail('ended');
    });
  });
}

function copyOfClone(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-quickstart-'));
  cpSync(clone, folder, { recursive: true, filter: (file) => !left.has(path.relative(clone, file)) });
  symlinkSync(path.join(clone, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Throws, naming what to do, when something listens where the demo site must. */
export async function assertDemoPortFree(): Promise<void> {
  if (!(await isFree(demoPort)))
    throw new Error(`port ${demoPort} is taken: stop the demo site (or \`npm start\`) that runs there`);
}

/** The first of two neighbouring ports where nobody listens. */
async function freePairOfPorts(): Promise<number> {
  for (let port = 24_400; port < 24_500; port += 2)
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  throw new Error('no two neighbouring ports from 24400 to 24500 are free');
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
