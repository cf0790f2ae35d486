import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

const files = ['functions', 'infra', 'shared', 'examples'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules')),
);

const source = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** What a file imports: packages by name, our own files by their path from the root. */
function importsOf(file: string): string[] {
  const specifiers = [
    ...source(file).matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'|\bimport\(\s*'([^']+)'\)/gm),
  ];
  return specifiers
    .map((match) => (match[1] ?? match[2])!)
    .map((name) => (name.startsWith('.') ? path.join(path.dirname(file), name) : name));
}

const areaOf = (file: string) =>
  ['shared/aws', 'infra/local', 'infra/cli', 'infra', 'shared', 'functions', 'examples'].find((area) =>
    file.startsWith(`${area}/`),
  )!;

const own = /^(functions|infra|shared|examples|test)\//;

/** The import law: which of our own files, and which packages, an area may import. */
const law: Record<
  string,
  { mayImport: (file: string, from: string) => boolean; packages: (name: string) => boolean }
> = {
  functions: {
    mayImport: (to, from) => to.startsWith('shared/') || path.dirname(to) === path.dirname(from),
    packages: (name) => !/^(@aws-sdk\/|aws-cdk-lib|constructs|cdk-nag|dynalite)/.test(name),
  },
  shared: {
    mayImport: (to) => to.startsWith('shared/'),
    packages: (name) => !/^(@aws-sdk\/|aws-cdk-lib|constructs|cdk-nag|dynalite)/.test(name),
  },
  'shared/aws': {
    mayImport: (to) => to.startsWith('shared/'),
    packages: (name) => !/^(aws-cdk-lib|constructs|cdk-nag|dynalite)/.test(name),
  },
  infra: {
    mayImport: (to) =>
      (to.startsWith('shared/') && !to.startsWith('shared/aws/')) ||
      (to.startsWith('infra/') && !to.startsWith('infra/local/')) ||
      /^functions\/[a-z-]+\/env\.ts$/.test(to),
    packages: (name) => !/^(@aws-sdk\/|dynalite)/.test(name),
  },
  'infra/cli': {
    mayImport: (to) =>
      to.startsWith('shared/') || (to.startsWith('infra/') && !to.startsWith('infra/local/')),
    packages: (name) => !/^(aws-cdk-lib|constructs|cdk-nag|dynalite)/.test(name),
  },
  'infra/local': {
    mayImport: (to) => to.startsWith('shared/') || to.startsWith('infra/local/'),
    packages: (name) => !/^(aws-cdk-lib|constructs|cdk-nag)/.test(name),
  },
  examples: { mayImport: (to) => to.startsWith('examples/'), packages: () => true },
};

describe('the import law', () => {
  it.each(files)('holds in %s', (file) => {
    const { mayImport, packages } = law[areaOf(file)]!;
    const forbidden = importsOf(file).filter((name) =>
      own.test(name) ? !mayImport(name, file) : !packages(name),
    );
    expect(forbidden).toEqual([]);
  });

  it('is checked on real imports', () => {
    expect(importsOf('functions/record-observations/handler.ts')).toEqual(
      expect.arrayContaining([
        'aws-lambda',
        'shared/aws/dynamodb.ts',
        'functions/record-observations/env.ts',
      ]),
    );
  });
});

describe('the tree', () => {
  it('has at its top level what the README names and nothing else', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    const top = [...new Set(tracked.map((file) => file.split('/')[0]))].sort();
    expect(top).toEqual(
      [
        '.ci',
        '.gitignore',
        '.npmrc',
        'README.md',
        'biome.json',
        'cdk.json',
        'docs',
        'examples',
        'functions',
        'infra',
        'package-lock.json',
        'package.json',
        'shared',
        'test',
        'tocsin.config.ts',
        'tsconfig.json',
      ].sort(),
    );
  });

  it('reads the environment only at its edges', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(source(file)));
    const edges = /^(functions\/[a-z-]+\/env\.ts|infra\/|examples\/)/;
    expect(readers.filter((file) => !edges.test(file))).toEqual([]);
  });

  it('has no drawer for what has no name', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|manager)(\.|\/|-)/.test(file))).toEqual(
      [],
    );
  });

  it('uses each of the owner’s packages', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const imported = new Set(
      files.flatMap(importsOf).map((name) =>
        name
          .split('/')
          .slice(0, name[0] === '@' ? 2 : 1)
          .join('/'),
      ),
    );
    for (const name of [
      'aws-cdk-lib',
      'constructs',
      '@aws-sdk/client-cloudwatch',
      '@aws-sdk/client-sns',
      '@aws-sdk/client-dynamodb',
      '@aws-lambda-powertools/logger',
      '@aws-lambda-powertools/metrics',
    ]) {
      expect(dependencies).toHaveProperty([name]);
      expect(imported).toContain(name);
    }
  });
});
