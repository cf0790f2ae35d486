import { expect, test } from 'vitest';
import { type Call, ServiceError } from '../../infra/local/service.ts';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { remediation } from '../../shared/notifications/remediation.ts';
import { again, firing } from '../notifications/events.ts';
import { serveProvider } from '../support/fake-provider.ts';
import { serveNotify } from './notify-stage.ts';

const settings = { url: { secret: 'fix-url' }, key: { secret: 'fix-key' }, tries: 1 };

async function start(more: object = {}, beforeDatabase?: (call: Call) => void) {
  const provider = await serveProvider(() => ({ status: 200, body: 'restarted' }));
  const stage = await serveNotify({
    kind: remediation,
    channels: { fix: { ...settings, ...more } },
    secrets: { 'fix-url': provider.url, 'fix-key': 'a key' },
    ...(beforeDatabase && { beforeDatabase }),
  });
  const tell = async (event: IncidentEvent) => {
    await stage.keep(event);
    stage.send(event);
    await stage.invoke();
  };
  return { ...provider, ...stage, tell };
}

const of = (event: IncidentEvent, id: string, revision = 1): IncidentEvent => ({
  ...event,
  id: `${id}#${revision}`,
  receivers: ['fix'],
  before: { fix: revision - 1 },
  incident: { ...event.incident, id, revision, groupKey: `monitor/${id}` },
});

test('what is run is reported to those who keep incidents, and is told like any message', async () => {
  const { tell, asked, givenUp, history } = await start();
  await tell(of(firing(), 'a'));
  expect(asked).toHaveLength(1);
  expect(givenUp()).toEqual([
    {
      type: 'reported',
      incident: 'a',
      channel: 'fix',
      revision: 1,
      text: expect.stringMatching(/^the URL of fix-url answered 200 after .*: restarted$/),
    },
  ]);
  expect(await history('a')).toEqual(['fix 1 sent']);
});

test('that it goes on runs nothing, and is no news for the timeline', async () => {
  const { tell, asked, givenUp, ledger } = await start();
  await tell(of(again('repeat'), 'a'));
  expect([asked, givenUp()]).toEqual([[], []]);
  expect((await ledger('a')).map(({ detail }) => detail)).toEqual(['nothing to do upon this event']);
});

test('it rests for a while for the same thing, and for that alone', async () => {
  const { tell, asked, givenUp, pass } = await start();
  await tell(of(firing(), 'a'));
  await tell(of(again('reopened'), 'a', 2));
  await tell(of(firing(), 'b'));
  expect(asked).toHaveLength(2);
  expect(givenUp().map(({ text }) => text)[1]).toBe('not run: it ran within the last 10 min');
  await pass(600, 60_000);
  await tell(of(again('escalated'), 'a', 3));
  expect(asked).toHaveLength(3);
});

test('a crash before anything was written down does not keep it from running', async () => {
  let refusals = 1;
  const { tell, asked, givenUp, pass } = await start({}, ({ operation }) => {
    if (operation === 'TransactWriteItems' && refusals-- > 0)
      throw new ServiceError('ValidationException', 'refused by the test');
  });
  await tell(of(firing(), 'a'));
  await pass(120, 5_000);
  expect(asked.map(({ headers }) => headers['tocsin-event'])).toEqual(['a%231', 'a%231']);
  expect(new Set(givenUp().map(({ revision }) => revision))).toEqual(new Set([1]));
});

test('what failed is given up at once: the timeline and its fallback hear of it', async () => {
  const { tell, asked, next, givenUp, dead } = await start();
  next({ status: 503 });
  await tell(of(firing(), 'a'));
  expect(asked).toHaveLength(1);
  expect(givenUp()).toMatchObject([
    { type: 'undelivered', channel: 'fix', reason: expect.stringContaining('answered 503') },
  ]);
  expect(dead()).toHaveLength(1);
});
