import { execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Credentials } from '../support/certificates.ts';
import { closedPort } from '../support/servers.ts';
import { asNobody, running, temporaryDirectory, type untilTheLastTest } from './running.ts';

/** A program that speaks the protocol of MySQL, and what makes its first data. */
export interface Program {
  server: string;
  install: [file: string, ...args: string[]];
  /** Options that only this one has. */
  options?: Record<string, string>;
}

/** Runs one on loopback, over TLS where it is asked for, and returns its port. It runs statements before it is ready. */
export async function runMysql(
  { server, install: [installer, ...installing], options: own }: Program,
  { key, cert }: Credentials,
  statements: string[],
  atEnd: ReturnType<typeof untilTheLastTest>['atEnd'],
): Promise<number> {
  const directory = temporaryDirectory('mysql', atEnd);
  const write = (name: string, content: string) => {
    const file = path.join(directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (asNobody.uid) chownSync(file, asNobody.uid, asNobody.gid);
    return file;
  };
  if (asNobody.uid) chownSync(directory, asNobody.uid, asNobody.gid);
  const inDirectory = { ...asNobody, cwd: directory };
  const data = `--datadir=${path.join(directory, 'data')}`;
  execFileSync(installer, ['--no-defaults', ...installing, data], { ...inDirectory, stdio: 'pipe' });
  const port = await closedPort();
  const options = {
    port,
    'bind-address': '127.0.0.1',
    socket: path.join(directory, 'socket'),
    'pid-file': path.join(directory, 'pid'),
    'init-file': write('init.sql', statements.join('\n')),
    'skip-name-resolve': 'ON',
    'ssl-key': write('key.pem', key),
    'ssl-cert': write('cert.pem', cert),
    ...own,
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  await running(server, ['--no-defaults', data, ...args], /ready for connections/, { ...inDirectory, atEnd });
  return port;
}
