import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

type End = () => Promise<void> | void;

/** Takes what is to be done in the end: by default that of the test. */
type Cleanup = (end: End) => void;

/** The same for `beforeAll`, which returns `all`: what was begun last ends first. */
export function untilTheLastTest() {
  const ends: End[] = [];
  const all = async () => {
    for (const end of ends.reverse()) await end();
  };
  return { atEnd: (end: End) => void ends.push(end), all };
}

/** A directory that is gone in the end. */
export function temporaryDirectory(name: string, atEnd: Cleanup = onTestFinished): string {
  const directory = mkdtempSync(path.join(tmpdir(), `tocsin-${name}-`));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A user without rights, where this is root: some servers refuse to run as root. */
export const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * Runs a server until the end, and waits until it says that it is ready. Throws with what it said where it ends before.
 * @param ready what it says then, on any output
 */
export async function running(
  file: string,
  args: string[],
  ready: RegExp,
  { atEnd = onTestFinished, ...options }: { atEnd?: Cleanup; uid?: number; gid?: number; cwd?: string } = {},
): Promise<void> {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  atEnd(() => stopped(child));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      if (ready.test(said)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}: ${said}`)));
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
