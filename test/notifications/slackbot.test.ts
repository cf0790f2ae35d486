import { expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { slackbot } from '../../shared/notifications/slackbot.ts';
import { type FakeSlack, serveSlackApi, slackToken } from '../support/fake-slack.ts';
import { acknowledged, again, assigned, digest, firing, resolved, severityChanged } from './events.ts';
import { tell } from './tell.ts';

const given = {
  token: { secret: 'slack-token' },
  channel: 'C012AB3CD',
  mention: 'here',
  signingSecret: { secret: 'slack-signing-secret' },
};
const secrets = { 'slack-token': slackToken };

/** Tells events one after the other, each knowing what the one before it was called. */
async function tellAll({ outbox }: FakeSlack, ...events: IncidentEvent[]) {
  let previous: string | undefined;
  const verdicts = [];
  for (const event of events) {
    const verdict = await tell(slackbot, event, given, { secrets, outbox, ...(previous && { previous }) });
    if (verdict.result === 'sent') previous = verdict.reference;
    verdicts.push(verdict);
  }
  return verdicts;
}

const headlineOf = (message: FakeSlack['messages'][number] | undefined) => {
  const [header] = message?.blocks ?? [];
  return header?.type === 'header' ? header.text.text : undefined;
};

const buttonsOf = (message: FakeSlack['messages'][number] | undefined) =>
  (message?.attachments?.[0].blocks ?? []).flatMap((block) =>
    block.type === 'actions' ? block.elements.map(({ action_id, value }) => `${action_id} ${value}`) : [],
  );

test('an incident is one message: it is changed in place, and what happened is said below it', async () => {
  const slack = await serveSlackApi();
  const verdicts = await tellAll(slack, firing(), acknowledged(), resolved());

  const [whole, ...replies] = slack.messages;
  expect(verdicts).toEqual(Array(3).fill({ result: 'sent', reference: `C012AB3CD:${whole?.ts}` }));
  expect(headlineOf(whole)).toBe('✅ RESOLVED: website is down');
  expect(whole?.edits).toBe(2);
  expect(replies.map(({ thread_ts, text }) => [thread_ts, text])).toEqual([
    [
      whole?.ts,
      '👀 ACKNOWLEDGED: website is down. ann is on it, 1 min after it began at 2026-11-20 03:12:05 UTC.',
    ],
    [
      whole?.ts,
      '✅ RESOLVED: website is down. Recovered after 3 min 20 s, from 2026-11-20 03:12:05 UTC to 2026-11-20 03:15:25 UTC.',
    ],
  ]);
});

test('buttons are for what can still be done, and name action and incident', async () => {
  const slack = await serveSlackApi();
  await tellAll(slack, firing());
  expect(buttonsOf(slack.messages[0])).toEqual([
    'acknowledge 20261120-abcdefgh',
    'resolve 20261120-abcdefgh',
    'assign 20261120-abcdefgh',
  ]);

  await tellAll(slack, acknowledged());
  expect(buttonsOf(slack.messages[1])).toEqual(['resolve 20261120-abcdefgh', 'assign 20261120-abcdefgh']);

  await tellAll(slack, resolved(), digest());
  expect(slack.messages.slice(2).flatMap(buttonsOf)).toEqual([]);
});

test('without the signing secret there are no buttons: nobody could tell whose click it is', async () => {
  const slack = await serveSlackApi();
  const { signingSecret, ...without } = given;
  await tell(slackbot, firing(), without, { secrets, outbox: slack.outbox });

  expect(slack.messages.flatMap(buttonsOf)).toEqual([]);
});

test.each([
  ['assigned', assigned(), '🔴 CRITICAL: website is down'],
  ['another severity', severityChanged(), '🟡 WARNING: website is down'],
  [
    'another severity while somebody is on it',
    { ...severityChanged(), incident: { ...acknowledged().incident, severity: 'warning' as const } },
    '👀 ACKNOWLEDGED: website is down',
  ],
])('%s: the message says what is, the reply what changed', async (_, event, headline) => {
  const slack = await serveSlackApi();
  await tellAll(slack, firing(), event);

  const [whole, reply] = slack.messages;
  expect(headlineOf(whole)).toBe(headline);
  expect(reply?.text).toContain('ann');
});

test.each([
  ['escalated', true],
  ['severity-raised', true],
  ['reopened', true],
  ['new-alerts', false],
  ['alerts-resolved', false],
] as const)('%s is shown in the channel as well, calling people: %s', async (reason, isCalling) => {
  const slack = await serveSlackApi();
  await tellAll(slack, firing(), again(reason));

  const reply = slack.messages[1];
  expect(reply?.reply_broadcast).toBe(isCalling);
  expect(JSON.stringify(reply?.blocks).includes('<!here>')).toBe(isCalling);
});

test.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])(
  '37 94 a message that cannot be changed (%s) is posted anew',
  async (error) => {
    const slack = await serveSlackApi();
    await tellAll(slack, firing());
    slack.next({ status: 200, body: { ok: false, error } });
    const previous = `C012AB3CD:${slack.messages[0]?.ts}`;
    const verdict = await tell(slackbot, resolved(), given, { secrets, outbox: slack.outbox, previous });

    expect(slack.messages).toHaveLength(2);
    expect(headlineOf(slack.messages[1])).toBe('✅ RESOLVED: website is down');
    expect(verdict).toEqual({ result: 'sent', reference: `C012AB3CD:${slack.messages[1]?.ts}` });
  },
);

test('a layout that Slack does not take goes out as one line', async () => {
  const slack = await serveSlackApi();
  slack.next({ status: 200, body: { ok: false, error: 'invalid_blocks' } });

  expect(await tellAll(slack, firing())).toMatchObject([{ result: 'sent' }]);
  expect(slack.messages[0]).toMatchObject({ text: expect.stringMatching(/^🔴 CRITICAL: website is down/) });
  expect(slack.messages[0]).toMatchObject({ blocks: [], attachments: [] });
});

test.each([
  ['is_archived', 'failed', 'answered is_archived: the channel is archived'],
  ['not_in_channel', 'failed', 'answered not_in_channel: invite the app to the channel'],
  ['token_revoked', 'failed', 'answered token_revoked: the token was revoked'],
  ['some_new_error', 'failed', 'answered some_new_error'],
  ['ratelimited', 'retry', 'answered ratelimited'],
  ['internal_error', 'retry', 'answered internal_error'],
  ['fatal_error', 'retry', 'answered fatal_error'],
])('84 88 200 with ok:false and %s is %s', async (error, result, reason) => {
  const slack = await serveSlackApi();
  slack.next({ status: 200, body: { ok: false, error } });

  expect(await tellAll(slack, firing())).toEqual([{ result, reason }]);
  expect(slack.messages).toEqual([]);
});

test('84 429 is tried again when Slack says', async () => {
  const slack = await serveSlackApi();
  slack.next({ status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } });

  expect(await tellAll(slack, firing())).toMatchObject([{ result: 'retry', afterMs: 30_000 }]);
});

test('the token is in no verdict', async () => {
  const slack = await serveSlackApi();
  slack.next({ status: 500, body: `Bearer ${slackToken}` });

  expect(JSON.stringify(await tellAll(slack, firing()))).not.toContain('TOKEN');
});
