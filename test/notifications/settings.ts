/** Smallest and largest settings of each kind. A kind without a row fails the contract. */
export const settings: Record<string, object[]> = {
  slack: [{}, { mention: 'channel', webhook: { secret: 'other-webhook' } }],
  slackbot: [
    { token: { secret: 'slack-token' }, channel: 'C012AB3CD' },
    {
      token: { secret: 'slack-token' },
      channel: 'C012AB3CD',
      mention: 'channel',
      signingSecret: { secret: 'slack-signing-secret' },
    },
  ],
  email: [
    { from: 'tocsin@example.com', to: ['oncall@example.com'] },
    {
      from: 'Büro <tocsin@example.com>',
      to: ['a@example.com', 'B <b@example.com>'],
      smtp: { secret: 'smtp-url' },
    },
  ],
  pagerduty: [{}, { routingKey: { secret: 'other-key' }, region: 'eu' }],
  discord: [{}, { webhook: { secret: 'other-webhook' }, mention: '165511591545143296' }],
  teams: [{}, { webhook: { secret: 'other-webhook' } }],
  webhook: [
    {},
    {
      url: { secret: 'other-url' },
      key: { secret: 'other-key' },
      headers: { Authorization: { secret: 'receiver-token' } },
    },
  ],
  ntfy: [
    {},
    { topic: { secret: 'other-topic' }, server: 'https://ntfy.example.com', token: { secret: 'ntfy-token' } },
  ],
  pushover: [{}, { token: { secret: 'other-token' }, user: { secret: 'other-user' } }],
  sns: [
    { topic: 'arn:aws:sns:eu-west-1:123456789012:pages' },
    { topic: 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:pages.fifo' },
  ],
  eventbridge: [
    { bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/ops' },
    { bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/aws.partner/example.com/1' },
  ],
  remediation: [
    { lambda: 'arn:aws:lambda:eu-west-1:123456789012:function:restart-web' },
    {
      url: { secret: 'remediation-url' },
      key: { secret: 'remediation-key' },
      timeout: '20s',
      tries: 1,
      cooldown: '0s',
      dryRun: true,
    },
  ],
};
