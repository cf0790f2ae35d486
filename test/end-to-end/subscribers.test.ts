import { afterAll, beforeAll, expect, it } from 'vitest';
import { broken, changeable, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  template = await synthesized('subscribers.config.ts', { TARGET_URL: `${target.url}/health` });
});

afterAll(async () => {
  await Promise.all([target?.close(), template && remove(template)]);
});

it('SNS tells subscribers of what is severe, and mail channels without a sender of what is routed to them', async () => {
  const stack = await raise(template, {});
  await stack.advance('2m');
  target.behave(broken);
  await stack.advance('90s');
  target.behave(healthy);
  await stack.advance('1m');

  const told = (address: string) => stack.mailsTo(address).map(({ subject }) => subject);
  const both = (badge: string, monitor: string) => [
    `[${badge}] ${monitor} is down (shop)`,
    `[RESOLVED] ${monitor} is down (shop)`,
  ];
  expect(told('cto@example.com')).toEqual(both('CRITICAL', 'checkout'));
  expect(told('shop@example.com')).toEqual(both('CRITICAL', 'checkout'));
  expect(told('docs@example.com')).toEqual(both('INFO', 'docs'));
  expect(stack.mailsTo('+14155550100').map(({ text }) => text)).toEqual([
    expect.stringMatching(/^CRITICAL checkout is down since /),
    expect.stringMatching(/^RESOLVED checkout is down after /),
  ]);
  const posted = stack.mailsTo('https://alerts.example.com/tocsin');
  expect(posted).toHaveLength(2);
  expect(told('owner@example.com')).toEqual([]);
});
