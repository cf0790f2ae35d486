import { App, Duration, Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { watchDeployments } from '../../infra/deployments.ts';
import { encryptionKey } from '../../infra/encryption.ts';
import { resourceTypes } from '../../infra/local/resources/index.ts';
import type { Context } from '../../infra/local/resources/resource.ts';
import { WorkQueue } from '../../infra/queue.ts';

interface Statement {
  Action: string | string[];
  Principal: { Service?: string };
  Condition?: Record<string, Record<string, unknown>>;
}

/** Properties of the resources of a type, of a stack that watches deployments. */
function synthesized<Properties>(type: string): Properties[] {
  const app = new App();
  const stack = new Stack(app, 'Tocsin-acme');
  const key = encryptionKey(stack, 'Key');
  const work = new WorkQueue(stack, 'Work', { name: 'alarms', key, timeout: Duration.seconds(5) });
  watchDeployments(stack, key, work.queue);
  const { Resources } = app.synth().getStackByName('Tocsin-acme').template;
  return Object.values<{ Type: string; Properties: Properties }>(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

const ofEvents = (statements: Statement[]) =>
  statements.filter(({ Principal }) => Principal.Service === 'events.amazonaws.com');

const arn = {
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':events:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      ':rule/Tocsin-acme-deployments',
    ],
  ],
};

describe('the rule about deployments', () => {
  test('asks for those of three services, and for nothing else', () => {
    expect(synthesized('AWS::Events::Rule')).toMatchObject([
      {
        Name: 'Tocsin-acme-deployments',
        EventPattern: {
          source: ['aws.cloudformation', 'aws.codedeploy', 'aws.ecs'],
          'detail-type': [
            'CloudFormation Stack Status Change',
            'CodeDeploy Deployment State-change Notification',
            'ECS Deployment State Change',
          ],
        },
      },
    ]);
  });

  test('alone may fill the queue, and use the key for it', () => {
    const policies = synthesized<{ PolicyDocument: { Statement: Statement[] } }>('AWS::SQS::QueuePolicy');
    const sending = policies.flatMap(({ PolicyDocument }) => ofEvents(PolicyDocument.Statement));
    expect(sending).toMatchObject([
      { Action: 'sqs:SendMessage', Condition: { ArnEquals: { 'aws:SourceArn': arn } } },
    ]);
    const keys = synthesized<{ KeyPolicy: { Statement: Statement[] } }>('AWS::KMS::Key');
    expect(keys.flatMap(({ KeyPolicy }) => ofEvents(KeyPolicy.Statement))).toMatchObject([
      {
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Condition: {
          ArnEquals: { 'aws:SourceArn': arn },
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        },
      },
    ]);
  });

  test('is understood by the local runtime, which refuses one about events of others', () => {
    const [rule] = synthesized<{ EventPattern: object }>('AWS::Events::Rule');
    const create = (properties: object) =>
      resourceTypes['AWS::Events::Rule']!.create(
        { ...properties, Targets: [{ Id: 'incidents', Arn: 'arn:aws:sqs:us-east-1:0:alarms' }] },
        { arn: (service, resource) => `arn:aws:${service}:us-east-1:0:${resource}` } as Context,
      );
    expect(create(rule!)).toEqual({
      ref: 'Tocsin-acme-deployments',
      attributes: { Arn: 'arn:aws:events:us-east-1:0:rule/Tocsin-acme-deployments' },
    });
    const ofOthers = { source: ['acme.shop'], 'detail-type': ['Deployed'] };
    expect(() => create({ ...rule, EventPattern: ofOthers })).toThrow('only events of AWS services');
  });
});
