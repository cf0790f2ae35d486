import { json, type LocalResponse } from '../listen.ts';
import type { Outbox } from './outbox.ts';
import { readableText } from './readable-text.ts';

/**
 * Functions of the account that channels run. They are not on this machine: what they would be given is recorded, and the answer says so.
 * @param channelOf undefined where no channel names the function
 */
export const outsideFunctions =
  (outbox: Outbox, channelOf: (arn: string) => string | undefined) =>
  (arn: string, payload: unknown): LocalResponse | undefined => {
    const channel = channelOf(arn);
    if (channel === undefined) return undefined;
    const body = 'captured by the local runtime';
    outbox.record({
      channel,
      to: [arn],
      subject: 'Lambda invocation',
      text: readableText(JSON.stringify(payload)),
      request: payload,
      response: { status: 200, body, delivery: 'captured' },
    });
    return json(200, body);
  };
