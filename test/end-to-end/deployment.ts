import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { type Deployment, deploySystem } from '../../infra/cli/deploy/steps.ts';
import { readConfig } from '../../infra/cli/read-config.ts';
import { local } from '../../infra/cli/test-alert/test-alert.ts';
import { type AccountContents, awsAccount } from '../support/aws-account.ts';
import { changeable, fakeSlack, healthy, raise, remove, type Stack, synthesized } from './stage.ts';

/** The config that is deployed. */
export const file = path.resolve(import.meta.dirname, '../fixtures/end-to-end/website.config.ts');

export type DeploymentStage = Awaited<ReturnType<typeof deploymentStage>>;

/** A website, a Slack and the real template, for the tests of one file. */
export async function deploymentStage() {
  const target = await changeable(healthy);
  const slack = await fakeSlack();
  const template = await synthesized('website.config.ts', { TARGET_URL: `${target.url}/health` });
  const close = () => Promise.all([target.close(), slack.close(), remove(template)]);
  return { slack, template, close };
}

/** An account to deploy to, in which CDK's work is done by the local runtime with the real template. */
export async function deployment(
  { template, slack }: DeploymentStage,
  contents: Partial<AccountContents> = {},
  {
    interactive = true,
    watchesNothing = false,
    ...more
  }: Partial<Deployment> & { interactive?: boolean; watchesNothing?: boolean } = {},
) {
  const config = { ...(await readConfig(file, { local: true })), ...(watchesNothing && { monitors: [] }) };
  const account = await awsAccount({ parameters: {}, ...contents });
  for (const [name, value] of Object.entries(account.environment)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const commands: string[][] = [];
  const lines: string[] = [];
  let stack: Stack | undefined;
  const cdk = async (args: string[]) => {
    commands.push(args);
    if (args[0] !== 'deploy') return 0;
    stack = await raise(template, {
      SLACK_WEBHOOK: account.contents.parameters['/tocsin/shop/slack-webhook'] ?? '',
    });
    account.contents.cloudwatch = stack.world.cloudwatch;
    const outputs = { ConsoleUrl: stack.url };
    account.contents.stacks['Tocsin-shop'] = { status: 'CREATE_COMPLETE', outputs, identities: [] };
    return 0;
  };
  const run = () =>
    deploySystem(config, {
      file,
      testAlert: 'first',
      cdk,
      ...(interactive && { ask: async () => slack.url }),
      random: (bytes) => Buffer.alloc(bytes, 7),
      place: async () => {
        const place = local(stack!.url, account.endpoint);
        return { ...place, ports: { ...place.ports, wait: () => stack!.advance('1s') } };
      },
      say: (line) => lines.push(line),
      ...more,
    });
  return { ...account, commands, lines, run, stack: () => stack! };
}
