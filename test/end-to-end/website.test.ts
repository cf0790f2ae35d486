import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, changeable, fakeSlack, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  slack = await fakeSlack();
  template = await synthesized('website.config.ts', { TARGET_URL: `${target.url}/health` });
});

afterAll(async () => {
  await Promise.all([target.close(), slack.close(), remove(template)]);
});

const raiseStack = () => {
  slack.received.length = 0;
  slack.answerAlways(undefined);
  target.behave(healthy);
  return raise(template, { SLACK_WEBHOOK: slack.url });
};

describe('a website', () => {
  it('that breaks is one incident, one Slack message and one mail with the evidence, and a recovery likewise', async () => {
    const stack = await raiseStack();
    await stack.advance('2m');
    expect(await stack.incidents()).toEqual([]);
    expect(slack.received).toEqual([]);

    target.behave(broken);
    await stack.advance('40s');

    const [incident, ...others] = await stack.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      status: 'triggered',
      severity: 'critical',
      subject: { type: 'monitor', id: 'website' },
    });
    expect(slack.received).toHaveLength(1);
    const message = JSON.stringify(slack.received[0]);
    for (const part of [
      'website',
      'status == 200',
      '503',
      'https://wiki.example.com/runbooks/website',
      'critical',
      incident!.id,
    ])
      expect(message).toContain(part);
    expect(stack.mailsTo('oncall@example.com')).toHaveLength(1);
    const [mail] = stack.mailsTo('oncall@example.com');
    expect(mail!.subject).toMatch(/^\[CRITICAL\] /);
    expect(mail!.text).toContain('503');

    target.behave(healthy);
    await stack.advance('1m');

    expect(await stack.incidents()).toMatchObject([
      { id: incident!.id, status: 'resolved', resolvedBy: 'recovered' },
    ]);
    expect(slack.received).toHaveLength(2);
    expect(slack.received[1]!.text).toMatch(/resolved/i);
    expect(stack.mailsTo('oncall@example.com')).toHaveLength(2);

    await stack.advance('30m');
    expect(slack.received).toHaveLength(2);
    expect(await stack.incidents()).toHaveLength(1);
    expect(stack.mailsTo('owner@example.com')).toEqual([]);
  });
});
