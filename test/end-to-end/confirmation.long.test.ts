import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, changeable, fakeSlack, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;
let asked = 0;

const counted =
  (behaviour: typeof healthy): typeof healthy =>
  (request, response) => {
    asked++;
    behaviour(request, response);
  };

beforeAll(async () => {
  target = await changeable(healthy);
  slack = await fakeSlack();
  template = await synthesized('confirmation.config.ts', { TARGET_URL: `${target.url}/health` });
});

afterAll(async () => {
  await Promise.all([target.close(), slack.close(), remove(template)]);
});

interface Detail {
  state: string;
  quorum: number;
  locations: { location: string; outcome: string }[];
  evidence: { location: string; cause?: string; votes?: { location: string; outcome: string }[] }[];
}

describe('a website that two other Regions confirm', () => {
  it('is checked by the one location alone while it is well', async () => {
    target.behave(counted(healthy));
    asked = 0;
    const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
    await stack.advance('2m');
    const { quorum, locations } = await stack.api<Detail>('monitors/website');
    expect({ quorum, locations }).toMatchObject({ quorum: 2, locations: [{ location: 'home' }] });
    expect(locations).toHaveLength(1);
    // Six checks a minute, and those of the minute that has just begun.
    expect(asked).toBeGreaterThanOrEqual(12);
    expect(asked).toBeLessThanOrEqual(18);
  });

  it('is down when they see it as well, and the cause is told', async () => {
    target.behave(healthy);
    const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
    await stack.advance('1m');
    target.behave(broken);
    await stack.advance('2m');
    expect(await stack.incidents()).toMatchObject([
      { status: 'triggered', subject: { type: 'monitor', id: 'website' } },
    ]);
    const told = JSON.stringify(slack.received);
    expect(told).toContain('the target: every location that was asked sees it fail');
    expect(told).toContain('home down, frankfurt down, virginia down');
    expect((await stack.api<Detail>('monitors/website')).state).toBe('down');

    target.behave(healthy);
    await stack.advance('2m');
    expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'recovered' }]);
    expect((await stack.api<Detail>('monitors/website')).state).toBe('up');
  });

  it('is not down when only the one location does not reach it: the region is recorded as the cause', async () => {
    target.behave(healthy);
    const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
    await stack.advance('1m');
    await fetch(`${stack.url}/local/location`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'home', broken: true }),
    });
    await stack.advance('4m');
    expect(await stack.incidents()).toEqual([]);
    const { state, evidence } = await stack.api<Detail>('monitors/website');
    expect(state).toBe('up');
    expect(evidence).toMatchObject([
      {
        location: 'home',
        cause: 'region',
        votes: [
          { location: 'home', outcome: 'down' },
          { location: 'frankfurt', outcome: 'up' },
          { location: 'virginia', outcome: 'up' },
        ],
      },
    ]);
    const page = await (await fetch(`${stack.url}/monitors/website`)).text();
    expect(page).toContain('Cause: the region: other locations reach the target');
  });
});
