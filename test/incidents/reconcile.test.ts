import { describe, expect, test } from 'vitest';
import type { DescribedAlarm } from '../../shared/aws/cloudwatch.ts';
import { applyEvent, applyToIncident } from '../../shared/incidents/apply.ts';
import type { AlarmRecord, Alert } from '../../shared/incidents/incident.ts';
import { findDrift, ownAlarms, patienceMs, reconcile } from '../../shared/incidents/reconcile.ts';
import type { MaintenanceWindow } from '../../shared/maintenance/window.ts';
import { signal, start } from './signals.ts';
import { crashing, type Tracking, track } from './tracking.ts';

const own = ownAlarms('arn:aws:sns:eu-central-1:123456789012:incident-events', 'acme');
const key = signal('website', 'OK', 0).key;

/** The website's alarm as CloudWatch has it, its state begun that many seconds after the start. */
const described = (
  state: DescribedAlarm['state'],
  seconds: number,
  more: Partial<DescribedAlarm> = {},
): DescribedAlarm => ({
  name: 'acme/monitor/website',
  arn: key,
  state,
  reason: 'as measured',
  since: start + seconds * 1_000,
  actionsEnabled: true,
  ...more,
});

const record = (state: AlarmRecord['state'], seconds: number): AlarmRecord => ({
  key,
  state,
  at: start + seconds * 1_000,
});

const firing: Alert = {
  alarm: key,
  name: 'acme/monitor/website',
  startedAt: start,
  reason: 'x',
  sequence: 1,
};

test('what CloudWatch mutes in a maintenance window is taken over as it is, and is no mistake', () => {
  const window: MaintenanceWindow = {
    id: 'nightly',
    monitors: ['website'],
    match: [],
    begins: { at: new Date(start).toISOString().slice(0, 16) },
    zone: 'UTC',
    duration: 60 * 60_000,
  };
  const now = start + patienceMs + 200_000;
  const at = (seconds: number, more: Partial<MaintenanceWindow> = {}) =>
    findDrift(
      {
        system: 'acme',
        ownAlarms: own,
        alarms: [described('ALARM', seconds)],
        firing: [],
        known: [],
        windows: [{ ...window, ...more }],
      },
      now,
    );
  expect(at(60)).toMatchObject([
    { form: 'muted', reason: 'as measured (CloudWatch mutes it in a maintenance window)' },
  ]);
  expect(at(-60)).toMatchObject([{ form: 'reconciled' }]);
  expect(at(60, { monitors: ['api'] })).toMatchObject([{ form: 'reconciled' }]);
});

describe('what is a difference', () => {
  const now = start + patienceMs + 200_000;
  const late = now - start - patienceMs;
  const inSeconds = late / 1_000;
  test.each<[string, DescribedAlarm[], Alert[], AlarmRecord[], string[]]>([
    ['nothing known, all OK', [described('OK', 0)], [], [], []],
    ['a lost ALARM of an alarm never heard of', [described('ALARM', 0)], [], [], ['ALARM']],
    ['a lost ALARM after an OK', [described('ALARM', 50)], [], [record('OK', 0)], ['ALARM']],
    ['a lost OK', [described('OK', 50)], [firing], [record('ALARM', 0)], ['OK']],
    ['both lost: OK, then ALARM again', [described('ALARM', 50)], [firing], [record('ALARM', 0)], ['ALARM']],
    ['the same ALARM, one clock 9 s off', [described('ALARM', 9)], [firing], [record('ALARM', 0)], []],
    ['the same ALARM', [described('ALARM', 0)], [firing], [record('ALARM', 0)], []],
    ['an OK that is older than what was told', [described('OK', -10)], [firing], [record('ALARM', 0)], []],
    ['no data', [described('INSUFFICIENT_DATA', 50)], [firing], [record('ALARM', 0)], []],
    ['an ALARM just old enough', [described('ALARM', inSeconds)], [], [], ['ALARM']],
    ['an ALARM whose notification may be on its way', [described('ALARM', inSeconds + 0.001)], [], [], []],
    [
      'an OK whose notification may be on its way',
      [described('OK', inSeconds + 1)],
      [firing],
      [record('ALARM', 0)],
      [],
    ],
    ['an ALARM with actions switched off', [described('ALARM', 0, { actionsEnabled: false })], [], [], []],
    [
      'an OK with actions switched off meanwhile',
      [described('OK', 50, { actionsEnabled: false })],
      [firing],
      [record('ALARM', 0)],
      ['OK'],
    ],
    ['an alarm deleted while it fires', [], [firing], [record('ALARM', 0)], ['OK']],
    [
      'an alarm in another account is not ours to judge',
      [],
      [{ ...firing, alarm: key.replace('123456789012', '999999999999') }],
      [],
      [],
    ],
    ['an unknown text is not ours to judge', [], [{ ...firing, alarm: 'f00' }], [], []],
    [
      'a contributor of an alarm that is OK',
      [described('OK', 50)],
      [{ ...firing, alarm: `${key}#c1` }],
      [{ ...record('ALARM', 0), key: `${key}#c1` }],
      ['OK'],
    ],
  ])('%s', (_, alarms, alerts, known, states) => {
    const drift = findDrift(
      { system: 'acme', ownAlarms: own, alarms, firing: alerts, known, windows: [] },
      now,
    );
    expect(drift.map(({ state }) => state)).toEqual(states);
  });

  test('an alarm that was deleted as soon as it fired is given two minutes to be listed', () => {
    const seen = {
      system: 'acme',
      ownAlarms: own,
      alarms: [],
      firing: [firing],
      known: [record('ALARM', 0)],
      windows: [],
    };
    expect(findDrift(seen, start + patienceMs - 1)).toEqual([]);
    expect(findDrift(seen, start + patienceMs)).toMatchObject([{ form: 'deleted', state: 'OK', key }]);
  });

  test('healing happens in the order things changed', () => {
    const other = described('ALARM', 5, { arn: `${key}-2`, name: 'acme/monitor/website-2' });
    const alarms = [described('ALARM', 50), other];
    const drift = findDrift(
      { system: 'acme', ownAlarms: own, alarms, firing: [], known: [], windows: [] },
      now,
    );
    expect(drift.map((each) => each.key)).toEqual([other.arn, key]);
  });
});

/** Reconciles as if CloudWatch had these alarms. */
const reconcileWith = ({ ports }: Tracking, alarms: DescribedAlarm[]) =>
  reconcile({
    ...ports,
    ownAlarms: own,
    describeAlarms: async (query) =>
      'names' in query
        ? alarms.filter(({ name }) => query.names.includes(name))
        : alarms.filter(
            ({ name, state }) => name.startsWith(query.prefix) && state === (query.state ?? state),
          ),
  });

const alarm = ({ ports }: Tracking, of: ReturnType<typeof signal>) =>
  applyEvent(ports, { type: 'alarm', signal: of });

describe('reconciling', () => {
  test('opens what was lost, once, and says so', async () => {
    const tracking = await track();
    tracking.at(300);
    expect((await reconcileWith(tracking, [described('ALARM', 0)])).drift).toHaveLength(1);
    expect((await reconcileWith(tracking, [described('ALARM', 0)])).drift).toEqual([]);
    expect(tracking.told()).toEqual(['firing website 1']);
    expect(tracking.published[0]!.incident).toMatchObject({
      openedAt: start,
      cause: 'as measured (its notification was lost; found by comparing with CloudWatch)',
    });
  });

  test('closes what recovered unheard (41)', async () => {
    const tracking = await track();
    await alarm(tracking, signal('website', 'ALARM', 0));
    tracking.at(300);
    await reconcileWith(tracking, [described('OK', 60)]);
    expect(tracking.told()).toEqual(['firing website 1', 'resolved website 2']);
    expect(tracking.published[1]!.incident.resolvedAt).toBe(start + 60_000);
  });

  test('the notification that comes after all changes nothing (43)', async () => {
    const tracking = await track();
    tracking.at(300);
    await Promise.all([
      reconcileWith(tracking, [described('ALARM', 0)]),
      alarm(tracking, signal('website', 'ALARM', 0)),
    ]);
    await alarm(tracking, signal('website', 'ALARM', 0));
    expect(tracking.told()).toEqual(['firing website 1']);
    expect(await tracking.table.list()).toHaveLength(1);
  });

  test('leaves alone what a person resolved while it fires, until it fires anew (36)', async () => {
    const tracking = await track();
    const { incident } = await alarm(tracking, signal('website', 'ALARM', 0));
    await applyToIncident(tracking.ports, incident!.id, { type: 'resolve', actor: 'ann' });
    tracking.at(600);
    expect((await reconcileWith(tracking, [described('ALARM', 0)])).drift).toEqual([]);
    await reconcileWith(tracking, [described('ALARM', 300)]);
    expect(tracking.told()).toEqual(['firing website 1', 'resolved website 2', 'firing website 3']);
    expect(await tracking.table.listOpen()).toHaveLength(1);
  });

  test('closes the incident of an alarm that is no more, with a note (39, 40)', async () => {
    const tracking = await track();
    const { incident } = await alarm(tracking, signal('website', 'ALARM', 0));
    tracking.at(300);
    await reconcileWith(tracking, [
      described('OK', -60, { arn: `${key}-renamed`, name: 'acme/monitor/renamed' }),
    ]);
    const { incident: closed, timeline } = (await tracking.table.readWhole(incident!.id))!;
    expect(closed).toMatchObject({ status: 'resolved', resolvedBy: 'alarm-deleted' });
    expect(timeline.find(({ type }) => type === 'alert-recovered')!.text).toContain('no longer exists');
    expect(tracking.told()).toEqual(['firing website 1', 'resolved website 2']);
  });

  test('brings what timers would have brought that never arrive (106)', async () => {
    const tracking = await track();
    const down = signal('search', 'ALARM', 0);
    await alarm(tracking, down);
    const asInCloudWatch = described('ALARM', 0, { arn: down.key, name: down.name });
    for (const minute of [1, 2, 3, 242, 243, 244, 245]) {
      tracking.at(minute * 60);
      await reconcileWith(tracking, [asInCloudWatch]);
    }
    expect(tracking.published.map(({ reason, at }) => `${reason} ${(at - start) / 60_000}`)).toEqual([
      'first 2',
      'repeat 244',
    ]);
  });

  test('touches no alarm of others', async () => {
    const tracking = await track();
    tracking.at(300);
    await reconcileWith(tracking, [described('ALARM', 0, { name: 'acme-staging/monitor/website' })]);
    expect(await tracking.table.list()).toEqual([]);
  });

  test('does effects that a crash left behind, once they are a minute old', async () => {
    const tracking = await track();
    const down = { type: 'alarm' as const, signal: signal('website', 'ALARM', 0) };
    await applyEvent(crashing(tracking.ports, 0, 'after'), down).catch(() => {});
    tracking.at(59);
    expect((await reconcileWith(tracking, [])).overdue).toEqual([]);
    tracking.at(61);
    expect((await reconcileWith(tracking, [])).overdue).toHaveLength(1);
    expect((await reconcileWith(tracking, [])).overdue).toEqual([]);
    expect(tracking.told()).toEqual(['firing website 1']);
  });

  test('handles a timer whose message got lost', async () => {
    const tracking = await track();
    await alarm(tracking, signal('search', 'ALARM', 0));
    tracking.at(89);
    await reconcileWith(tracking, []);
    expect(tracking.told()).toEqual([]);
    tracking.at(91);
    await reconcileWith(tracking, []);
    expect(tracking.told()).toEqual(['firing search 1']);
    expect((await reconcileWith(tracking, [])).overdue).toEqual([]);
  });

  test('goes on when one incident cannot be helped, and says what failed', async () => {
    const tracking = await track();
    for (const id of ['website', 'search']) {
      const event = { type: 'alarm' as const, signal: signal(id, 'ALARM', 0) };
      await applyEvent(crashing(tracking.ports, 0, 'after'), event).catch(() => {});
    }
    tracking.at(91);
    const publish = tracking.ports.publish;
    tracking.ports.publish = async (event) => {
      if (event.incident.subject.id === 'website') throw new Error('throttled');
      await publish(event);
    };
    const { failures } = await reconcileWith(tracking, []);
    expect(failures).toMatchObject([{ message: 'throttled' }]);
    expect(tracking.told()).toEqual(['firing search 1']);
  });

  test('without an answer of CloudWatch nothing is taken for deleted, and the rest is done (42)', async () => {
    const tracking = await track();
    await alarm(tracking, signal('search', 'ALARM', 0));
    tracking.at(300);
    const describeAlarms = () => Promise.reject(new Error('Rate exceeded'));
    const { drift, failures } = await reconcile({ ...tracking.ports, ownAlarms: own, describeAlarms });
    expect(drift).toEqual([]);
    expect(failures).toMatchObject([{ message: 'Rate exceeded' }]);
    expect(tracking.told()).toEqual(['firing search 1']);
    expect(await tracking.table.listOpen()).toHaveLength(1);
  });
});
