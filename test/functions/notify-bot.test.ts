import { expect, test } from 'vitest';
import { pagerduty } from '../../shared/notifications/pagerduty.ts';
import { slackbot } from '../../shared/notifications/slackbot.ts';
import { acknowledged, firing, resolved } from '../notifications/events.ts';
import { routingKey, servePagerDuty } from '../support/fake-pagerduty.ts';
import { serveSlackApi, slackToken } from '../support/fake-slack.ts';
import { serveNotify } from './notify-stage.ts';

const bot = { token: { secret: 'slack-token' }, channel: 'C012AB3CD' };
const toOps = { receivers: ['ops'] };

test('the notifier keeps what Slack called the message: it is changed when it is over', async () => {
  const slack = await serveSlackApi();
  const stage = await serveNotify({
    kind: slackbot,
    channels: { ops: bot },
    secrets: { 'slack-token': slackToken },
    outbox: slack.outboxes,
  });
  stage.send({ ...firing(), ...toOps });
  await stage.invoke();
  const { incident, ...event } = acknowledged();
  stage.send({ ...event, ...toOps, incident: { ...incident, revision: 2 } });
  await stage.pass(10);
  stage.send({ ...resolved({ revision: 3 }), ...toOps });
  await stage.pass(10);

  const [whole, ...replies] = slack.messages;
  expect(whole).toMatchObject({ edits: 2, text: expect.stringMatching(/^✅ RESOLVED: website is down/) });
  expect(replies.map(({ thread_ts }) => thread_ts)).toEqual([whole?.ts, whole?.ts]);
});

test('92 a resolve never overtakes a firing that PagerDuty does not take yet, which would be open for ever', async () => {
  const provider = await servePagerDuty();
  provider.next({ status: 429, headers: { 'retry-after': '20' } });
  const stage = await serveNotify({
    kind: pagerduty,
    channels: { ops: { routingKey: { secret: 'pagerduty-routing-key' }, region: 'us' } },
    secrets: { 'pagerduty-routing-key': routingKey },
    outbox: provider.outboxes,
  });
  stage.send({ ...firing(), ...toOps });
  await stage.invoke();
  stage.send({ ...resolved(), ...toOps });
  await stage.pass(60);

  expect(provider.alerts.map(({ state }) => state)).not.toContain('triggered');
  expect(await stage.left()).toMatchObject({ visible: 0 });
});
