import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolve } from '../../shared/config/resolve.ts';
import { identify } from '../../shared/incidents/describe.ts';
import { type Known, simulate } from '../../shared/incidents/simulate.ts';
import file from '../fixtures/end-to-end/routing.config.ts';
import { broken, changeable, healthy, raise, remove, type Stack, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  template = await synthesized('routing.config.ts', { TARGET_URL: target.url });
});
afterAll(() => Promise.all([target.close(), remove(template)]));

async function raiseStack(): Promise<Stack> {
  target.behave(healthy);
  const stack = await raise(template, {});
  await stack.advance('1m');
  target.behave(broken);
  return stack;
}

/** Who was told in which minute after noon: `0:03 ana`. Digests wait for the next minute. */
const told = (stack: Stack) =>
  stack
    .outbox()
    .flatMap(({ channel, at }) => (channel.includes('-') ? [] : [`${minuteOf(Date.parse(at))} ${channel}`]));

const minuteOf = (at: number) => new Date(at).toISOString().slice(11, 16);

/** The same as it is simulated. */
function foretold(monitor: string, openedAt: number, known: Partial<Known> = {}): string[] {
  const resolved = resolve(file, { local: true });
  if ('problems' in resolved) throw new Error(JSON.stringify(resolved.problems));
  const { config } = resolved;
  const { notices } = simulate(config, identify({ type: 'monitor', id: monitor }, config), openedAt, {
    overrides: [],
    silences: [],
    windows: [],
    ...known,
  });
  return notices.flatMap(({ at, channels }) =>
    channels.map(({ channel, digest }) => `${minuteOf(digest ?? at)} ${channel}`),
  );
}

it('what is simulated is what happens: hand-overs, hours, digests and reminders', async () => {
  const stack = await raiseStack();
  await stack.advance('25m');

  const incidents = await stack.incidents();
  const openedAt = Object.fromEntries(
    incidents.map(({ subject, openedAt }) => [subject.id, Date.parse(`${openedAt}`)]),
  );
  const expected = ['shop', 'docs', 'blog'].flatMap((monitor) => foretold(monitor, openedAt[monitor]!));
  const until = expected.filter((each) => each < '12:26');
  expect(told(stack).sort()).toEqual(until.sort());
  expect(until).toEqual([
    '12:01 ops',
    '12:04 ana',
    '12:08 docs',
    '12:14 ben',
    '12:14 boss',
    '12:15 log',
    '12:21 ops',
  ]);
});

it('who stands in is told instead, an acknowledgement ends it, and the end is told to whoever was told', async () => {
  const stack = await raiseStack();
  await stack.api('oncall/overrides', { rotation: 'shop', person: 'ben', for: '1h', actor: 'ana' });
  await stack.advance('5m');
  const shop = (await stack.incidents()).find(({ subject }) => subject.id === 'shop')!;
  await stack.api(`incidents/${shop.id}/acknowledge`, { actor: 'ben' });
  await stack.advance('16m');
  expect(told(stack).filter((each) => !/docs|log/.test(each))).toEqual(['12:01 ops', '12:04 ben']);
  target.behave(healthy);
  await stack.advance('2m');
  const ends = told(stack).filter((each) => each > '12:20');
  expect(ends.sort()).toEqual(['12:22 ben', '12:22 docs', '12:22 ops']);
});
