import { describe, expect, it } from 'vitest';
import { broken, healthy, remove, sabotaged } from './stage.ts';
import { website } from './website.ts';

const site = website();

const about = (monitor: string) => site.slack.received.filter(({ text }) => text.includes(monitor));

describe('Slack', () => {
  it('that answers 429 with Retry-After, then 500, then ok gets the message once, and not before it asked to', async () => {
    const stack = await site.raise();
    await stack.advance('1m');
    site.slack.answer(
      { status: 429, body: 'rate_limited', headers: { 'retry-after': '25' } },
      { status: 500, body: 'rollup_error' },
    );

    site.target.behave(broken);
    await stack.advance('40s');
    expect(site.slack.received.map(({ status }) => status)).toEqual([429]);
    await stack.advance('10s');
    expect(site.slack.received).toHaveLength(1);
    await stack.advance('2m');

    expect(site.slack.received.map(({ status }) => status)).toEqual([429, 500, 200]);
    expect(stack.mailsTo('oncall@example.com')).toHaveLength(1);
    const [incident] = await stack.incidents();
    const rows = (await stack.ledger(incident!.id)).filter(({ channel }) => channel === 'ops');
    expect(rows.map(({ result }) => result)).toEqual(['retry', 'retry', 'sent']);
  });

  it('88 108 that is gone for good costs nobody else their message, and the owner is told past it', async () => {
    const stack = await site.raise();
    await stack.advance('1m');
    site.slack.answerAlways({ status: 404, body: 'no_service' });

    site.target.behave(broken);
    await stack.advance('5m');

    expect(about('website')).toHaveLength(1);
    expect(stack.mailsTo('oncall@example.com').map(({ subject }) => subject)).toContainEqual(
      expect.stringMatching(/website/),
    );
    expect(stack.mailsTo('owner@example.com').map(({ subject }) => subject)).toContainEqual(
      expect.stringMatching(/^ALARM: "shop\/self\/dead-letters-notify-slack"/),
    );
  });

  it('that comes back after the recovery is told of the recovery alone, and the ledger says so of both', async () => {
    const stack = await site.raise();
    await stack.advance('1m');
    site.slack.answerAlways({ status: 503, body: 'down' });
    site.target.behave(broken);
    await stack.advance('1m');
    site.target.behave(healthy);
    await stack.advance('1m');
    expect(site.slack.accepted()).toEqual([]);

    site.slack.answerAlways(undefined);
    await stack.advance('15m');

    const accepted = about('website').filter(({ status }) => status === 200);
    expect(accepted.map(({ text }) => text)).toEqual([expect.stringMatching(/resolved/i)]);
    const incident = (await stack.incidents()).find(({ subject }) => subject.id === 'website')!;
    const rows = (await stack.ledger(incident.id)).filter(({ channel }) => channel === 'ops');
    const settled = rows.filter(({ result }) => result !== 'retry').map(({ type, result }) => [type, result]);
    expect(settled.sort()).toEqual([
      ['firing', 'superseded'],
      ['resolved', 'sent'],
    ]);
  });
});

describe('a track-incidents that throws on every call', () => {
  it('is told to the owner by mail, without any function of ours, and reconcile does its work meanwhile', async () => {
    const template = sabotaged(
      site.template,
      (code) => code.includes('EVENTS_TOPIC_ARN') && code.includes('batchItemFailures'),
    );
    const stack = await site.raise(template);
    await stack.advance('1m');

    site.target.behave(broken);
    await stack.advance('15m');

    const subjects = stack.mailsTo('owner@example.com').map(({ subject }) => subject);
    expect(subjects).toContainEqual(
      expect.stringMatching(/^ALARM: "shop\/self\/(errors-track-incidents|late-alarms)"/),
    );
    expect(about('website')).toHaveLength(1);
    await remove(template);
  });
});
