import { describe, expect, it } from 'vitest';
import { broken, healthy, noon } from './stage.ts';
import { website } from './website.ts';

const site = website();

interface Monitor {
  state: string;
  since?: string;
  paused?: object;
  uptime: Record<'24h', { uptime: string; coverage: string; downMs: number }>;
}

async function raiseStack() {
  const stack = await site.raise();
  const post = (verb: string, body: object = {}) => stack.api<Monitor>(`monitors/website/${verb}`, body);
  const alarm = async () => {
    const { alarms } = await stack.api<{
      alarms: { name: string; state: string; actionsEnabled: boolean }[];
    }>('alarms');
    return alarms.find(({ name }) => name === 'shop/monitor/website')!;
  };
  return { ...stack, post, alarm, monitor: () => stack.api<Monitor>('monitors/website') };
}

describe('a monitor that is paused', () => {
  it('breaks without an incident, and with one once it is resumed', async () => {
    const stack = await raiseStack();
    await stack.advance('2m');
    await stack.post('pause', { actor: 'Ana', reason: 'moving house' });
    expect(await stack.monitor()).toMatchObject({
      state: 'paused',
      paused: { by: 'Ana', reason: 'moving house', at: '2026-11-20T12:02:00.000Z' },
    });

    site.target.behave(broken);
    await stack.advance('5m');
    expect(await stack.incidents()).toEqual([]);
    expect(site.slack.received).toEqual([]);
    expect(await stack.alarm()).toMatchObject({ state: 'OK', actionsEnabled: false });

    await stack.post('resume');
    await stack.advance('2m');
    expect(await stack.incidents()).toMatchObject([{ status: 'triggered' }]);
    expect(site.slack.received).toHaveLength(1);
    expect(await stack.monitor()).toMatchObject({ state: 'down', since: expect.stringMatching('T12:08:') });
  });

  it('is not asked any more, and asked again when it is resumed', async () => {
    const stack = await raiseStack();
    let asked = 0;
    site.target.behave((request, response) => {
      asked++;
      healthy(request, response);
    });
    await stack.post('pause');
    await stack.advance('2m');
    asked = 0;
    await stack.advance('5m');
    expect(asked).toBe(0);

    await stack.post('resume');
    await stack.advance('2m');

    expect(asked).toBeGreaterThanOrEqual(6);
    expect(stack.mailsTo('owner@example.com')).toEqual([]);
  });

  it('while it fails has its incident resolved, of which people are told once; the failure opens it again soon after', async () => {
    const stack = await raiseStack();
    await stack.advance('1m');
    site.target.behave(broken);
    await stack.advance('1m');
    expect(site.slack.received).toHaveLength(1);

    await stack.post('pause', { actor: 'Ana', reason: 'known, fixed tomorrow' });
    await stack.advance('6m');

    expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'Ana' }]);
    expect(site.slack.received).toHaveLength(2);
    expect(JSON.stringify(site.slack.received[1])).toContain('website is paused: known, fixed tomorrow');

    await stack.post('resume');
    await stack.advance('2m');
    expect(await stack.incidents()).toMatchObject([{ status: 'triggered', reopened: 1 }]);
    expect(site.slack.received).toHaveLength(3);
  });

  it('and is healthy when resumed tells nobody anything', async () => {
    const stack = await raiseStack();
    site.target.behave(broken);
    await stack.advance('1m');
    await stack.post('pause');
    site.target.behave(healthy);
    await stack.advance('5m');
    await stack.post('resume');
    await stack.advance('5m');

    expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'api' }]);
    expect(site.slack.received).toHaveLength(2);
    expect(await stack.monitor()).toMatchObject({ state: 'up' });
    expect(await stack.alarm()).toMatchObject({ state: 'OK', actionsEnabled: true });
  });

  it('is resumed by itself when the time has come', async () => {
    const stack = await raiseStack();
    await stack.advance('1m');
    await stack.post('pause', { until: new Date(noon + 10 * 60_000).toISOString() });
    site.target.behave(broken);
    await stack.advance('8m');
    expect(await stack.monitor()).toMatchObject({ state: 'paused' });
    expect(site.slack.received).toEqual([]);

    await stack.advance('3m');
    expect(await stack.monitor()).toMatchObject({ state: 'down' });
    expect(await stack.incidents()).toMatchObject([{ status: 'triggered' }]);
    expect(await stack.alarm()).toMatchObject({ actionsEnabled: true });
  });

  it('has that time outside of its uptime and coverage, and raises no alarm about ourselves', async () => {
    const stack = await raiseStack();
    await stack.advance('5m');
    site.target.behave(broken);
    await stack.post('pause');
    await stack.advance('10m');
    site.target.behave(healthy);
    await stack.post('resume');
    await stack.advance('11m');

    const { uptime } = await stack.monitor();
    expect(uptime['24h']).toMatchObject({ uptime: '100.000', downMs: 0, coverage: '1.0' });
    expect(await stack.incidents()).toEqual([]);
  });
});
