import * as z from 'zod/mini';
import { queueDefaults } from '../services/queues.ts';
import { onAwsOnly, optionalNumber, optionalText, resourceType } from './resource.ts';

export const sqsQueue = resourceType(
  {
    QueueName: optionalText,
    FifoQueue: z.optional(z.literal(false)),
    VisibilityTimeout: optionalNumber,
    DelaySeconds: optionalNumber,
    MessageRetentionPeriod: optionalNumber,
    ReceiveMessageWaitTimeSeconds: optionalNumber,
    MaximumMessageSize: optionalNumber,
    RedrivePolicy: z.optional(
      z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }),
    ),
    KmsMasterKeyId: optionalText,
    KmsDataKeyReusePeriodSeconds: onAwsOnly,
    SqsManagedSseEnabled: onAwsOnly,
    Tags: onAwsOnly,
  },
  (properties, { named, world }) => {
    const { RedrivePolicy: redrive, KmsMasterKeyId: key } = properties;
    const name = named(properties.QueueName);
    const arn = world.sqs.queues.create({
      name,
      visibilityTimeout: properties.VisibilityTimeout ?? queueDefaults.visibilityTimeout,
      delay: properties.DelaySeconds ?? queueDefaults.delay,
      retention: properties.MessageRetentionPeriod ?? queueDefaults.retention,
      receiveWait: properties.ReceiveMessageWaitTimeSeconds ?? queueDefaults.receiveWait,
      maximumSize: properties.MaximumMessageSize ?? queueDefaults.maximumSize,
      ...(redrive && {
        redrive: { deadLetterArn: redrive.deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount },
      }),
    });
    if (key) world.identities.encrypt(arn, key);
    const url = world.sqs.urlOf(arn);
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
);
