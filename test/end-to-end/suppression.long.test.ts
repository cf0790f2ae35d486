import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, changeable, fakeSlack, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  slack = await fakeSlack();
  template = await synthesized('suppression.config.ts', { TARGET_URL: target.url });
});
afterAll(() => Promise.all([target.close(), slack.close(), remove(template)]));

async function raiseStack() {
  slack.received.length = 0;
  target.behave(healthy);
  const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
  return {
    ...stack,
    expire: (path: string) => fetch(`${stack.url}/api/${path}`, { method: 'DELETE' }),
    told: () => slack.received.map(({ text }) => text),
    uptime: async () =>
      (await stack.api<{ uptime: Record<'24h', { uptime: string; downMs: number }> }>('monitors/website'))
        .uptime['24h'],
  };
}

/** Has these paths fail and all others answer. */
const breaks = (...paths: string[]) =>
  target.behave((request, response) =>
    (paths.includes(request.url!.slice(1)) ? broken : healthy)(request, response),
  );

const silence = { matchers: ['team="platform"'], for: '3m', comment: 'deploy', actor: 'ana' };

describe('a silence', () => {
  it('tells nobody while it lasts, and once when it ends and it still fails', async () => {
    const stack = await raiseStack();
    await stack.api('silences', silence);
    breaks('website');
    await stack.advance('2m');
    expect(stack.told()).toEqual([]);
    expect(await stack.incidents()).toMatchObject([
      {
        status: 'triggered',
        suppressed: { by: 'silence', text: 'silenced by ana until 2026-11-20 12:03 UTC: deploy' },
      },
    ]);
    await stack.advance('2m');
    expect(stack.told()).toEqual([expect.stringContaining('website is down')]);
    await stack.advance('5m');
    expect(stack.told()).toHaveLength(1);
  });

  it('that is expired by hand lets people know at once', async () => {
    const stack = await raiseStack();
    const { id } = await stack.api<{ id: string }>('silences', silence);
    breaks('website');
    await stack.advance('2m');
    expect((await stack.expire(`silences/${id}`)).status).toBe(200);
    await stack.advance('10s');
    expect(stack.told()).toHaveLength(1);
  });

  it('59 swallows no recovery of what people were told', async () => {
    const stack = await raiseStack();
    breaks('website');
    await stack.advance('1m');
    expect(stack.told()).toHaveLength(1);
    await stack.api('silences', silence);
    target.behave(healthy);
    await stack.advance('1m');
    expect(stack.told()).toEqual([expect.stringContaining('down'), expect.stringContaining('RESOLVED')]);
  });

  it('of a failure that ends within it is told to nobody', async () => {
    const stack = await raiseStack();
    await stack.api('silences', silence);
    breaks('website');
    await stack.advance('2m');
    target.behave(healthy);
    await stack.advance('3m');
    expect(stack.told()).toEqual([]);
    expect(await stack.incidents()).toMatchObject([{ status: 'resolved' }]);
  });
});

describe('a maintenance window', () => {
  it('has CloudWatch tell nothing, keeps the incident to itself, and tells once when it ends', async () => {
    const stack = await raiseStack();
    await stack.advance('6m');
    breaks('website');
    await stack.advance('5m');
    expect(stack.told()).toEqual([]);
    expect(await stack.incidents()).toMatchObject([
      { status: 'triggered', suppressed: { by: 'maintenance', id: 'nightly' } },
    ]);
    expect(await stack.api('monitors/website')).toMatchObject({
      state: 'down',
      maintenance: { id: 'nightly', comment: 'backups' },
    });
    await stack.advance('5m');
    expect(stack.told()).toEqual([expect.stringContaining('website is down')]);
    await stack.advance('5m');
    expect(stack.told()).toHaveLength(1);
    expect(await stack.incidents()).toHaveLength(1);
    expect(stack.mailsTo('owner@example.com')).toEqual([]);
  });

  it('is outside of uptime, and a recovery in it is told to whoever was told before', async () => {
    const stack = await raiseStack();
    await stack.advance('4m');
    breaks('website');
    await stack.advance('2m');
    expect(stack.told()).toHaveLength(1);
    await stack.advance('4m');
    target.behave(healthy);
    await stack.advance('4m');
    expect(stack.told()).toEqual([expect.stringContaining('down'), expect.stringContaining('RESOLVED')]);
    await stack.advance('8m');
    expect(await stack.uptime()).toMatchObject({ downMs: 50_000 });
  });

  it('that somebody begins works without CloudWatch, and ends by hand', async () => {
    const stack = await raiseStack();
    const { id } = await stack.api<{ id: string }>('maintenance', {
      monitors: ['website'],
      for: '1h',
      actor: 'ana',
    });
    breaks('website');
    await stack.advance('3m');
    expect(stack.told()).toEqual([]);
    expect((await stack.expire(`maintenance/${id}`)).status).toBe(200);
    await stack.advance('10s');
    expect(stack.told()).toHaveLength(1);
  });
});

describe('a monitor that depends on another', () => {
  it('waits while that fails, and is not told at all where it recovers with it', async () => {
    const stack = await raiseStack();
    breaks('database', 'api');
    await stack.advance('3m');
    expect(stack.told()).toEqual([expect.stringContaining('database is down')]);
    target.behave(healthy);
    await stack.advance('2m');
    expect(stack.told()).toEqual([expect.stringContaining('database'), expect.stringContaining('database')]);
    expect(await stack.incidents()).toHaveLength(2);
  });

  it('58 is told when it still fails after that recovered', async () => {
    const stack = await raiseStack();
    breaks('database', 'api');
    await stack.advance('2m');
    breaks('api');
    await stack.advance('3m');
    expect(stack.told()).toEqual([
      expect.stringContaining('database is down'),
      expect.stringContaining('database'),
      expect.stringContaining('api is down'),
    ]);
  });
});
