import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeable, fakeSlack, healthy, raise, remove, type Stack, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  slack = await fakeSlack();
  template = await synthesized('locations.config.ts', {
    TARGET_URL: `${target.url}/health`,
  });
});

afterAll(async () => {
  await Promise.all([target.close(), slack.close(), remove(template)]);
});

/** From the next minute on. */
async function cut(stack: Stack, id: string, broken: boolean): Promise<Response> {
  return fetch(`${stack.url}/local/location`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, broken }),
  });
}

describe('a website seen from three locations, in two Regions and a network', () => {
  it('is quiet while one does not reach it, down when two do not, and up again', async () => {
    const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
    await stack.advance('2m');
    expect(await stack.incidents()).toEqual([]);

    expect(await (await cut(stack, 'frankfurt', true)).json()).toEqual({ id: 'frankfurt', broken: true });
    await stack.advance('3m');
    expect(await stack.incidents()).toEqual([]);
    const { locations } = await stack.api<{ locations: { id: string; outcome: string }[] }>(
      'monitors/website',
    );
    expect(locations).toMatchObject([{ outcome: 'up' }, { outcome: 'down' }, { outcome: 'up' }]);

    await cut(stack, 'home', true);
    await stack.advance('2m');
    expect(await stack.incidents()).toMatchObject([
      { status: 'triggered', subject: { type: 'monitor', id: 'website' } },
    ]);
    expect(JSON.stringify(slack.received)).toContain('no route to');

    await cut(stack, 'home', false);
    await stack.advance('2m');
    expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'recovered' }]);
    expect(slack.accepted()).toHaveLength(2);
    // The second Region hears the heart beat.
    expect(stack.mailsTo('owner@example.com').map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^OK: "acme\/self\/dead-man"/),
    ]);
  });

  it('has every location by its name, and no other', async () => {
    const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
    const answer = await fetch(`${stack.url}/local/location`, { method: 'POST', body: 'office' });
    expect({ status: answer.status, text: await answer.text() }).toEqual({
      status: 400,
      text: 'send {"id":"home","broken":true}\n',
    });
    const refused = await cut(stack, 'tokyo', true);
    expect(refused.status).toBe(404);
    expect(await refused.text()).toBe('there is no location tokyo; there are home, office, frankfurt\n');
  });
});
