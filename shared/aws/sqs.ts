import type { Aws } from './environment.ts';
import { call } from './signed-request.ts';

/** The longest delay SQS offers, in seconds. */
export const maxDelaySeconds = 900;

/** Region of a queue, from its URL: `https://sqs.<region>.amazonaws.com/…`; undefined for a local endpoint. */
const regionOf = (queueUrl: string) => /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1];

/** Sends one message, after `delaySeconds` (0 to 900, default 0). The queue may be in another Region. */
export async function sendMessage(aws: Aws, queueUrl: string, body: string, delaySeconds = 0): Promise<void> {
  const input = { QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds };
  await call(aws, 'sqs', 'SendMessage', input, regionOf(queueUrl));
}

/** Shows a received message again after `seconds` (0 to 43,200). */
export async function changeVisibility(
  aws: Aws,
  queueUrl: string,
  receiptHandle: string,
  seconds: number,
): Promise<void> {
  const input = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
  await call(aws, 'sqs', 'ChangeMessageVisibility', input, regionOf(queueUrl));
}
