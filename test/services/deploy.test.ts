import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type DeploymentStage, deploymentStage } from '../end-to-end/deployment.ts';
import { raise, type Stack } from '../end-to-end/stage.ts';
import { type AccountContents, awsAccount } from '../support/aws-account.ts';
import { tocsin } from '../support/tocsin.ts';

let stage: DeploymentStage;

beforeAll(async () => {
  stage = await deploymentStage();
});

afterAll(() => stage?.close());

const config = ['--config', 'test/fixtures/cli/shop.config.ts'];

/**
 * An empty account in which the pinned CDK itself deploys. Its CloudFormation makes the stack by running it here, so that what comes
 * after the deployment meets a real one, whose time goes by faster.
 */
async function emptyAccount() {
  let stack: Stack | undefined;
  const contents: Partial<AccountContents> = {
    parameters: {},
    async deployed(name) {
      if (name === 'CDKToolkit') {
        account.contents.parameters['/cdk-bootstrap/hnb659fds/version'] = '28';
        const BucketName = 'cdk-hnb659fds-assets-123456789012-eu-central-1';
        return { BucketName, BucketDomainName: `${BucketName}.s3.amazonaws.com`, BootstrapVersion: '28' };
      }
      const { '/tocsin/shop/slack-webhook': webhook, '/tocsin/shop/admin-token': token } =
        account.contents.parameters;
      stack = await raise(stage.template, { SLACK_WEBHOOK: webhook ?? '' });
      const Name = '/tocsin/shop/admin-token';
      const input = { Name, Value: token, Type: 'SecureString', Overwrite: true };
      await stack.world.ssm.handle({ operation: 'PutParameter', input, caller: undefined });
      account.contents.cloudwatch = stack.world.cloudwatch;
      const passing = setInterval(() => void stack!.advance('1s'), 200);
      onTestFinished(() => clearInterval(passing));
      return { ConsoleUrl: stack.url };
    },
  };
  const account = await awsAccount(contents);
  return { ...account, stack: () => stack };
}

it('from an empty account to a test alert in Slack: the real command and the real CDK', async () => {
  const { environment, contents, calls, assets } = await emptyAccount();
  const set = await tocsin(['secrets', 'set', 'slack-webhook', ...config], {
    environment,
    input: stage.slack.url,
  });
  expect(set).toMatchObject({ code: 0, error: '' });
  stage.slack.answer({ status: 400, body: 'no_text' });

  const { code, out, error } = await tocsin(['deploy', ...config], { environment });

  expect(out + error).toMatch(/✓ ops, resolved: sent \(200\)/);
  expect(code).toBe(0);
  expect(stage.slack.accepted()).toHaveLength(2);
  expect(Object.keys(contents.stacks)).toEqual(['CDKToolkit', 'Tocsin-shop']);
  const sent = calls.find(
    ({ operation, input }) => operation === 'CreateChangeSet' && input.StackName === 'Tocsin-shop',
  );
  const template = String(sent?.input.TemplateURL).split('/').at(-1);
  expect([...assets]).toContain(template);
});
