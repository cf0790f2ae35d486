import { describe, expect, it } from 'vitest';
import { ring } from '../../infra/cli/test-alert/ring.ts';
import { local } from '../../infra/cli/test-alert/test-alert.ts';
import type { ChannelAnswer } from '../../shared/test-alerts/answers.ts';
import type { TestAlert } from '../../shared/test-alerts/testing.ts';
import { broken, type Stack } from './stage.ts';
import { website } from './website.ts';

const site = website();

/** A stack two minutes after its start, and the command's own way to it. */
async function raiseStack() {
  const stack = await site.raise();
  await stack.advance('2m');
  return stack;
}

const bell = { alarm: 'shop/monitor/website', monitor: 'website', channels: ['ops', 'oncall'], who: 'ann' };

const ringIn = (stack: Stack) =>
  ring(bell, { ...local(stack.url, stack.endpoint).ports, wait: () => stack.advance('1s') });

const sent = (channel: string, event: ChannelAnswer['event']) =>
  expect.objectContaining({ channel, event, result: 'sent', status: 200 });

describe('a test alert', () => {
  it('goes the way of a real one, marked, and says what each channel answered', async () => {
    const stack = await raiseStack();

    const rung = await ringIn(stack);

    expect(rung).toEqual({
      incident: expect.any(String),
      resolved: true,
      answers: [
        sent('ops', 'firing'),
        sent('oncall', 'firing'),
        sent('ops', 'resolved'),
        sent('oncall', 'resolved'),
      ],
    });
    expect(await stack.incidents()).toMatchObject([
      { id: rung.incident, test: true, title: expect.stringMatching(/^TEST /), status: 'resolved' },
    ]);
    expect(site.slack.received).toHaveLength(2);
    expect(JSON.stringify(site.slack.received[0])).toContain('Nothing is broken');
    const mails = stack.mailsTo('oncall@example.com');
    expect(mails.map(({ subject }) => subject)).toEqual([
      '[CRITICAL] TEST website is down — shop',
      'Re: [CRITICAL] TEST website is down — shop',
    ]);
    const alarms = await stack.api<{ alarms: { name: string; state: string }[] }>('alarms');
    expect(alarms.alarms).toContainEqual(expect.objectContaining({ name: bell.alarm, state: 'OK' }));
  });

  it('shows a channel that refuses, and is over all the same', async () => {
    const stack = await raiseStack();
    site.slack.answerAlways({ status: 404, body: 'no_service' });

    const { answers, resolved } = await ringIn(stack);

    expect(answers).toContainEqual(
      expect.objectContaining({ channel: 'ops', event: 'firing', result: 'failed', status: 404 }),
    );
    expect(answers).toContainEqual(sent('oncall', 'firing'));
    expect(resolved).toBe(true);
  });

  it('is not mixed with a real incident: an alarm that fires is not touched', async () => {
    const stack = await raiseStack();
    site.target.behave(broken);
    await stack.advance('40s');

    await expect(ringIn(stack)).rejects.toThrow('website is failing now');

    expect(await stack.incidents()).toMatchObject([{ status: 'triggered' }]);
    expect(site.slack.received).toHaveLength(1);
  });

  it('of a monitor that is not deployed says to deploy', async () => {
    const stack = await raiseStack();
    const { ports } = local(stack.url, stack.endpoint);
    await expect(ring({ ...bell, alarm: 'shop/monitor/nothing' }, ports)).rejects.toThrow('npm run deploy');
  });
});

describe('a test alert from the console', () => {
  it('tells, shows what each channel answered, and ends though nobody looks any more', async () => {
    const stack = await raiseStack();

    const { id, receivers } = await stack.api<TestAlert>('test-alert', { channel: 'ops', actor: 'ann' });
    expect(receivers).toEqual(['ops', 'oncall']);
    await stack.advance('5s');
    const begun = await stack.api<TestAlert>(`test-alert/${id}`);
    await stack.advance('4m');
    const over = await stack.api<TestAlert>(`test-alert/${id}`);

    expect(begun).toMatchObject({ answers: expect.arrayContaining([sent('ops', 'firing')]) });
    expect(over).toMatchObject({
      state: 'over',
      answers: [
        sent('ops', 'firing'),
        sent('oncall', 'firing'),
        sent('ops', 'resolved'),
        sent('oncall', 'resolved'),
      ],
    });
  });
});
