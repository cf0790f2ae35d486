import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../infra/cli/commands.ts';
import { docCommentsOf } from '../infra/reference/doc-comments.ts';
import { configurationReference } from '../infra/reference/page.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => existsSync(path.join(root, file)));

/** A page without its code, in which nothing is a link or a heading. */
const prose = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, 'code');

/** Links of a page to files of ours and to headings, as written. */
const linksIn = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));

/** Anchors that GitHub gives to the headings of a page. */
const anchorsOf = (text: string): string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Why a link of a page leads nowhere. */
function brokenLinks(page: string, text: string): string[] {
  return linksIn(text).flatMap((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (target !== page && !existsSync(path.join(root, target))) return [`${link}: there is no ${target}`];
    const headings = anchor === undefined ? [] : anchorsOf(target === page ? text : read(target));
    return anchor === undefined || headings.includes(anchor) ? [] : [`${link}: no heading of ${target}`];
  });
}

/** The shell commands of the first block below a heading, without comments. */
function commandsBelow(heading: string, text: string): string[] {
  const section = text.split(`\n## ${heading}\n`)[1] ?? '';
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

describe('every page', () => {
  it.each(pages)('links to files and headings that exist: %s', (page) => {
    expect(brokenLinks(page, read(page))).toEqual([]);
  });

  it.each(pages)('names commands that exist: %s', (page) => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const ofTocsin = [...read(page).matchAll(/npm run tocsin -- ([a-z-]+)/g)].map(([, name]) => name!);
    const ofNpm = [...read(page).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name!);
    expect(ofTocsin.filter((name) => !Object.hasOwn(commands, name))).toEqual([]);
    expect(ofNpm.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it('would be found out: a file, a heading, a heading of the page itself', () => {
    const page = 'docs/page.md';
    const text = '# A page\n[a](none.md) [b](runbook.md#none) [c](#none) [d](#a-page) [e](runbook.md#late)';
    expect(brokenLinks(page, text)).toEqual([
      'none.md: there is no docs/none.md',
      'runbook.md#none: no heading of docs/runbook.md',
      '#none: no heading of docs/page.md',
    ]);
  });

  it('is found from the README', () => {
    const linked = linksIn(read('README.md'));
    const docs = pages.filter((page) => page.startsWith('docs/'));
    expect(docs.filter((page) => !linked.includes(page))).toEqual([]);
  });
});

describe('the configuration reference', () => {
  it('is what `npm run docs` writes from the schema', async () => {
    expect(read('docs/configuration.md'), 'run `npm run docs`').toBe(await configurationReference());
  });

  it('says of every field that may be left out what is then the case', () => {
    const tables = read('docs/configuration.md')
      .split('\n\n')
      .filter((block) => block.startsWith('| Field |'));
    const optional = tables.flatMap((each) => [...each.matchAll(/^\| `[\w.]+` \| (.+) \| (.+) \|$/gm)]);
    expect(optional.length).toBeGreaterThan(50);
    const silent = optional.filter(([, type, text]) => !type!.startsWith('`{') && !/default/i.test(text!));
    expect(silent.map(([row]) => row)).toEqual([]);
  });
});

describe('doc comments', () => {
  it('belong to what they stand above, by its path', () => {
    const source = `
/** A file. */
export const fileSchema = z.strictObject({
  /** A name. */
  name: z.string(),
  alert: z.prefault(
    z.strictObject({
      /**
       * How many
       * fail.
       */
      after,
    }),
    {},
  ),
});

// Not a doc comment.
export const other = 1;

/** A function. */
export function http(id: string) {}

/** A member. */
location.vpc = () => {};
`;
    expect([...docCommentsOf(source)]).toEqual([
      ['fileSchema', 'A file.'],
      ['fileSchema.name', 'A name.'],
      ['fileSchema.alert.after', 'How many\nfail.'],
      ['http', 'A function.'],
      ['location.vpc', 'A member.'],
    ]);
  });
});
