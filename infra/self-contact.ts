import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Config } from '../shared/config/config.ts';
import { alarmTopic } from './topic.ts';

/**
 * The topic of alarms about ourselves. SNS itself mails and texts `selfContact`: no function of ours is on the way, so people
 * hear of it even when all of them are broken.
 */
export function selfTopic(
  scope: Construct,
  id: string,
  key: Key | undefined,
  contact: Config['selfContact'],
): Topic {
  const topic = alarmTopic(scope, id, 'self', key);
  for (const address of contact.email) topic.addSubscription(new EmailSubscription(address));
  for (const number of contact.sms) topic.addSubscription(new SmsSubscription(number));
  return topic;
}
