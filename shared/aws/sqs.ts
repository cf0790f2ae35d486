import type { Aws } from './environment.ts';
import { AwsError, call } from './signed-request.ts';

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

/** A message as it was received; others do not see it for a while. */
export interface Received {
  body: string;
  receiptHandle: string;
}

/** URL of a queue by its name; undefined where there is none. */
export async function findQueue(aws: Aws, name: string): Promise<string | undefined> {
  try {
    const { QueueUrl } = await call<{ QueueUrl: string }>(aws, 'sqs', 'GetQueueUrl', { QueueName: name });
    return QueueUrl;
  } catch (error) {
    if (error instanceof AwsError && /QueueDoesNotExist|NonExistentQueue/.test(error.code)) return undefined;
    throw error;
  }
}

/** At most ten messages, hidden from others for `seconds`; none where there is none within a second. */
export async function receiveMessages(aws: Aws, queueUrl: string, seconds: number): Promise<Received[]> {
  const input = {
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: seconds,
    WaitTimeSeconds: 1,
  };
  const { Messages = [] } = await call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
    aws,
    'sqs',
    'ReceiveMessage',
    input,
  );
  return Messages.map(({ Body, ReceiptHandle }) => ({ body: Body, receiptHandle: ReceiptHandle }));
}

/** Takes a received message out of its queue. */
export async function deleteMessage(aws: Aws, queueUrl: string, receiptHandle: string): Promise<void> {
  await call(aws, 'sqs', 'DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle: receiptHandle });
}
