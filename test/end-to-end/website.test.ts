import { describe, expect, it } from 'vitest';
import { broken, healthy } from './stage.ts';
import { website } from './website.ts';

const site = website();

describe('a website', () => {
  it('that breaks is one incident, one Slack message and one mail with the evidence, and a recovery likewise; again soon after it is the same incident', async () => {
    const stack = await site.raise();
    await stack.advance('2m');
    expect(await stack.incidents()).toEqual([]);
    expect(site.slack.received).toEqual([]);

    site.target.behave(broken);
    await stack.advance('40s');

    const [incident, ...others] = await stack.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      status: 'triggered',
      severity: 'critical',
      subject: { type: 'monitor', id: 'website' },
    });
    expect(site.slack.received).toHaveLength(1);
    const message = JSON.stringify(site.slack.received[0]);
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

    site.target.behave(healthy);
    await stack.advance('1m');

    expect(await stack.incidents()).toMatchObject([
      { id: incident!.id, status: 'resolved', resolvedBy: 'recovered' },
    ]);
    expect(site.slack.received).toHaveLength(2);
    expect(site.slack.received[1]!.text).toMatch(/resolved/i);
    expect(stack.mailsTo('oncall@example.com')).toHaveLength(2);

    site.target.behave(broken);
    await stack.advance('40s');
    expect(await stack.incidents()).toMatchObject([{ id: incident!.id, status: 'triggered', reopened: 1 }]);
    expect(site.slack.received).toHaveLength(3);
    expect(JSON.stringify(site.slack.received[2])).toContain('it fires again');

    site.target.behave(healthy);
    await stack.advance('30m');
    expect(site.slack.received).toHaveLength(4);
    expect(await stack.incidents()).toMatchObject([{ id: incident!.id, status: 'resolved' }]);
    expect(stack.mailsTo('owner@example.com')).toEqual([]);
  });
});
