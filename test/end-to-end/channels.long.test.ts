import { afterAll, beforeAll, expect, it } from 'vitest';
import { broken, changeable, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  template = await synthesized('channels.config.ts', { TARGET_URL: `${target.url}/health` });
}, 60_000);

afterAll(async () => {
  await Promise.all([target?.close(), template && remove(template)]);
});

it('without a secret every kind of channel is captured: what broke, and that it is over', async () => {
  const stack = await raise(template, {});
  await stack.advance('2m');
  target.behave(broken);
  await stack.advance('90s');
  target.behave(healthy);
  await stack.advance('1m');

  const [incident] = await stack.incidents();
  const ledger = await stack.ledger(incident!.id);
  expect(ledger.filter(({ result }) => result !== 'sent')).toEqual([]);

  const told = Map.groupBy(stack.outbox(), ({ channel }) => channel);
  const counts = [...told].map(([channel, entries]) => [channel, entries.length]);
  expect(Object.fromEntries(counts)).toEqual({
    ops: 2,
    // Posted, changed, and said below it.
    bot: 3,
    ses: 2,
    pager: 2,
    chat: 2,
    office: 2,
    program: 2,
    push: 2,
    siren: 2,
    topic: 2,
    bus: 2,
  });
  for (const { text, response, channel } of stack.outbox()) {
    expect(response.delivery).toBe('captured');
    expect(text, channel).toContain('website is down');
  }
}, 60_000);
