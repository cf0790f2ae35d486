import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, CfnResource, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { configOf, heartbeat, monitor, synthesize } from '../support/synthesis.ts';

const config = configOf([
  monitor('website', { every: 10_000 }),
  heartbeat('backup'),
  monitor('own', { settings: { url: 'https://own.example.com', auth: { bearer: { secret: 'own-token' } } } }),
]);

const withNag = (app: App) => Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

interface Report {
  pluginReports: { violations: { ruleName: string; description: string }[] }[];
}

const violationsIn = (directory: string) => {
  const report: Report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
};

describe('the stack', () => {
  it('passes cdk-nag’s AwsSolutions and CloudFormation’s own validation', async () => {
    const { directory } = await synthesize(config, { validate: true, prepare: withNag });
    expect(violationsIn(directory)).toEqual([]);
  });

  it('would not pass with a queue that takes plain text', async () => {
    const planted = synthesize(config, {
      prepare(app) {
        withNag(app);
        new Queue(app.node.findChild('Tocsin-acme'), 'Open');
      },
    });
    await expect(planted).rejects.toThrow('AwsSolutions-SQS4');
  });

  it('would not pass with a property that CloudFormation does not know', async () => {
    const planted = synthesize(config, {
      validate: true,
      prepare(app) {
        const properties = { TopicNam: 'misspelt' };
        new CfnResource(app.node.findChild('Tocsin-acme'), 'Misspelt', {
          type: 'AWS::SNS::Topic',
          properties,
        });
      },
    });
    await expect(planted).rejects.toThrow('TopicNam');
  });
});
