import type { Aws } from './environment.ts';
import { type AwsAnswer, signedPost } from './signed-request.ts';

/** A message for a topic, with the members of SNS's `Publish`. */
export interface Publication {
  Subject: string;
  Message: string;
  MessageStructure: string;
  MessageAttributes: Record<string, { DataType: string; StringValue: string }>;
  /** Of FIFO topics: what stays in order, and what is dropped when it comes again. */
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

/** Publishes to a topic in its Region, trying once: what SNS refuses is returned, not thrown; throws where there is no answer. */
export function publishToTopic(aws: Aws, topicArn: string, publication: Publication): Promise<AwsAnswer> {
  const { MessageAttributes, ...members } = publication;
  const attributes = Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }], n) => [
    [`MessageAttributes.entry.${n + 1}.Name`, name],
    [`MessageAttributes.entry.${n + 1}.Value.DataType`, DataType],
    [`MessageAttributes.entry.${n + 1}.Value.StringValue`, StringValue],
  ]);
  const form = [
    ['Action', 'Publish'],
    ['Version', '2010-03-31'],
    ['TopicArn', topicArn],
    ...Object.entries(members),
    ...attributes,
  ];
  return signedPost(aws, {
    service: 'sns',
    region: regionOf(topicArn),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(form as [string, string][]).toString(),
    attempts: 1,
  });
}

/** An event for a bus, with the members of EventBridge's `PutEvents`. */
export interface BusEvent {
  Source: string;
  DetailType: string;
  /** JSON. */
  Detail: string;
  Resources: string[];
}

/** Puts one event on a bus in its Region, trying once: what EventBridge refuses is returned; throws where there is no answer. */
export const putEvent = (aws: Aws, busArn: string, time: number, event: BusEvent): Promise<AwsAnswer> =>
  signedPost(aws, {
    service: 'events',
    region: regionOf(busArn),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
    body: JSON.stringify({ Entries: [{ ...event, EventBusName: busArn, Time: Math.floor(time / 1_000) }] }),
    attempts: 1,
  });

/** `eu-west-1` of `arn:aws:sns:eu-west-1:123456789012:pages` */
const regionOf = (arn: string): string => arn.split(':')[3] ?? '';
