import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnSubscription, type ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { dataKeyReuse } from './encryption.ts';

/** Filter values SNS allows in one policy. https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const maxFilterValues = 150;

export interface WorkQueueProps {
  /** End of the queue's name; its dead-letter queue is `<name>-dead`. */
  name: string;
  key: Key;
  /** Timeout of the function that works on it. */
  timeout: Duration;
  /** Receives before a message is put aside. Default 5; at most 1000. */
  maxReceiveCount?: number;
  /** Age of its oldest message that is an alarm. Default none. */
  lateAfter?: Duration;
}

/** A queue for one function, and the dead-letter queue where messages end that it cannot handle. */
export class WorkQueue extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly dead: Queue;
  readonly lateAfter: Duration | undefined;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const protection = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      dataKeyReuse,
      enforceSSL: true,
    };
    this.name = props.name;
    this.lateAfter = props.lateAfter;
    this.dead = new Queue(this, 'Dead', {
      ...protection,
      queueName: `${stackName}-${props.name}-dead`,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...protection,
      queueName: `${stackName}-${props.name}`,
      retentionPeriod: Duration.days(4),
      // AWS asks for six times the function's timeout, so that no message is shown twice while being worked on.
      visibilityTimeout: Duration.seconds(6 * props.timeout.toSeconds()),
      deadLetterQueue: { queue: this.dead, maxReceiveCount: props.maxReceiveCount ?? 5 },
    });
  }

  /** Hands its messages to a function, ten at most at a time, each failing on its own. `maxConcurrency` is at least 2: SQS serialises nothing. */
  feed(worker: LambdaFunction, maxConcurrency: number): void {
    worker.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 10, maxConcurrency, reportBatchItemFailures: true }),
    );
  }

  /** Fills it with what a topic publishes; `receivers` leaves out events for other channels, to save invocations. */
  subscribe(topic: ITopic, receivers?: string[]): void {
    letTopicSend(this.queue, topic);
    const subscription = new CfnSubscription(this, 'Subscription', {
      topicArn: topic.topicArn,
      protocol: 'sqs',
      endpoint: this.queue.queueArn,
      ...(receivers && receivers.length <= maxFilterValues && { filterPolicy: { receivers } }),
    });
    subscription.node.addDependency(this.queue);
  }
}

/** Lets EventBridge put into a queue what matches a rule. @param rule its ARN */
export function letRuleSend(queue: IQueue, rule: string): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      principals: [new ServicePrincipal('events.amazonaws.com')],
      conditions: { ArnEquals: { 'aws:SourceArn': rule } },
    }),
  );
}

function letTopicSend(queue: IQueue, topic: ITopic): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      principals: [new ServicePrincipal('sns.amazonaws.com')],
      conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
    }),
  );
}
