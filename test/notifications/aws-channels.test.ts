import { describe, expect, test } from 'vitest';
import { createEventBridge } from '../../infra/local/services/eventbridge.ts';
import { createOutbox, type Outbox } from '../../infra/local/services/outbox.ts';
import { createSns } from '../../infra/local/services/sns.ts';
import { eventbridge } from '../../shared/notifications/eventbridge.ts';
import { fittedEvent, maxEventBytes } from '../../shared/notifications/fitted-event.ts';
import { sns } from '../../shared/notifications/sns.ts';
import { serveAws } from '../support/aws-endpoint.ts';
import { acknowledged, firing, openedAt, resolved } from './events.ts';
import { tell } from './tell.ts';

const topic = 'arn:aws:sns:eu-west-1:123456789012:pages';
const bus = 'arn:aws:events:eu-west-1:123456789012:event-bus/ops';

/** SNS and EventBridge as `npm start` has them, behind an endpoint that reads signed requests. */
async function start() {
  let outbox: Outbox | undefined;
  const { endpoint } = await serveAws(openedAt, async (runtime) => {
    outbox = createOutbox(runtime);
    const channelOf = (arn: string) => (arn.startsWith(topic) || arn === bus ? 'ops' : undefined);
    const nobody = { sendToQueue: () => {}, invoke: () => {}, record: () => {} };
    return {
      sns: createSns(runtime, { endpoint: 'http://127.0.0.1:1', outbox, channelOf, ...nobody }),
      events: createEventBridge(outbox, channelOf),
    };
  });
  return { endpoint, outbox: outbox! };
}

describe('a topic', () => {
  test('gets what incident-events gets, in each form', async () => {
    const { endpoint, outbox } = await start();

    expect(await tell(sns, firing(), { topic }, { endpoint })).toEqual({ result: 'sent' });
    const [entry] = outbox.list();
    expect(entry).toMatchObject({
      channel: 'ops',
      to: [topic],
      subject: '[CRITICAL] website is down (acme)',
    });
    const { body } = entry!.request as { body: string };
    expect(JSON.parse(body)).toEqual(firing());
  });

  test('a FIFO topic gets what it needs to keep the order, and no resolve is taken for its firing', () => {
    const settings = { topic: `${topic}.fifo` };
    const [broke, over] = [firing(), resolved()].map((event) => sns.render(event, settings));

    expect(broke?.MessageGroupId).toBe(over?.MessageGroupId);
    expect(broke?.MessageDeduplicationId).not.toBe(over?.MessageDeduplicationId);
  });

  test.each([
    [403, '<Code>AuthorizationError</Code>', 'failed'],
    [404, '<Code>NotFound</Code>', 'failed'],
    [400, '<Code>Throttling</Code>', 'retry'],
    [403, '<Code>ExpiredToken</Code>', 'retry'],
    [500, '<Code>InternalFailure</Code>', 'retry'],
  ])('84 answer %i %s is %s', (status, body, result) => {
    expect(sns.classify!({ status, headers: {}, body }, openedAt)).toMatchObject({ result });
  });
});

describe('a bus', () => {
  test('gets each event with a detail type for rules', async () => {
    const { endpoint, outbox } = await start();

    expect(await tell(eventbridge, acknowledged(), { bus }, { endpoint })).toEqual({ result: 'sent' });
    expect(outbox.list()).toMatchObject([
      { channel: 'ops', to: [bus], subject: 'Incident acknowledged', request: { Source: 'tocsin' } },
    ]);
  });

  test.each([
    [{ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'x' }] }, 'retry'],
    [{ FailedEntryCount: 1, Entries: [{ ErrorCode: 'NotAuthorizedForDetailTypeException' }] }, 'failed'],
    [{ FailedEntryCount: 0, Entries: [{ EventId: '1' }] }, 'sent'],
  ])('15 84 200 with %j is %s', (body, result) => {
    const answer = { status: 200, headers: {}, body: JSON.stringify(body) };
    expect(eventbridge.classify!(answer, openedAt)).toMatchObject({ result });
  });
});

describe('an event that is too large for AWS', () => {
  test.each([
    ['is without its evidence', { excerpt: 'x'.repeat(200_000) }, {}],
    ['is with shorter texts where that is not enough', {}, { description: '🔴'.repeat(100_000) }],
  ])('%s', (_, more, incident) => {
    const { evidence } = firing().incident;
    const observation = { ...evidence!.observation, ...more };
    const json = fittedEvent(firing({ evidence: { ...evidence!, observation }, ...incident }));

    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maxEventBytes);
    expect(JSON.parse(json)).toMatchObject({ type: 'firing', incident: { title: 'website is down' } });
    expect(JSON.parse(json).incident.evidence).toBeUndefined();
  });
});
