import { afterAll, beforeAll, expect, it } from 'vitest';
import { broken, changeable, fakeSlack, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  slack = await fakeSlack();
  template = await synthesized('five-minutes.config.ts', { TARGET_URL: `${target.url}/health` });
});

afterAll(async () => {
  await Promise.all([target.close(), slack.close(), remove(template)]);
});

interface Shown {
  incident: { status: string };
  meanwhile: { monitor: string; results: { outcome: string; location: string }[] }[];
}

it('what is checked every five minutes is checked every minute while it fails, and is seen up before the alarm says so', async () => {
  const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
  target.behave(broken);
  await stack.advance('6m');
  const [incident] = await stack.incidents();
  const shown = () => stack.api<Shown>(`incidents/${incident!.id}`);
  const outcomes = async () =>
    (await shown()).meanwhile.map(({ results }) => results.map(({ outcome }) => outcome).join());

  await stack.advance('2m');
  expect(await outcomes()).toEqual(expect.arrayContaining(['down', 'down']));
  target.behave(healthy);
  await stack.advance('70s');

  const { incident: still, meanwhile } = await shown();
  expect(still.status).toBe('triggered');
  expect(meanwhile[0]).toMatchObject({
    monitor: 'website',
    results: [{ location: 'home', outcome: 'up' }],
  });
  const page = await (await fetch(`${stack.url}/incidents/${incident!.id}`)).text();
  expect(page).toContain('Checks meanwhile');

  await stack.advance('5m');
  expect((await shown()).incident.status).toBe('resolved');
  const atTheEnd = (await outcomes()).length;
  await stack.advance('3m');
  expect((await outcomes()).length).toBe(atTheEnd);
  expect(stack.lines.filter((line) => line.includes('ACCESS DENIED'))).toEqual([]);
});
