import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { context as flags } from '../support/synthesis.ts';

const root = resolve(import.meta.dirname, '../..');
const outside = mkdtempSync(join(tmpdir(), 'tocsin-app-'));

/** Values that stand for secrets in the environment of whoever deploys. */
const decoys = { SLACK_WEBHOOK: 'https://hooks.slack.com/decoy-one', API_TOKEN: 'decoy-two' };

interface Run {
  code: number;
  said: string;
  /** Directory of the cloud assembly. */
  directory: string;
}

/** Runs the app as the CDK command line and the local runtime do, without any AWS account. */
function run(given: Record<string, string>, more: { cwd?: string; validate?: boolean } = {}): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-assembly-'));
  const env = {
    PATH: process.env.PATH,
    HOME: outside,
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({ ...flags, ...given }),
    ...(!more.validate && { CDK_VALIDATION: 'false' }),
    ...decoys,
  };
  return new Promise((done) => {
    const options = { cwd: more.cwd ?? root, env };
    execFile(process.execPath, [join(root, 'infra/app.ts')], options, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), said: stdout + stderr, directory }),
    );
  });
}

/** A config file outside of the clone. */
function configFile(name: string, body: string): string {
  const file = join(outside, name);
  writeFileSync(
    file,
    `import { defineConfig, email, http, secret, slack } from 'tocsin';\nexport default defineConfig(${body});\n`,
  );
  return file;
}

const templates = (directory: string) =>
  readdirSync(directory).filter((file) => file.endsWith('.template.json'));

const templateIn = (directory: string) => readFileSync(join(directory, templates(directory)[0]!), 'utf8');

const tenMonitors = `{
  name: 'acme',
  monitors: [${Array.from({ length: 9 }, (_, n) => `http('site-${n}', 'https://site-${n}.example.com'),`).join('\n')}
    http('own', { url: 'https://own.example.com', auth: { bearer: secret('api-token') } }),
  ],
  channels: { ops: slack(), oncall: email({ from: 'tocsin@example.com', to: ['oncall@example.com'] }) },
}`;

describe('the app', () => {
  it('makes one stack of ten monitors, validated, from a file outside of the clone, named from elsewhere', async () => {
    configFile('ten.config.ts', tenMonitors);

    const { code, directory, said } = await run(
      { config: 'ten.config.ts' },
      { cwd: outside, validate: true },
    );

    expect({ code, said }).toEqual({ code: 0, said: '' });
    expect(templates(directory)).toEqual(['Tocsin-acme.template.json']);
    expect(JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')).pluginReports).toEqual(
      [],
    );
  });

  it('needs no lookup in an account', async () => {
    const { directory } = await run({ config: configFile('lookup.config.ts', tenMonitors) });
    const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));

    expect(manifest.missing ?? []).toEqual([]);
    expect(manifest.artifacts['Tocsin-acme'].environment).toBe('aws://unknown-account/unknown-region');
  });

  it('puts no secret into template or assets', async () => {
    const { directory } = await run({ config: configFile('secrets.config.ts', tenMonitors) });
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(json|cjs)$/.test(file),
    );

    expect(files.length).toBeGreaterThan(10);
    for (const file of files)
      for (const decoy of Object.values(decoys))
        expect(readFileSync(join(directory, file), 'utf8')).not.toContain(decoy);
  });

  it('does not know whether it is run locally, but for monitors that are local', async () => {
    const config = configFile('same.config.ts', tenMonitors);
    const [local, aws] = await Promise.all([run({ config, local: 'true' }), run({ config })]);

    expect(templateIn(local.directory)).toBe(templateIn(aws.directory));
  });

  describe('with the config that the repository ships', () => {
    let local: Run;
    let aws: Run;
    beforeAll(async () => {
      [local, aws] = await Promise.all([run({ local: 'true' }), run({})]);
    });

    it('watches the demo site locally', () => {
      expect(local.code).toBe(0);
      expect(templateIn(local.directory)).toContain('"AlarmName": "acme/monitor/website"');
    });

    it('warns that nothing is watched on AWS, says what to do, and makes a template all the same', () => {
      expect(aws.code).toBe(0);
      expect(templateIn(aws.directory)).not.toContain('acme/monitor/website');
      expect(aws.said).toContain('WARNING: on AWS this stack will watch nothing.');
      expect(aws.said).toContain('SITE_URL=https://my.site npx cdk deploy');
    });
  });

  it.each([
    [
      'all problems of the file',
      `{ name: 'Bad Name', monitors: [http('a', 'ftp://x')] }`,
      [/^name/m, /^monitors\[0\] "a"/m],
    ],
    ['a file that throws', `(() => { throw new Error('no such thing') })()`, [/no such thing/]],
  ])('tells %s and makes nothing', async (_, body, messages) => {
    const { code, said, directory } = await run({
      config: configFile(`bad-${messages.length}.config.ts`, body),
    });

    expect(code).toBe(1);
    for (const message of messages) expect(said).toMatch(message);
    expect(said).not.toContain('    at ');
    expect(templates(directory)).toEqual([]);
  });

  it('says where it looked for a file that is not there', async () => {
    const { code, said } = await run({ config: 'nowhere.ts' }, { cwd: outside });

    expect(code).toBe(1);
    expect(said).toContain('nowhere.ts does not exist');
  });
});
