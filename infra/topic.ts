import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** A topic `<stack>-<name>` that takes no plain-text connection, encrypted where there is a key. */
export function topic(scope: Construct, id: string, name: string, key: Key | undefined): Topic {
  return new Topic(scope, id, {
    topicName: `${Stack.of(scope).stackName}-${name}`,
    ...(key && { masterKey: key }),
    enforceSSL: true,
  });
}

/**
 * A topic that alarms of this account may publish to: also the team's own alarms.
 * Alarms publish as the service, so both the topic's and the key's policy must let it; where one does not, notifications vanish silently.
 */
export function alarmTopic(scope: Construct, id: string, name: string, key: Key | undefined): Topic {
  const made = topic(scope, id, name, key);
  const stack = Stack.of(scope);
  const alarms = stack.formatArn({ service: 'cloudwatch', resource: 'alarm:*' });
  made.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': alarms },
      },
    }),
  );
  return made;
}
