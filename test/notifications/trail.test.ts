import { describe, expect, test } from 'vitest';
import type { WholeIncident } from '../../shared/aws/incident-table.ts';
import type { Incident, IncidentEvent } from '../../shared/incidents/incident.ts';
import type { LedgerRow } from '../../shared/notifications/delivery/ledger.ts';
import { trailOf } from '../../shared/notifications/delivery/trail.ts';
import type { Receiver } from '../../shared/routing/route.ts';
import { firing, openedAt, resolved } from './events.ts';

const fire = (...receivers: string[]): IncidentEvent => ({ ...firing(), receivers });
const end = (...receivers: string[]): IncidentEvent => ({ ...resolved(), receivers });

const row = (
  event: IncidentEvent,
  channel: string,
  result: LedgerRow['result'],
  more: Partial<LedgerRow> = {},
) => ({
  at: event.at + 1_000,
  event: event.id,
  revision: event.incident.revision,
  channel,
  type: event.type,
  result,
  ...more,
});

const receiver = (channel: string, more: Partial<Receiver> = {}): Receiver => ({
  channel,
  sendResolved: true,
  ...more,
});

function whole(
  published: IncidentEvent[],
  ledger: LedgerRow[],
  more: Partial<Incident> = {},
  receivers: Receiver[] = [receiver('ops')],
): WholeIncident {
  const incident: Incident = {
    ...firing().incident,
    plan: { groupKey: 'monitor/website', groupWait: 0, groupInterval: 0, repeatEvery: 0, receivers },
    told: {},
    announced: published.length > 0,
    fresh: 0,
    gone: 0,
    due: {},
    sequence: 9,
    fence: 1,
    version: 1,
    ...more,
  };
  const effects = published.map((event) => ({
    incident: incident.id,
    effect: { sequence: event.sequence, kind: 'publish' as const, event },
    pending: false,
    scheduled: false,
  }));
  return { incident, alerts: [], timeline: [], ledger, deliveries: [], effects };
}

const nothing = { digests: new Map(), toldBySns: new Set<string>() };

describe('of an event and a channel the trail says', () => {
  const digest = 'digest-ops-20261120T031300';
  const cases: [string, LedgerRow[], object][] = [
    ['that it is on its way', [], { state: 'queued', at: openedAt, attempts: 0, reason: 'first' }],
    [
      'that the provider took it',
      [row(fire(), 'ops', 'sent', { status: 200 })],
      { state: 'sent', at: openedAt + 1_000, attempts: 1, status: 200 },
    ],
    [
      'how often the provider was asked, and what it said last',
      [
        row(fire(), 'ops', 'retry', { status: 429, detail: 'answered 429' }),
        row(fire(), 'ops', 'retry', { status: 500, detail: 'answered 500' }),
        row(fire(), 'ops', 'duplicate'),
      ],
      { state: 'retrying', attempts: 2, status: 500, why: 'answered 500' },
    ],
    [
      'what took its place',
      [
        row(fire(), 'ops', 'retry'),
        row(fire(), 'ops', 'superseded', { detail: 'revision 2 is told instead' }),
      ],
      { state: 'superseded', attempts: 1, why: 'revision 2 is told instead' },
    ],
    [
      'that it was given up, and why',
      [row(fire(), 'ops', 'failed', { status: 410, detail: 'answered 410 channel_is_archived' })],
      { state: 'failed', attempts: 1, status: 410, why: 'answered 410 channel_is_archived' },
    ],
    [
      'that it was sent after all, out of the dead-letter queue',
      [row(fire(), 'ops', 'failed'), row(fire(), 'ops', 'sent', { at: openedAt + 86_400_000 })],
      { state: 'sent', attempts: 2, at: openedAt + 86_400_000 },
    ],
    [
      'that it waits in a digest',
      [row(fire(), 'ops', 'digested', { digest: 'digest-ops-later', detail: 'in the digest of 03:14' })],
      { state: 'digested', attempts: 0, why: 'in the digest of 03:14' },
    ],
    [
      'that it was sent in a digest',
      [row(fire(), 'ops', 'digested', { digest, detail: 'in the digest of 03:13' })],
      { state: 'sent', at: openedAt + 90_000, status: 200, why: 'in the digest of 03:13' },
    ],
  ];

  test.each(cases)('%s', (_, ledger, expected) => {
    const told = { ...row(fire(), 'ops', 'sent'), event: `${digest}#1`, at: openedAt + 90_000, status: 200 };

    const trails = trailOf(whole([fire('ops')], ledger), {
      ...nothing,
      digests: new Map([[digest, [told]]]),
    });

    expect(trails).toHaveLength(1);
    expect(trails[0]).toMatchObject({ channel: 'ops', event: fire().id, type: 'firing', ...expected });
  });

  test('that SNS tells it, of a channel without a function of ours', () => {
    const trails = trailOf(whole([fire('ops')], []), { ...nothing, toldBySns: new Set(['ops']) });

    expect(trails).toMatchObject([{ channel: 'ops', state: 'handed-over', attempts: 0 }]);
  });

  test('what became of each of its parts', () => {
    const ledger = [row(fire(), 'ops', 'sent'), row(fire(), 'ops/2', 'retry')];

    const trails = trailOf(whole([fire('ops')], ledger), nothing);

    expect(trails.map(({ channel, state }) => [channel, state])).toEqual([
      ['ops', 'sent'],
      ['ops/2', 'retrying'],
    ]);
  });

  test('all events in order', () => {
    const ledger = [row(fire(), 'ops', 'sent'), row(end(), 'ops', 'sent')];

    const trails = trailOf(whole([fire('ops'), end('ops')], ledger, { status: 'resolved' }), nothing);

    expect(trails.map(({ type, state }) => [type, state])).toEqual([
      ['firing', 'sent'],
      ['resolved', 'sent'],
    ]);
  });
});

describe('of a channel that is not told the trail says why:', () => {
  const until = openedAt + 30_000;
  const cases: [why: string, Partial<Incident>, IncidentEvent[]][] = [
    [
      'it waits for more alerts, and for its own recovery, until 2026-11-20 03:12:35 UTC',
      { due: { announce: until } },
      [],
    ],
    [
      'silenced by ana until 14:00: deploy',
      { suppressed: { by: 'silence', id: 's1', text: 'silenced by ana until 14:00: deploy' } },
      [],
    ],
    [
      'outside of its hours; told at 2026-11-20 03:12:35 UTC if it still fires',
      { withheld: ['ops'], due: { hours: until } },
      [fire('oncall')],
    ],
    ['it comes and goes; told when it rests', { flapping: true }, []],
    ['it was over before anybody was told', { status: 'resolved' }, []],
    ['it does not want to hear of ends', { status: 'resolved' }, [fire('ops', 'oncall'), end('oncall')]],
    [
      'it was over before this channel was to be told',
      { status: 'resolved' },
      [fire('oncall'), end('oncall')],
    ],
    [
      'it fired again, and was over before that was told',
      { status: 'resolved', reopened: 1, reopenedAt: openedAt + 300_000 },
      [fire('dev'), end('dev')],
    ],
    ['not told yet', { reopened: 1, reopenedAt: openedAt + 300_000 }, [fire('ops'), end('ops')]],
  ];

  test.each(cases)('%s', (why, more, published) => {
    const receivers = [
      published[0]?.receivers[0] === 'dev' ? receiver('dev') : receiver('ops', { sendResolved: false }),
    ];

    const trails = trailOf(whole(published, [], more, receivers), nothing);

    expect(trails.filter(({ state }) => state === 'not-told')).toEqual([
      { channel: receivers[0]!.channel, state: 'not-told', attempts: 0, why },
    ]);
  });

  test('nothing is said of one that knows, though others were told since', () => {
    const later = { ...fire('oncall'), id: 'x#9', reason: 'escalated' as const };

    const trails = trailOf(whole([fire('ops'), later], []), nothing);

    expect(trails.map(({ state }) => state)).toEqual(['queued', 'queued']);
  });

  test('nothing is said of one that was told', () => {
    expect(trailOf(whole([fire('ops')], []), nothing)).toHaveLength(1);
  });
});
