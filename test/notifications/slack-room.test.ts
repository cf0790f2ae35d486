import { expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { slackbot } from '../../shared/notifications/slackbot.ts';
import { type FakeSlack, serveSlackApi, slackToken } from '../support/fake-slack.ts';
import { acknowledged, again, digest, firing, resolved } from './events.ts';
import { tell } from './tell.ts';

const given = {
  token: { secret: 'slack-token' },
  channel: 'C012AB3CD',
  incidentChannel: { invite: ['U0ANA0000', 'U0BEN0000'] },
};

/** Tells events one after the other, each knowing what the one before it was called. */
async function tellAll({ outbox }: FakeSlack, settings: object, ...events: IncidentEvent[]) {
  let previous: string | undefined;
  const verdicts = [];
  for (const event of events) {
    const place = { secrets: { 'slack-token': slackToken }, outbox, ...(previous && { previous }) };
    const verdict = await tell(slackbot, event, settings, place);
    if (verdict.result === 'sent') previous = verdict.reference;
    verdicts.push(verdict);
  }
  return verdicts;
}

const saidIn = ({ messages }: FakeSlack, id: string) =>
  messages.filter(({ channel }) => channel === id).map(({ text }) => text.split('.')[0]);

test('a critical incident has a channel of its own, from its first message to its end', async () => {
  const slack = await serveSlackApi();
  const verdicts = await tellAll(slack, given, firing(), acknowledged(), resolved());

  const [whole, pointer] = slack.messages.filter(({ channel }) => channel === 'C012AB3CD');
  expect([...slack.rooms]).toEqual([
    [
      'inc-20261120-abcdefgh',
      {
        id: 'C0ROOM000',
        topic: expect.stringMatching(/^website is down · https:\/\//),
        members: ['U0ANA0000', 'U0BEN0000'],
        isArchived: true,
      },
    ],
  ]);
  expect(pointer).toMatchObject({ thread_ts: whole!.ts, text: 'Its own channel: <#C0ROOM000>' });
  expect(saidIn(slack, 'C0ROOM000')).toEqual([
    '🔴 CRITICAL: website is down',
    '👀 ACKNOWLEDGED: website is down',
    '✅ RESOLVED: website is down',
  ]);
  const message = `C012AB3CD:${whole!.ts}`;
  expect(verdicts).toEqual([
    { result: 'sent', reference: `${message}:C0ROOM000` },
    { result: 'sent', reference: `${message}:C0ROOM000` },
    { result: 'sent', reference: message },
  ]);
});

test('one that is opened again has another, as an archived one stays archived', async () => {
  const slack = await serveSlackApi();
  const reopened = again('reopened');
  const second = { ...reopened, incident: { ...reopened.incident, reopened: 1 } };
  await tellAll(slack, given, firing(), resolved(), second);
  expect([...slack.rooms].map(([name, { isArchived }]) => [name, isArchived])).toEqual([
    ['inc-20261120-abcdefgh', true],
    ['inc-20261120-abcdefgh-2', undefined],
  ]);
});

const lesser = { ...firing(), incident: { ...firing().incident, severity: 'high' as const } };
const tested = { ...firing(), incident: { ...firing().incident, test: true as const } };

test.each([
  ['a lesser incident', given, lesser],
  ['a test', given, tested],
  ['many at once', given, digest()],
  ['an end of which the beginning was never told', given, resolved()],
  ['a channel that says nothing of it', { ...given, incidentChannel: undefined }, firing()],
])('%s has none', async (_, settings, event) => {
  const slack = await serveSlackApi();
  expect(await tellAll(slack, settings, event)).toMatchObject([{ result: 'sent' }]);
  expect(slack.rooms.size).toBe(0);
});

test('from another severity on where that is said, and once it is raised to it', async () => {
  const slack = await serveSlackApi();
  await tellAll(slack, { ...given, incidentChannel: { from: 'high' } }, lesser);
  expect([...slack.rooms.values()]).toMatchObject([{ members: [] }]);

  const other = await serveSlackApi();
  await tellAll(other, given, lesser, again('severity-raised'));
  expect(other.rooms.size).toBe(1);
});

test('what Slack refuses costs the channel, never the message, and is said in the deliveries', async () => {
  const slack = await serveSlackApi();
  slack.rooms.set('inc-20261120-abcdefgh', { id: 'C0TAKEN00', members: [] });
  expect(await tellAll(slack, given, firing())).toEqual([
    {
      result: 'sent',
      detail: 'its own channel: name_taken',
      reference: `C012AB3CD:${slack.messages[0]!.ts}`,
    },
  ]);
  expect(slack.messages).toHaveLength(1);
});
