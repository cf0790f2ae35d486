import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyBrowser } from '../../infra/browser-assets.ts';
import { bundle } from '../../infra/bundles.ts';
import {
  configOf,
  listOf,
  monitor,
  type PolicyDocument,
  page,
  type Synthesis,
  scriptOf,
  synthesize,
  written,
} from '../support/synthesis.ts';

interface FunctionProperties {
  FunctionName: string;
  Architectures: string[];
  MemorySize: number;
  Timeout: number;
  EphemeralStorage?: { Size: number };
  Role: unknown;
}

describe('functions with a browser', () => {
  let synthesis: Synthesis;
  const config = configOf([monitor('website'), page('shop'), page('blog'), scriptOf('checkout')]);
  beforeAll(async () => {
    synthesis = await synthesize(config);
  });
  const functionOf = (name: string) =>
    Object.values(synthesis.ofType<FunctionProperties>('AWS::Lambda::Function')).find(
      ({ Properties }) => Properties.FunctionName === `Tocsin-acme-${name}`,
    )!.Properties;

  it.each(['browser-home', 'script-home'])('%s has what Chromium needs', (name) => {
    expect(functionOf(name)).toMatchObject({
      Architectures: ['x86_64'],
      MemorySize: 2_048,
      EphemeralStorage: { Size: 1_024 },
      // Two looks of 30 s, the pause between them, and a browser started twice.
      Timeout: 136,
    });
  });

  it('leave the probe as it was', () => {
    expect(functionOf('probe-home')).toMatchObject({ Architectures: ['arm64'], MemorySize: 256 });
    expect(functionOf('probe-home')).not.toHaveProperty('EphemeralStorage');
  });

  it('look at one page at a time: each has a schedule of its own', () => {
    const schedules = synthesis.ofType<{ Name: string; Target: { Input: string } }>(
      'AWS::Scheduler::Schedule',
    );
    const inputs = Object.values(schedules).map(
      ({ Properties }) => JSON.parse(Properties.Target.Input).shard,
    );
    expect(inputs).toEqual(
      expect.arrayContaining(['60s-0', 'browser-300s-0', 'browser-300s-1', 'script-300s-0']),
    );
  });

  it('read no secrets but those of their own monitors', () => {
    const policies = Object.values(
      synthesis.ofType<{ Roles: unknown[]; PolicyDocument: PolicyDocument }>('AWS::IAM::Policy'),
    );
    const secretsOf = (name: string) => {
      const role = written(functionOf(name).Role).replace('.Arn', '');
      return policies
        .filter(({ Properties }) => written(Properties.Roles[0]) === role)
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
        .filter(({ Action }) => listOf(Action).includes('ssm:GetParameter'))
        .flatMap(({ Resource }) => listOf(Resource).map((one) => written(one).split('/').at(-1)));
    };
    expect(secretsOf('browser-home').toSorted()).toEqual(['page-password', 'paused']);
    expect(secretsOf('script-home').toSorted()).toEqual(['paused', 'script-password']);
  });
});

describe('the asset of a function with a browser', () => {
  it('has the driver beside it, and every script as a bundle of its own', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tocsin-browser-'));
    await bundle(configOf([page('shop'), scriptOf('checkout')], { channels: [] }), directory);

    expect(existsSync(join(directory, 'browser-home/node_modules/playwright-core/package.json'))).toBe(true);
    expect(existsSync(join(directory, 'browser-home/node_modules/playwright-core/types'))).toBe(false);
    expect(readdirSync(join(directory, 'script-home/scripts'))).toEqual(['checkout.cjs']);
    const code = readFileSync(join(directory, 'script-home/scripts/checkout.cjs'), 'utf8');
    expect(code).toContain('welcomes people');
    expect(code).not.toContain(process.cwd());
    expect(existsSync(join(directory, 'browser-home/scripts'))).toBe(false);
  });

  it('has the packed Chromium where that is installed', async () => {
    const packed = mkdtempSync(join(tmpdir(), 'tocsin-packed-'));
    mkdirSync(join(packed, 'bin'));
    writeFileSync(join(packed, 'bin/chromium.br'), 'packed');
    const asset = join(packed, 'asset');

    await copyBrowser(asset, packed);

    expect(readFileSync(join(asset, 'chromium/chromium.br'), 'utf8')).toBe('packed');
  });
});
