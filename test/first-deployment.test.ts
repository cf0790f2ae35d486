import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const readme = readFileSync(path.resolve(import.meta.dirname, '../README.md'), 'utf8');

/** The commands of the first shell block below a heading of the README, without comments. */
function commandsBelow(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1] ?? '';
  const block = /```sh\n(.*?)```/s.exec(section)?.[1] ?? '';
  return block
    .split(/\n|&&/)
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

it('from nothing to a test alert in Slack it takes six commands or fewer, the last of which deploys', () => {
  const needed = commandsBelow('Deploy it');
  expect(needed[0]).toMatch(/^git clone /);
  expect(needed.length).toBeLessThanOrEqual(6);
  expect(needed.at(-1)).toBe('npm run deploy');
});
