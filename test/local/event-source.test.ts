import { expect, test } from 'vitest';
import { createActivity } from '../../infra/local/activity.ts';
import { type EventSource, startEventSource } from '../../infra/local/event-source.ts';
import type { Outcome } from '../../infra/local/lambda/messages.ts';
import { manualClock } from '../../infra/local/manual-clock.ts';
import { openQueues, queueDefaults } from '../../infra/local/services/queues.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
type Event = { Records: { messageId: string; body: string; attributes: Record<string, string> }[] };

/** A queue with dead letters, feeding a function that does what `handle` says. */
function feed(handle: (event: Event) => Outcome, settings: Partial<EventSource> = {}) {
  const clock = manualClock(noon, createActivity(), (error) => {
    throw error;
  });
  const queues = openQueues({
    clock,
    region: 'us-east-1',
    account: '000000000000',
    stateDir: undefined,
    log: () => {},
  });
  const dead = queues.create({ ...queueDefaults, name: 'dead' });
  const queueArn = queues.create({
    ...queueDefaults,
    name: 'work',
    visibilityTimeout: 60,
    redrive: { deadLetterArn: dead, maxReceiveCount: 2 },
  });
  const batches: string[][] = [];
  startEventSource(
    {
      queueArn,
      region: 'us-east-1',
      batchSize: 10,
      windowMs: 0,
      reportsFailures: false,
      maxConcurrency: undefined,
      invoke: async (event) => {
        batches.push((event as Event).Records.map(({ body }) => body));
        return handle(event as Event);
      },
      ...settings,
    },
    queues,
    clock,
  );
  return { clock, queues, queueArn, dead, batches };
}

const fine: Outcome = { ok: true, payload: null };
const broken: Outcome = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };

test('messages come in batches and are gone when handled', async () => {
  const { clock, queues, queueArn, batches } = feed(() => fine, { batchSize: 2 });

  for (const body of ['a', 'b', 'c']) queues.send(queueArn, { body });
  await clock.advance(0);

  expect(batches).toEqual([['a', 'b'], ['c']]);
  expect(queues.counts(queueArn)).toMatchObject({ visible: 0, inFlight: 0 });
});

test('a failed batch comes again after the visibility timeout, then goes to the dead letters', async () => {
  const { clock, queues, queueArn, dead, batches } = feed(() => broken);

  queues.send(queueArn, { body: 'a' });
  await clock.advance(59_999);
  const once = batches.length;
  await clock.advance(200_000);

  expect(once).toBe(1);
  expect(batches).toEqual([['a'], ['a']]);
  expect(queues.counts(dead).visible).toBe(1);
});

test.each([
  [
    'the one named',
    (event: Event) => ({ batchItemFailures: [{ itemIdentifier: event.Records[1]!.messageId }] }),
    ['b'],
  ],
  ['none, for an empty list', () => ({ batchItemFailures: [] }), []],
  ['none, for no answer', () => null, []],
  [
    'all, for a message it was not given',
    () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] }),
    ['a', 'b'],
  ],
  ['all, for an unknown shape', () => ({ batchItemFailures: 'x' }), ['a', 'b']],
])('of a partly failed batch comes again %s', async (_, payload, again) => {
  let first = true;
  const { clock, queues, queueArn, batches } = feed(
    (event) => {
      if (!first) return fine;
      first = false;
      return { ok: true, payload: payload(event) };
    },
    { reportsFailures: true },
  );

  for (const body of ['a', 'b']) queues.send(queueArn, { body });
  await clock.advance(60_000);

  expect(batches.slice(1)).toEqual(again.length > 0 ? [again] : []);
});

test('a batch window waits for more, unless the batch is full', async () => {
  const { clock, queues, queueArn, batches } = feed(() => fine, { batchSize: 3, windowMs: 5_000 });

  queues.send(queueArn, { body: 'a' });
  await clock.advance(4_000);
  queues.send(queueArn, { body: 'b' });
  const early = [...batches];
  await clock.advance(1_000);
  for (const body of ['c', 'd', 'e']) queues.send(queueArn, { body });
  await clock.advance(0);

  expect(early).toEqual([]);
  expect(batches).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
});

test('no more batches run at once than allowed', async () => {
  let running = 0;
  let most = 0;
  const { clock, queues, queueArn, batches } = feed(() => fine, {
    batchSize: 1,
    maxConcurrency: 2,
    invoke: async (event) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      batches.push((event as Event).Records.map(({ body }) => body));
      return fine;
    },
  });

  for (const body of ['a', 'b', 'c', 'd', 'e']) queues.send(queueArn, { body });
  await expect
    .poll(async () => {
      await clock.advance(0);
      return batches.length;
    })
    .toBe(5);

  expect(most).toBe(2);
});
