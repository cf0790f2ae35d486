import { expect, test } from 'vitest';
import { broken, remove, sabotaged } from './stage.ts';
import { website } from './website.ts';

const site = website();

test('109 a notifier that throws on every call is told to the owner past it, and costs no other channel its message', async () => {
  const template = sabotaged(
    site.template,
    (code) => code.includes('DEAD_LETTER_QUEUE_URL') && code.includes('mrkdwn'),
  );
  const stack = await site.raise(template);
  await stack.advance('1m');

  site.target.behave(broken);
  await stack.advance('20m');

  expect(site.slack.received).toEqual([]);
  const subjects = (address: string) => stack.mailsTo(address).map(({ subject }) => subject);
  expect(subjects('oncall@example.com')).toContainEqual(expect.stringMatching(/website/));
  expect(subjects('owner@example.com')).toContainEqual(
    expect.stringMatching(/^ALARM: "shop\/self\/(errors|late)-notify-slack"/),
  );
  await remove(template);
});
