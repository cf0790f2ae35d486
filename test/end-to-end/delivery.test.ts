import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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

const raiseStack = (from = template) => {
  slack.received.length = 0;
  slack.answerAlways(undefined);
  target.behave(healthy);
  return raise(from, { SLACK_WEBHOOK: slack.url });
};

const about = (monitor: string) => slack.received.filter(({ text }) => text.includes(monitor));

describe('Slack', () => {
  it('that answers 429 with Retry-After, then 500, then ok gets the message once, and not before it asked to', async () => {
    const stack = await raiseStack();
    await stack.advance('1m');
    slack.answer(
      { status: 429, body: 'rate_limited', headers: { 'retry-after': '25' } },
      { status: 500, body: 'rollup_error' },
    );

    target.behave(broken);
    await stack.advance('40s');
    expect(slack.received.map(({ status }) => status)).toEqual([429]);
    await stack.advance('10s');
    expect(slack.received).toHaveLength(1);
    await stack.advance('2m');

    expect(slack.received.map(({ status }) => status)).toEqual([429, 500, 200]);
    expect(stack.mailsTo('oncall@example.com')).toHaveLength(1);
    const [incident] = await stack.incidents();
    const rows = (await stack.ledger(incident!.id)).filter(({ channel }) => channel === 'ops');
    expect(rows.map(({ result }) => result)).toEqual(['retry', 'retry', 'sent']);
  });

  it('that is gone for good costs nobody else their message, and the owner is told past it', async () => {
    const stack = await raiseStack();
    await stack.advance('1m');
    slack.answerAlways({ status: 404, body: 'no_service' });

    target.behave(broken);
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
    const stack = await raiseStack();
    await stack.advance('1m');
    slack.answerAlways({ status: 503, body: 'down' });
    target.behave(broken);
    await stack.advance('1m');
    target.behave(healthy);
    await stack.advance('1m');
    expect(slack.accepted()).toEqual([]);

    slack.answerAlways(undefined);
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
    const sabotaged = `${template}-sabotaged`;
    cpSync(template, sabotaged, { recursive: true });
    for (const folder of readdirSync(sabotaged).filter((name) => name.startsWith('asset.'))) {
      const bundle = path.join(sabotaged, folder, 'index.cjs');
      const code = readFileSync(bundle, 'utf8');
      if (code.includes('TIMERS_QUEUE_URL') && code.includes('batchItemFailures'))
        writeFileSync(bundle, 'exports.handler = async () => { throw new Error("sabotage"); };');
    }
    const stack = await raiseStack(sabotaged);
    await stack.advance('1m');

    target.behave(broken);
    await stack.advance('15m');

    const subjects = stack.mailsTo('owner@example.com').map(({ subject }) => subject);
    expect(subjects).toContainEqual(
      expect.stringMatching(/^ALARM: "shop\/self\/(errors-track-incidents|late-alarms)"/),
    );
    expect(about('website')).toHaveLength(1);
    await remove(sabotaged);
  });
});
