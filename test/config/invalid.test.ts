import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfigFile } from '../../infra/config-file.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';

/** Each file holds one mistake as people make it, below a comment with every word that Tocsin says about it. */
const folder = new URL('../fixtures/config/invalid/', import.meta.url);
const files = readdirSync(folder);

test('there are mistakes to make', () => {
  expect(files.length).toBeGreaterThan(40);
});

test.each(files)('%s is refused with the message it begins with', async (file) => {
  const { pathname } = new URL(file, folder);
  const expected = /^\/\*\n(.*?)\n\*\/\n/s.exec(readFileSync(pathname, 'utf8'))?.[1];

  const resolved = resolve(await loadConfigFile(pathname), { local: false });

  const said = 'problems' in resolved ? resolved.problems.map(formatProblem).join('\n\n') : 'it is valid';
  expect(said).toBe(expected);
});

test('no message holds a secret that stands in the file', () => {
  const messages = files.map(
    (file) => /^.*?\n\*\/\n/s.exec(readFileSync(new URL(file, folder), 'utf8'))?.[0],
  );
  expect(messages.join('')).not.toMatch(/hunter2|T000|decoy/);
});
