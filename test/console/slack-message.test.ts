import { expect, test } from 'vitest';
import { slackBlocks } from '../../shared/console/slack-message.tsx';
import { channelKinds } from '../../shared/notifications/index.ts';
import { firing } from '../notifications/events.ts';

const { slack, slackbot } = channelKinds;

test('the outbox shows messages of a webhook and of a bot, its buttons by their words', () => {
  const given = {
    token: { secret: 'slack-token' },
    channel: 'C012AB3CD',
    signingSecret: { secret: 'slack-signing-secret' },
  };
  const { whole } = slackbot.render(firing(), slackbot.settings.parse(given));
  const ofWebhook = slackBlocks(slack.render(firing(), slack.settings.parse({})));
  const ofBot = slackBlocks(whole);

  expect(ofWebhook.map(({ type }) => type)).toEqual([
    'header',
    'section',
    'section',
    'section',
    'section',
    'section',
    'context',
  ]);
  expect(ofBot).toHaveLength(ofWebhook.length + 1);
  expect(ofBot.at(-1)?.elements?.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['Acknowledge', 'Resolve']),
  );
});

test('what is no message of Slack has no blocks', () => {
  expect(slackBlocks({ routing_key: 'x', payload: { summary: 'website is down' } })).toEqual([]);
  expect(slackBlocks('text')).toEqual([]);
});
