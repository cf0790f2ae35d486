import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { destroySystem } from '../../infra/cli/destroy.ts';
import { readConfig } from '../../infra/cli/read-config.ts';
import { type AccountContents, awsAccount } from '../support/aws-account.ts';
import { synthesize } from '../support/synthesis.ts';

const file = path.resolve(import.meta.dirname, '../fixtures/end-to-end/website.config.ts');

/** Destroys the fixture's system in an account; CDK answers with `code`. */
async function destroyIn(contents: Partial<AccountContents>, code = 0) {
  const { environment } = await awsAccount(contents);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const commands: string[][] = [];
  const lines: string[] = [];
  const cdk = async (args: string[]) => {
    commands.push(args);
    return code;
  };
  const done = destroySystem(await readConfig(file), { file, cdk, say: (line) => lines.push(line) });
  return { done, commands, lines };
}

const deployed = {
  status: 'CREATE_COMPLETE',
  outputs: {},
  identities: [],
  others: [
    { type: 'AWS::DynamoDB::Table', id: 'Tocsin-shop-Incidents-1ABC' },
    { type: 'AWS::KMS::Key', id: '1234abcd' },
    { type: 'AWS::SQS::Queue', id: 'https://sqs.eu-central-1.amazonaws.com/1/Tocsin-shop-alarms' },
  ],
};

test('what a destroyed stack leaves behind is printed, each with the command that removes it', async () => {
  const parameters = { '/tocsin/shop/slack-webhook': 'x', '/tocsin/other/slack-webhook': 'y' };

  const { done, commands, lines } = await destroyIn({ stacks: { 'Tocsin-shop': deployed }, parameters });

  expect(await done).toBe(0);
  expect(commands).toEqual([['destroy', '--all', '-c', `config=${file}`]]);
  expect(lines).toEqual([
    'what stays behind, and what removes it:',
    '  aws dynamodb delete-table --table-name Tocsin-shop-Incidents-1ABC',
    '  aws kms schedule-key-deletion --key-id 1234abcd   # until then 1 USD a month',
    '  aws ssm delete-parameter --name /tocsin/shop/slack-webhook',
  ]);
});

test('without a stack and secrets nothing is left', async () => {
  const { done, lines } = await destroyIn({});

  expect(await done).toBe(0);
  expect(lines).toEqual(['nothing of it is left']);
});

test('a stack that CDK does not destroy leaves nothing to say but how to try again', async () => {
  const { done, lines } = await destroyIn({ stacks: { 'Tocsin-shop': deployed } }, 1);

  await expect(done).rejects.toThrow(`npx cdk destroy --all -c config=${file}`);
  expect(lines).toEqual([]);
});

test('of every type that a stack retains we can say how to remove it', async () => {
  const config = await readConfig(file);
  const { template } = await synthesize(config);
  const retained = Object.values(template.Resources)
    .filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'))
    .map(({ Type }) => Type);

  expect(new Set(retained)).toEqual(new Set(['AWS::DynamoDB::Table', 'AWS::KMS::Key']));
});
