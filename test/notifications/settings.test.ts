import { expect, test } from 'vitest';
import { headerMailbox } from '../../shared/notifications/email/header.ts';
import { emailSettings, parseMailbox } from '../../shared/notifications/email/settings.ts';
import { channelKinds } from '../../shared/notifications/index.ts';
import type { ChannelKind } from '../../shared/notifications/kind.ts';
import { slackSettings } from '../../shared/notifications/slack/settings.ts';

const { discord, eventbridge, ntfy, pagerduty, slack, slackbot, sns, webhook } = channelKinds;

test('Slack needs nothing: the webhook is the secret slack-webhook', () => {
  expect(slackSettings.parse({})).toEqual({ webhook: { secret: 'slack-webhook' } });
});

test.each(['here', 'channel', 'U012AB3CD', 'S012AB3CD'])('Slack may mention %s', (mention) => {
  expect(slackSettings.parse({ mention })).toMatchObject({ mention });
});

test.each(['everyone', '@ann', '<!here>', 'u012ab3cd', ''])('Slack may not mention %j', (mention) => {
  expect(slackSettings.safeParse({ mention }).error?.issues[0]?.message).toMatch(
    /^must be here, channel, or the id/,
  );
});

test.each([
  [{ to: ['a@example.com'] }, 'from', /^is needed: write an address that may send mail/],
  [{ from: 'a@example.com' }, 'to', /^must be a list/],
  [{ from: 'a@example.com', to: [] }, 'to', /^must name at least one recipient/],
  [{ from: 'a@example.com', to: ['ann'] }, 'to.0', /^must be an email address/],
  [{ from: 'A\r\nBcc: x <a@example.com>', to: ['a@example.com'] }, 'from', /^must be an email address/],
])('email settings %j are refused at %s, saying what to write', (given, path, message) => {
  const [issue] = emailSettings.safeParse(given).error?.issues ?? [];

  expect(issue?.path.join('.')).toBe(path);
  expect(issue?.message).toMatch(message);
});

test.each([
  ['oncall@example.com', { address: 'oncall@example.com' }],
  ['On-call <oncall@example.com>', { name: 'On-call', address: 'oncall@example.com' }],
  ['oncall@localhost', undefined],
  ['a@b@example.com', undefined],
  ['a b@example.com', undefined],
  ['ä@example.com', undefined],
  ['"x" <a@example.com>', undefined],
])('%s is read as a mailbox, or not', (text, expected) => {
  expect(parseMailbox(text)).toEqual(expected);
});

test.each([
  [{ address: 'a@example.com' }, 'a@example.com'],
  [{ name: 'On-call, "night"\\', address: 'a@example.com' }, '"On-call, \\"night\\"\\\\" <a@example.com>'],
  [{ name: 'Büro', address: 'a@example.com' }, '=?UTF-8?B?QsO8cm8=?= <a@example.com>'],
])('%j stands in a header', (mailbox, expected) => {
  expect(headerMailbox(mailbox)).toBe(expected);
});

test('a long name is several encoded words, none longer than 75 characters, no letter split', () => {
  const header = headerMailbox({ name: '🔴ä'.repeat(40), address: 'a@example.com' });
  const words = [...header.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)];

  expect(words.length).toBeGreaterThan(2);
  for (const [word, text] of words) {
    expect(word.length).toBeLessThanOrEqual(75);
    expect(Buffer.from(text!, 'base64').toString()).not.toContain('\ufffd');
  }
});

/** What nobody may write for a provider, whatever it is called. */
test.each<[string, ChannelKind<unknown, unknown>, object]>([
  ['79 a URL in clear', webhook, { url: 'https://receiver.example.com/decoy' }],
  ['79 a secret and its value', webhook, { url: { secret: 'hook', value: 'https://receiver.example.com' } }],
  ['79 an empty name of a secret', pagerduty, { routingKey: { secret: '' } }],
  ['79 a server without TLS', ntfy, { server: 'http://ntfy.example.com' }],
  ['79 a server with a password', ntfy, { server: 'https://ann:decoy@ntfy.example.com' }],
  ['79 a server with a query', ntfy, { server: 'https://ntfy.example.com/?auth=decoy' }],
  ['79 a header of HTTP’s own', webhook, { headers: { 'Content-Length': { secret: 'length' } } }],
  ['79 a header that is none', webhook, { headers: { 'x key': { secret: 'key' } } }],
  ['79 our own header', webhook, { headers: { 'Tocsin-Signature': { secret: 'signature' } } }],
  [
    '80 a webhook whose messages are to be changed',
    slackbot,
    { webhook: { secret: 'hook' }, channel: 'C012AB3CD' },
  ],
  ['80 a token beside a webhook', slack, { webhook: { secret: 'hook' }, token: { secret: 'token' } }],
  ['a channel by its name', slackbot, { token: { secret: 'token' }, channel: '#ops' }],
  ['everybody by name', discord, { mention: '@everyone' }],
  ['a queue for a topic', sns, { topic: 'arn:aws:sqs:eu-west-1:123456789012:pages' }],
  ['all topics', sns, { topic: 'arn:aws:sns:eu-west-1:123456789012:*' }],
  ['all buses', eventbridge, { bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/*' }],
  ['a rule for a bus', eventbridge, { bus: 'arn:aws:events:eu-west-1:123456789012:rule/ops' }],
])('%s is refused', (_, kind, given) => {
  expect(kind.settings.safeParse(given).success).toBe(false);
});
