import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** How long SQS uses one data key: each new one is a paid call to KMS. */
export const dataKeyReuse = Duration.hours(24);

/**
 * The one customer key, of queues, topics and tables. Log groups stay under CloudWatch's own encryption:
 * with a customer key, disabling it would also stop the metrics extracted from them.
 */
export function encryptionKey(scope: Construct, id: string): Key {
  const key = new Key(scope, id, {
    description: `Queues, topics and tables of ${Stack.of(scope).stackName}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  key.addToResourcePolicy(letTopicsFillQueues(Stack.of(scope)));
  return key;
}

/**
 * SNS encrypts what it puts into our queues. The topics are named by pattern: naming them by reference
 * would make the key depend on topics that depend on the key.
 */
function letTopicsFillQueues(stack: Stack): PolicyStatement {
  const topics = stack.formatArn({ service: 'sns', resource: `${stack.stackName}-*` });
  return new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    principals: [new ServicePrincipal('sns.amazonaws.com')],
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: { 'aws:SourceArn': topics },
    },
  });
}

/** Lets a rule of EventBridge put events into encrypted queues: without it they vanish, and nobody is told. @param rule its ARN */
export function letRuleFillQueues(key: Key, rule: string): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      principals: [new ServicePrincipal('events.amazonaws.com')],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Stack.of(key).account },
        ArnEquals: { 'aws:SourceArn': rule },
      },
    }),
  );
}

/**
 * Lets probes in other Regions send to encrypted queues. Their roles are named: a policy that referred to them would wait for
 * stacks that wait for this one.
 */
export function letSendFromAfar(key: Key, roleNames: readonly string[]): void {
  if (roleNames.length === 0) return;
  const stack = Stack.of(key);
  const roles = roleNames.map((resourceName) =>
    stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      principals: [new AnyPrincipal()],
      conditions: {
        StringEquals: {
          'kms:CallerAccount': stack.account,
          'kms:ViaService': `sqs.${stack.region}.amazonaws.com`,
        },
        ArnEquals: { 'aws:PrincipalArn': roles },
      },
    }),
  );
}

/** Lets a function send to encrypted queues and topics. */
export function grantSend(key: IKey, grantee: IGrantable): void {
  key.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}

/** Lets a function read and write encrypted tables: the actions DynamoDB documents, spelled out instead of `ReEncrypt*`. */
export function grantTableUse(key: IKey, grantee: IGrantable): void {
  key.grant(
    grantee,
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  );
}
