import { expect, test } from 'vitest';
import { channelSecrets } from '../../infra/local/channel-secrets.ts';

test.each([
  [
    'a webhook',
    { webhook: { secret: 'slack-webhook' } },
    [{ secret: 'slack-webhook', channel: 'ops', by: 'webhook' }],
  ],
  [
    'an SMTP server',
    { from: 'a@b.example', smtp: { secret: 'smtp-url' } },
    [{ secret: 'smtp-url', channel: 'ops', by: 'smtp' }],
  ],
  ['no address of its own', { from: 'a@b.example', to: ['c@d.example'] }, []],
])('the outbox stands in for a channel with %s', (_, settings, expected) => {
  expect(channelSecrets({ channels: [{ id: 'ops', kind: 'any', settings }] })).toEqual(expected);
});
