import { expect, test } from 'vitest';
import { channelSecrets, channelsByArn } from '../../infra/local/channel-secrets.ts';

test.each([
  [
    'a webhook',
    'slack',
    { webhook: { secret: 'slack-webhook' } },
    [{ secret: 'slack-webhook', channel: 'ops', by: 'webhook' }],
  ],
  [
    'an SMTP server',
    'email',
    { from: 'a@b.example', to: ['c@d.example'], smtp: { secret: 'smtp-url' } },
    [{ secret: 'smtp-url', channel: 'ops', by: 'smtp' }],
  ],
  ['no address of its own', 'email', { from: 'a@b.example', to: ['c@d.example'] }, []],
  [
    'a key for the address of the provider',
    'pagerduty',
    { routingKey: { secret: 'pagerduty-routing-key' }, region: 'us' },
    [{ secret: 'pagerduty-routing-key', channel: 'ops', by: 'key' }],
  ],
  [
    'an address and keys',
    'webhook',
    { url: { secret: 'hook' }, key: { secret: 'key' }, headers: { authorization: { secret: 'token' } } },
    [
      { secret: 'hook', channel: 'ops', by: 'webhook' },
      { secret: 'key', channel: 'ops', by: 'key' },
      { secret: 'token', channel: 'ops', by: 'key' },
    ],
  ],
])('the outbox stands in for a channel with %s', (_, kind, settings, expected) => {
  expect(channelSecrets({ channels: [{ id: 'ops', kind, settings }] })).toEqual(expected);
});

test('a topic and a bus of the account are known by their ARN', () => {
  const topic = 'arn:aws:sns:eu-west-1:123456789012:pages';
  const bus = 'arn:aws:events:eu-west-1:123456789012:event-bus/ops';
  const channels = [
    { id: 'pages', kind: 'sns', settings: { topic } },
    { id: 'bus', kind: 'eventbridge', settings: { bus } },
    { id: 'push', kind: 'ntfy', settings: { topic: { secret: 'ntfy-topic' } } },
  ];
  expect([...channelsByArn({ channels })]).toEqual([
    [topic, 'pages'],
    [bus, 'bus'],
  ]);
});
