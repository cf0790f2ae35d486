import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Incident, TimelineEntry } from '../../shared/incidents/incident.ts';
import { slackSignature } from '../../shared/notifications/slackbot/signature.ts';
import { broken, changeable, healthy, raise, remove, type Stack, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  template = await synthesized('lifecycle.config.ts', { TARGET_URL: `${target.url}/health` });
}, 60_000);

afterAll(async () => {
  await Promise.all([target?.close(), template && remove(template)]);
});

const signingSecret = 'decoy-signing-secret';

/** A click as Slack posts it. */
function click({ url, clock }: Stack, button: string, incident: string, user: string): Promise<Response> {
  const payload = {
    type: 'block_actions',
    team: { id: 'T000' },
    user: { id: user, name: 'somebody', team_id: 'T000' },
    channel: { id: 'C012AB3CD' },
    response_url: 'https://hooks.slack.com/actions/T000/1/decoy',
    actions: [{ action_id: button, value: incident }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = Math.floor(clock.now() / 1_000).toString();
  return fetch(`${url}/slack/interactions`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': slackSignature(signingSecret, timestamp, Buffer.from(body)),
    },
  });
}

/** The latest message or answer in the bot's channel. */
const latestOfBot = (stack: Stack) =>
  JSON.stringify(stack.outbox().findLast(({ channel }) => channel === 'bot')?.request);

it('is acknowledged by a link of its mail and resolved in Slack, and both stand in its timeline', async () => {
  const stack = await raise(template, { SLACK_SIGNING_SECRET: signingSecret });
  await stack.advance('1m');
  target.behave(broken);
  await stack.advance('1m');
  const [{ id } = { id: '' }] = await stack.incidents();

  const [mail] = stack.mailsTo('ana@example.com');
  const link = /Acknowledge: (http\S+)/.exec(mail!.text)![1]!;
  expect(await (await fetch(link)).text()).toContain('Acknowledge</button>');
  expect(await stack.incidents()).toMatchObject([{ status: 'triggered' }]);
  const token = new URL(link).searchParams.get('token')!;
  const pressed = await fetch(new URL('/mail', link), {
    method: 'POST',
    body: new URLSearchParams({ token, name: 'Ana' }),
  });
  expect(await pressed.text()).toContain('Ana (mail to ana@example.com)');
  await stack.advance('10s');
  expect(latestOfBot(stack)).toContain('ACKNOWLEDGED');

  expect((await click(stack, 'resolve', id, 'U0ANA0000')).status).toBe(200);
  await stack.advance('5s');
  expect(latestOfBot(stack)).toContain('RESOLVED');
  // A second click changes nothing, and whoever clicked learns why.
  expect((await click(stack, 'resolve', id, 'U0BEN0000')).status).toBe(200);
  expect(latestOfBot(stack)).toContain('is resolved already');

  const { incident, timeline } = await stack.api<{ incident: Incident; timeline: TimelineEntry[] }>(
    `incidents/${id}`,
  );
  expect(incident).toMatchObject({ status: 'resolved', resolvedBy: 'Ana' });
  expect(timeline.map(({ type, actor }) => [type, actor])).toEqual(
    expect.arrayContaining([
      ['acknowledged', 'Ana (mail to ana@example.com)'],
      ['resolved', 'Ana'],
    ]),
  );
  expect(JSON.stringify(stack.lines)).not.toContain(token);
}, 60_000);
