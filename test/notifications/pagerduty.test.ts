import { expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { pagerduty } from '../../shared/notifications/pagerduty.ts';
import { type FakePagerDuty, routingKey, servePagerDuty } from '../support/fake-pagerduty.ts';
import { acknowledged, again, digest, firing, resolved, severityChanged } from './events.ts';
import { tell } from './tell.ts';

const secrets = { 'pagerduty-routing-key': routingKey };

async function tellAll({ outbox }: FakePagerDuty, ...events: IncidentEvent[]) {
  const verdicts = [];
  for (const event of events) verdicts.push(await tell(pagerduty, event, {}, { secrets, outbox }));
  return verdicts.map(({ result }) => result);
}

test('an incident is one alert, which is acknowledged and resolved with it', async () => {
  const provider = await servePagerDuty();

  expect(await tellAll(provider, firing())).toEqual(['sent']);
  expect(provider.alerts).toMatchObject([
    { key: '20261120-abcdefgh', state: 'triggered', severity: 'critical', triggers: 1 },
  ]);
  await tellAll(provider, again('new-alerts'), severityChanged(), acknowledged());
  expect(provider.alerts).toMatchObject([{ state: 'acknowledged', severity: 'warning', triggers: 3 }]);
  await tellAll(provider, resolved());
  expect(provider.alerts).toMatchObject([{ state: 'resolved' }]);
});

test('92 what reopens is a new alert of the same key', async () => {
  const provider = await servePagerDuty();
  await tellAll(provider, firing(), resolved(), again('reopened'));

  expect(provider.alerts.map(({ key, state }) => `${key} ${state}`)).toEqual([
    '20261120-abcdefgh resolved',
    '20261120-abcdefgh triggered',
  ]);
});

test('92 a resolve before its trigger is dropped, and 202 all the same: the order is for the notifier to keep', async () => {
  const provider = await servePagerDuty();

  expect(await tellAll(provider, resolved(), firing())).toEqual(['sent', 'sent']);
  expect(provider.alerts).toMatchObject([{ state: 'triggered' }]);
});

test('the digests of a storm are one alert, resolved by the one that says that nothing is open any more', async () => {
  const provider = await servePagerDuty();
  const later = { ...digest('storm', 12), id: 'digest-ops-20261120T031400#1' };
  const second = { ...later, incident: { ...later.incident, id: 'digest-ops-20261120T031400' } };
  await tellAll(provider, digest(), second);
  expect(provider.alerts).toMatchObject([{ key: 'digest-ops', state: 'triggered', triggers: 2 }]);

  const last = digest('storm', 0);
  await tellAll(provider, { ...last, incident: { ...last.incident, id: 'digest-ops-20261120T031500' } });
  expect(provider.alerts).toMatchObject([{ state: 'resolved' }]);
});

test.each([
  [{}, 'https://events.pagerduty.com/v2/enqueue'],
  [{ region: 'eu' }, 'https://events.eu.pagerduty.com/v2/enqueue'],
])('with %j events go to %s', async (given, address) => {
  const { outbox, asked } = await servePagerDuty();
  await tell(pagerduty, firing(), given, { secrets, outbox });

  expect(asked.map(({ url }) => url.href)).toEqual([address]);
});

test.each([
  [400, 'failed'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
])('84 92 answer %i is %s', async (status, result) => {
  const provider = await servePagerDuty();
  provider.next({ status });

  expect(await tellAll(provider, firing())).toEqual([result]);
});

test('a wrong key is refused for good, and is in no verdict', async () => {
  const { outbox } = await servePagerDuty();
  const wrong = { 'pagerduty-routing-key': 'WR0NGKEY0123456789DECOY012345678' };
  const verdict = await tell(pagerduty, firing(), {}, { secrets: wrong, outbox });

  expect(verdict).toMatchObject({ result: 'failed', reason: expect.stringContaining('Invalid routing key') });
  expect(JSON.stringify(verdict)).not.toContain('WR0NG');
});
