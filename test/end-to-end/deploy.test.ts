import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountContents } from '../support/aws-account.ts';
import { type DeploymentStage, deployment, deploymentStage, file } from './deployment.ts';

let stage: DeploymentStage;

beforeAll(async () => {
  stage = await deploymentStage();
});

afterAll(() => stage?.close());

describe('the first deployment', () => {
  it('goes from an empty account to a test alert in Slack and mail', async () => {
    const { contents, commands, lines, calls, run, stack } = await deployment(stage);
    stage.slack.received.length = 0;

    expect(await run()).toBe(0);

    expect(commands).toEqual([
      ['bootstrap', 'aws://123456789012/eu-central-1', '-c', `config=${file}`],
      ['deploy', '--all', '-c', `config=${file}`],
    ]);
    expect(contents.parameters).toEqual({
      '/tocsin/shop/slack-webhook': stage.slack.url,
      '/tocsin/shop/admin-token': Buffer.alloc(32, 7).toString('base64url'),
      '/tocsin/shop/mail-key': Buffer.alloc(32, 7).toString('base64url'),
    });
    expect(stage.slack.accepted()).toHaveLength(2);
    expect(stack().mailsTo('oncall@example.com')).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        '✗ bootstrap of eu-central-1: never ran\n    → npx cdk bootstrap aws://123456789012/eu-central-1',
        expect.stringMatching(/^\nabout \d+\.\d\d USD a month/),
        `console   ${stack().url}`,
        'verify    open the link that SES mailed to tocsin@example.com',
        'confirm   open the link that AWS Notifications mailed to owner@example.com, once',
      ]),
    );
    expect(calls.map(({ service, operation }) => `${service}:${operation}`)).toEqual(
      expect.arrayContaining(['sts:GetCallerIdentity', 'ssm:PutParameter', 'monitoring:SetAlarmState']),
    );
    expect(lines.join('\n')).not.toContain('secret-part-of-the-url');
  });

  it('without anybody to ask names the commands for what is missing, and touches nothing', async () => {
    const { contents, commands, run } = await deployment(
      stage,
      { parameters: { '/cdk-bootstrap/hnb659fds/version': '28' } },
      { interactive: false },
    );

    await expect(run()).rejects.toThrow(
      'not deployed: secrets are missing\nnpm run tocsin -- secrets set slack-webhook\nnpm run deploy',
    );

    expect(commands).toEqual([]);
    expect(Object.keys(contents.parameters)).toEqual(['/cdk-bootstrap/hnb659fds/version']);
  });

  it.each([
    ['bootstrap', 'npx cdk bootstrap aws://123456789012/eu-central-1'],
    ['deploy', 'npm run tocsin -- doctor'],
  ])('that fails at cdk %s says what to do', async (failing, next) => {
    const commands: string[] = [];
    const cdk = async ([command = '']: string[]) => {
      commands.push(command);
      return command === failing ? 1 : 0;
    };
    const { run } = await deployment(stage, {}, { cdk });
    await expect(run()).rejects.toThrow(next);
    expect(commands.at(-1)).toBe(failing);
  });

  it('of what watches nothing says so, and tests nothing', async () => {
    const { lines, run } = await deployment(stage, {}, { watchesNothing: true });
    expect(await run()).toBe(0);
    expect(lines.at(-1)).toContain('this stack watches nothing');
  });

  it('is not begun where it would fail', async () => {
    const { commands, run } = await deployment(stage, { identities: { 'tocsin@example.com': true } });
    await expect(run()).rejects.toThrow('write verified: true');
    expect(commands).toEqual([]);
  });
});

describe('a later deployment', () => {
  const deployedBefore: Partial<AccountContents> = {
    parameters: {
      '/cdk-bootstrap/hnb659fds/version': '28',
      '/tocsin/shop/admin-token': 'decoy',
      '/tocsin/shop/slack-webhook': 'http://127.0.0.1:1/',
    },
    stacks: { 'Tocsin-shop': { status: 'UPDATE_COMPLETE', outputs: {}, identities: [] } },
  };

  it('keeps the admin token, asks for nothing and tells nobody', async () => {
    const { contents, commands, run } = await deployment(stage, structuredClone(deployedBefore));
    stage.slack.received.length = 0;

    expect(await run()).toBe(0);

    expect(commands.map(([command]) => command)).toEqual(['deploy']);
    expect(contents.parameters['/tocsin/shop/admin-token']).toBe('decoy');
    expect(stage.slack.received).toEqual([]);
  });

  it('in a pipeline is approved by whoever started it', async () => {
    const { commands, run } = await deployment(stage, structuredClone(deployedBefore), {
      interactive: false,
    });
    expect(await run()).toBe(0);
    expect(commands).toEqual([['deploy', '--all', '-c', `config=${file}`, '--require-approval', 'never']]);
  });
});
