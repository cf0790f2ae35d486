import { describe, expect, it } from 'vitest';
import type { Ports } from '../../shared/api/ports.ts';
import type { DescribedAlarm } from '../../shared/aws/cloudwatch.ts';
import type { Channel } from '../../shared/config/config.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import type { LedgerRow } from '../../shared/notifications/delivery/ledger.ts';
import { routeTo } from '../support/routes.ts';
import { config, fixturePorts, monitor, now } from './fixtures.ts';
import { open } from './requests.ts';

const [someIncident] = await fixturePorts().listIncidents(1);

const alarm = (name: string, more: Partial<DescribedAlarm> = {}): DescribedAlarm => ({
  name,
  arn: `arn:${name}`,
  state: 'OK',
  reason: '',
  actionsEnabled: true,
  ...more,
});

const known = [
  alarm('acme/monitor/website', { state: 'ALARM', reason: 'Threshold Crossed' }),
  alarm('acme/monitor/checkout'),
  alarm('acme/monitor/moved', { actionsEnabled: false }),
];

/** An application whose alarms can be set, with the incident of a test where there is one. */
function testable(test?: { incident: Partial<Incident>; ledger?: Partial<LedgerRow>[] }) {
  const alarms = new Map(known.map((each) => [each.name, each]));
  const set: unknown[][] = [];
  const incident = { ...someIncident!, test: true, ...test?.incident } as Incident;
  const ports: Partial<Ports> = {
    config: {
      ...config,
      monitors: [...config.monitors, monitor('moved'), monitor('new')],
      routes: [routeTo(['ops', 'board'])],
      channels: [
        { id: 'ops', kind: 'slack', settings: {} } as Channel,
        { id: 'board', kind: 'email-subscription', settings: {} } as Channel,
      ],
    },
    alarms: {
      describeAlarm: async (name) => alarms.get(name),
      async setAlarm(name, state, reason) {
        set.push([name, state, reason]);
        alarms.set(name, alarm(name, { state, reason }));
      },
    },
    listIncidentsBetween: async (from, to) =>
      [someIncident!, ...(test ? [incident] : [])].filter(
        ({ openedAt }) => openedAt >= from && openedAt < to,
      ),
    readLedger: async (id) => (id === incident.id ? ((test?.ledger ?? []) as LedgerRow[]) : []),
  };
  return { ...open(ports), set };
}

const checkout = { subject: { type: 'monitor' as const, id: 'checkout' }, openedAt: now, id: 'the-test' };

describe('POST /api/test-alert', () => {
  it('sets the alarm of a monitor that fits, marked, and says who is told and where to look', async () => {
    const { post, set } = testable();
    const answer = await post('/api/test-alert', { actor: 'Ada', monitor: 'checkout' });
    const id = `${now}-checkout`;
    expect([answer.status, answer.headers.get('location')]).toEqual([202, `/api/test-alert/${id}`]);
    expect(await answer.json()).toMatchObject({
      id,
      monitor: 'checkout',
      startedAt: new Date(now).toISOString(),
      receivers: ['ops', 'board'],
      unanswered: ['board'],
      state: 'waiting',
    });
    expect(set).toEqual([['acme/monitor/checkout', 'ALARM', 'TOCSIN TEST by Ada']]);
  });

  it.each([
    [{ monitor: 'nope' }, 400, 'no enabled monitor is nope'],
    [{ channel: 'pager' }, 400, 'no enabled monitor tells pager'],
    [{ severity: 'urgent' }, 400, '`severity` is one of info, warning'],
    [{ target: 'checkout' }, 400, 'unknown field'],
    [{ monitor: 'website' }, 409, 'website is failing now'],
    [{ monitor: 'moved' }, 409, 'moved is paused'],
    [{ monitor: 'new' }, 409, 'there is no alarm acme/monitor/new'],
  ])('%j is refused', async (body, status, words) => {
    const { post, set } = testable();
    const answer = await post('/api/test-alert', body);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
    expect(set).toEqual([]);
  });

  it('is refused while the monitor is tested already', async () => {
    const { post } = testable();
    await post('/api/test-alert', { monitor: 'checkout' });
    const again = await post('/api/test-alert', { monitor: 'checkout' });
    expect([again.status, await again.text()]).toEqual([
      409,
      expect.stringContaining('being tested now: TOCSIN TEST by api'),
    ]);
  });
});

describe('GET /api/test-alert/{id}', () => {
  const path = `/api/test-alert/${now}-checkout`;

  it('has what every channel answered, to the alert and to its end', async () => {
    const ledger: Partial<LedgerRow>[] = [
      { type: 'firing', channel: 'ops', result: 'attempt' as LedgerRow['result'] },
      { type: 'firing', channel: 'ops', result: 'sent', status: 200, detail: 'ok' },
    ];
    const { get } = testable({ incident: { ...checkout, status: 'triggered' }, ledger });
    expect(await (await get(path)).json()).toMatchObject({
      state: 'firing',
      incident: 'the-test',
      answers: [
        { channel: 'ops', event: 'firing', result: 'sent', status: 200, detail: 'ok' },
        { channel: 'ops', event: 'resolved', result: 'waiting' },
      ],
    });
  });

  it.each<[string, Partial<Incident>, string]>([
    ['over with its incident', { ...checkout, status: 'resolved' }, 'over'],
    ['not mixed with an earlier test', { ...checkout, openedAt: now - 60_000 }, 'waiting'],
    ['not mixed with the test of another', { ...checkout, subject: { type: 'monitor', id: 'x' } }, 'waiting'],
  ])('is %s', async (_, incident, state) => {
    expect(await (await testable({ incident }).get(path)).json()).toMatchObject({ state });
  });

  it.each(['nope', `${now}-nope`, `${now + 1}-checkout`, `${now - 7_200_000}-checkout`])(
    'does not know %s',
    async (id) => {
      expect((await testable().get(`/api/test-alert/${id}`)).status).toBe(404);
    },
  );
});

describe('POST /api/test-alert/{id}/end', () => {
  it('sets the alarm back, once', async () => {
    const { post, set } = testable();
    await post('/api/test-alert', { monitor: 'checkout' });
    await post(`/api/test-alert/${now}-checkout/end`);
    await post(`/api/test-alert/${now}-checkout/end`);
    expect(set.slice(1)).toEqual([['acme/monitor/checkout', 'OK', 'TOCSIN TEST by api is over']]);
  });
});

describe('the console', () => {
  it('offers a channel, a monitor or a severity, and leads to the answers', async () => {
    const { get, post, set } = testable({ incident: { ...checkout, status: 'triggered' } });
    expect(await (await get('/alarms')).text()).toContain('<option value="monitor checkout">');
    const answer = await post('/test-alert', new URLSearchParams({ test: 'monitor checkout' }));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/test-alert/${now}-checkout`]);
    expect(set).toEqual([['acme/monitor/checkout', 'ALARM', 'TOCSIN TEST by console']]);
    const page = await (await get(`/test-alert/${now}-checkout`)).text();
    expect(page).toContain('End it now');
    expect(page).toContain('/incidents/the-test');
  });

  it('says why there is no test', async () => {
    const answer = await testable().post('/test-alert', new URLSearchParams({ test: 'monitor website' }));
    expect([answer.status, await answer.text()]).toEqual([
      409,
      expect.stringContaining('website is failing now'),
    ]);
  });
});
