import { describe, expect, it } from 'vitest';
import type { Channel, Config } from '../../shared/config/config.ts';
import { routeTo } from '../support/routes.ts';
import { configOf, monitor, synthesize, written } from '../support/synthesis.ts';

const nobody: Config['subscribers'] = { email: [], sms: [], https: [], minSeverity: 'info' };

/** Protocol, endpoint and filter of what people subscribed to incident events, without the queues of our functions. */
async function subscriptionsOf(more: Partial<Config>) {
  const { ofType } = await synthesize(configOf([monitor('api')], more));
  return Object.values(ofType('AWS::SNS::Subscription'))
    .map(({ Properties: { TopicArn, Protocol, Endpoint, FilterPolicy } }) => ({
      topic: written(TopicArn),
      protocol: Protocol,
      endpoint: Endpoint,
      filter: FilterPolicy,
    }))
    .filter(({ topic, protocol }) => /Incidents.*Events/.test(topic) && protocol !== 'sqs')
    .map(({ topic, ...rest }) => rest);
}

const bySns = (id: string, ...to: string[]): Channel => ({
  id,
  kind: 'email-subscription',
  settings: { to },
});

describe('subscribers', () => {
  it('are mailed, texted and posted to by SNS: what broke and what is over, if it is severe enough; people without reminders', async () => {
    const subscribers: Config['subscribers'] = {
      email: ['cto@example.com'],
      sms: ['+14155550100'],
      https: ['https://alerts.example.com/tocsin'],
      minSeverity: 'high',
    };

    const filter = { type: ['firing', 'resolved'], severity: ['high', 'critical'] };
    const reason = [
      ...['first', 'new-alerts', 'alerts-resolved', 'severity-raised', 'reopened', 'mute-ended', 'flapping'],
      ...['resolved', 'test'],
    ];
    expect(await subscriptionsOf({ subscribers })).toEqual([
      { protocol: 'email', endpoint: 'cto@example.com', filter: { ...filter, reason } },
      { protocol: 'sms', endpoint: '+14155550100', filter: { ...filter, reason } },
      { protocol: 'https', endpoint: 'https://alerts.example.com/tocsin', filter },
    ]);
  });

  it('are nobody where the config names nobody', async () => {
    expect(await subscriptionsOf({ subscribers: nobody })).toEqual([]);
  });
});

describe('a channel of mail without a sender', () => {
  it('is a subscription to what is routed to it, one for each address, and no function', async () => {
    const channels = [bySns('oncall', 'On-call <oncall@example.com>'), bySns('all', 'oncall@example.com')];
    const routes = [routeTo(['oncall', 'all'])];

    expect(await subscriptionsOf({ channels, routes })).toEqual([
      {
        protocol: 'email',
        endpoint: 'oncall@example.com',
        filter: { type: ['firing', 'resolved'], receivers: ['oncall', 'all'] },
      },
    ]);
    const { ofType } = await synthesize(configOf([monitor('api')], { channels, routes }));
    const names = Object.values(ofType('AWS::Lambda::Function')).map(({ Properties }) =>
      String(Properties.FunctionName),
    );
    expect(names.filter((name) => name.includes('notify'))).toEqual([]);
  });
});

describe('the sender of a mail channel', () => {
  const sending = async (settings: object) => {
    const channels = [{ id: 'oncall', kind: 'email', settings: { to: ['oncall@example.com'], ...settings } }];
    const { ofType } = await synthesize(
      configOf([monitor('api')], { channels, routes: [routeTo(['oncall'])] }),
    );
    return Object.values(ofType('AWS::SES::EmailIdentity')).map(({ Properties }) => Properties.EmailIdentity);
  };

  it.each([
    ['is verified by SES with the stack', { from: 'Tocsin <tocsin@example.com>' }, ['tocsin@example.com']],
    ['is left alone where it is verified', { from: 'tocsin@example.com', verified: true }, []],
    ['is nothing to SES with SMTP', { from: 'tocsin@example.com', smtp: { secret: 'smtp-url' } }, []],
  ])('%s', async (_, settings, expected) => {
    expect(await sending(settings)).toEqual(expected);
  });
});
