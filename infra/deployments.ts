import type { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { deploymentEvents } from '../shared/deployments/parse-deployment.ts';
import { letRuleFillQueues } from './encryption.ts';
import { letRuleSend } from './queue.ts';

/** Puts into a queue what AWS tells of deployments in this account and Region. Events of AWS services cost nothing. */
export function watchDeployments(stack: Stack, key: Key, queue: Queue): void {
  const name = `${stack.stackName}-deployments`;
  const arn = stack.formatArn({ service: 'events', resource: 'rule', resourceName: name });
  const rule = new CfnRule(stack, 'Deployments', {
    name,
    description: 'What was deployed shows on incidents that open soon after',
    eventPattern: {
      source: Object.keys(deploymentEvents),
      'detail-type': Object.values(deploymentEvents),
    },
    targets: [{ id: 'incidents', arn: queue.queueArn }],
  });
  letRuleSend(queue, arn);
  letRuleFillQueues(key, arn);
  rule.node.addDependency(queue);
}
