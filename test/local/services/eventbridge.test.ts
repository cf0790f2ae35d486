import { expect, test } from 'vitest';
import { createEventBridge } from '../../../infra/local/services/eventbridge.ts';
import { createOutbox } from '../../../infra/local/services/outbox.ts';
import { testRuntime } from '../../support/local-runtime.ts';

const bus = 'arn:aws:events:eu-west-1:123456789012:event-bus/ops';
const entry = {
  Source: 'tocsin',
  DetailType: 'Incident firing',
  Detail: '{"incident":{"title":"website is down"}}',
};

test('an event for a bus is kept under the channel that puts it there', async () => {
  const outbox = createOutbox(testRuntime());
  const events = createEventBridge(outbox, (arn) => (arn === bus ? 'oncall' : undefined));
  const input = { Entries: [{ ...entry, EventBusName: bus }, entry] };

  const answer = await events.handle({ operation: 'PutEvents', input, caller: undefined });

  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{}, {}] });
  expect(outbox.list()).toMatchObject([
    { channel: 'oncall', to: [bus], subject: 'Incident firing', text: 'website is down' },
    { channel: 'eventbridge', to: ['default'] },
  ]);
});
