import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../infra/cli/commands.ts';

const root = path.resolve(import.meta.dirname, '..');
const documents = [
  'README.md',
  ...readdirSync(path.join(root, 'docs')).map((file) => path.join('docs', file)),
].filter((file) => file.endsWith('.md'));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json'));

/** The shell commands of the first block below a heading, without comments. */
function commandsBelow(heading: string, document: string): string[] {
  const section = document.split(`\n## ${heading}\n`)[1] ?? '';
  const block = /```sh\n(.*?)```/s.exec(section)?.[1] ?? '';
  return block
    .split(/\n|&&/)
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

describe('from a clone to a test alert', () => {
  it('it takes six commands or fewer, the last of which deploys', () => {
    const needed = commandsBelow('Deploy it', read('README.md'));
    expect(needed.length).toBeGreaterThan(2);
    expect(needed.length).toBeLessThanOrEqual(6);
    expect(needed.at(-1)).toBe('npm run deploy');
  });
});

describe.each(documents)('%s', (file) => {
  const text = read(file);

  it('names commands that there are', () => {
    const named = [...text.matchAll(/npm run tocsin -- ([a-z-]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !Object.hasOwn(commands, name))).toEqual([]);
    const runs = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!);
    expect(runs.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('links to what there is', () => {
    const links = [...text.matchAll(/(?<!!)\[[^\]]*\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
      ([, target]) => target!,
    );
    const there = (target: string) => {
      try {
        readFileSync(path.resolve(root, path.dirname(file), target));
        return true;
      } catch {
        return false;
      }
    };
    expect(links.filter((target) => !there(target))).toEqual([]);
  });
});
