import { describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { channelKinds } from '../../shared/notifications/index.ts';
import { noticeOf } from '../../shared/notifications/notice.ts';
import {
  acknowledged,
  again,
  assigned,
  commented,
  digest,
  firing,
  openedAt,
  resolved,
  severityChanged,
  testEvent,
} from './events.ts';

const since = 'Since 2026-11-20 03:12:05 UTC.';

/** What a person reads first, woken at 3 a.m. */
test.each<[string, IncidentEvent, string, string]>([
  ['it broke', firing(), 'CRITICAL', since],
  [
    'more of it breaks',
    again('new-alerts', { firing: 3 }),
    'CRITICAL, MORE ALARMS',
    `More of it fails: 3 alarms now. ${since}`,
  ],
  [
    'part of it recovers',
    again('alerts-resolved'),
    'CRITICAL, FEWER ALARMS',
    `Part of it recovered: 1 alarm still fires. ${since}`,
  ],
  [
    'nobody does anything',
    again('repeat'),
    'CRITICAL, STILL FIRING',
    `Still firing after 30 min, and nobody acknowledged it. ${since}`,
  ],
  [
    'nobody else does anything',
    again('escalated'),
    'CRITICAL, ESCALATED',
    `Nobody acknowledged it in 30 min: now it is with you. ${since}`,
  ],
  [
    'nobody else does anything about what is back',
    again('escalated', { reopenedAt: openedAt + 1_500_000 }),
    'CRITICAL, ESCALATED',
    'Nobody acknowledged it in 5 min: now it is with you. Since 2026-11-20 03:37:05 UTC, and on and off since 2026-11-20 03:12:05 UTC.',
  ],
  [
    'an acknowledgement led to nothing',
    again('unacknowledged'),
    'CRITICAL, NOBODY ON IT',
    `It was acknowledged for too long: nobody is on it, and it still fires after 30 min. ${since}`,
  ],
  [
    'somebody hands it back',
    { ...again('unacknowledged'), actor: 'ann' },
    'CRITICAL, NOBODY ON IT',
    `ann handed it back: nobody is on it, and it still fires after 30 min. ${since}`,
  ],
  ['it is worse', again('severity-raised'), 'CRITICAL, RAISED', `It was raised to critical. ${since}`],
  [
    'somebody says it is worse',
    { ...again('severity-raised'), actor: 'ann' },
    'CRITICAL, RAISED',
    `ann raised it to critical. ${since}`,
  ],
  [
    'it is back',
    again('reopened', { reopenedAt: openedAt + 1_500_000 }),
    'CRITICAL, AGAIN',
    'It recovered, and fires again. Since 2026-11-20 03:37:05 UTC, and on and off since 2026-11-20 03:12:05 UTC.',
  ],
  [
    'somebody knows better',
    { ...again('reopened', { reopenedAt: openedAt + 1_500_000 }), actor: 'ann' },
    'CRITICAL, AGAIN',
    'ann opened it again. Since 2026-11-20 03:37:05 UTC, and on and off since 2026-11-20 03:12:05 UTC.',
  ],
  [
    'a silence is over',
    again('mute-ended'),
    'CRITICAL, STILL FIRING',
    `It was held back until now, and still fires after 30 min. ${since}`,
  ],
  [
    'it flaps',
    again('flapping'),
    'CRITICAL, COMES AND GOES',
    `It comes and goes. You hear of it again when it rests. ${since}`,
  ],
  [
    'another channel is gone',
    { ...again('fallback'), text: 'ops could not be told: answered 404 no_service' },
    'CRITICAL',
    `You are told because ops could not be told: answered 404 no_service. ${since}`,
  ],
  [
    'somebody is on it',
    acknowledged(),
    'ACKNOWLEDGED',
    'ann is on it, 1 min after it began at 2026-11-20 03:12:05 UTC.',
  ],
  [
    'somebody was asked to be',
    assigned(),
    'ASSIGNED',
    'Assigned to ben (ann, 2 min after it began at 2026-11-20 03:12:05 UTC).',
  ],
  [
    'it is less bad',
    severityChanged(),
    'NOW WARNING',
    'Severity changed from critical to warning: only one of three nodes (ann, 2 min after it began at 2026-11-20 03:12:05 UTC).',
  ],
  ['somebody says something', commented(), 'COMMENT', 'ann: rolling back the release'],
  [
    'it is over',
    resolved(),
    'RESOLVED',
    'Recovered after 3 min 20 s, from 2026-11-20 03:12:05 UTC to 2026-11-20 03:15:25 UTC.',
  ],
  [
    'it is over at last',
    resolved({ reopenedAt: openedAt + 60_000 }),
    'RESOLVED',
    'Recovered after 3 min 20 s, on and off, from 2026-11-20 03:12:05 UTC to 2026-11-20 03:15:25 UTC.',
  ],
  [
    'somebody has enough of it',
    resolved({ resolvedBy: 'ann', firing: 1 }),
    'RESOLVED',
    'Resolved by ann after 3 min 20 s, from 2026-11-20 03:12:05 UTC to 2026-11-20 03:15:25 UTC, though it still fires.',
  ],
  ['somebody tests', testEvent(), 'TEST', 'This is a test of this channel. Nothing is broken.'],
  [
    'the test is over',
    resolved({ test: true }),
    'RESOLVED',
    'The test is over after 3 min 20 s. Nothing was broken.',
  ],
  [
    'everything breaks at once',
    digest(),
    'MANY AT ONCE',
    'From 2026-11-20 03:12:00 UTC to 2026-11-20 03:13:00 UTC more happened than this channel is told one by one.',
  ],
  [
    'a day is over',
    digest('daily'),
    'DAILY DIGEST',
    'From 2026-11-20 03:12:00 UTC to 2026-11-20 03:13:00 UTC.',
  ],
])('when %s', (_, event, badge, lead) => {
  expect(noticeOf(event)).toMatchObject({ badge, lead });
});

test('a digest names the worst, counts the others, and leads to all of them', () => {
  const { title, why, whyLabel, facts, links } = noticeOf(digest());

  expect({ title, whyLabel, why }).toEqual({
    title: '37 incidents began, 6 ended, 31 open',
    whyLabel: 'The worst',
    why: [
      'CRITICAL website is down, since 2026-11-20 03:12:05 UTC',
      'HIGH queue is late, since 2026-11-20 03:12:05 UTC',
      'WARNING search is slow, over after 30 s',
    ],
  });
  expect(facts.map(({ label, value }) => `${label} ${value}`)).toEqual(['Open 31', 'Began 37', 'Ended 6']);
  expect(links.map(({ label }) => label)).toEqual(['Incidents']);
});

test('what was deployed last before it is a fact while it fires, and how much more there was', () => {
  const change = { id: 'a', at: openedAt - 720_000, source: 'api' as const, title: 'web 1.2.3', by: 'ana' };
  const deployed = (event: IncidentEvent) =>
    noticeOf(event).facts.find(({ label }) => label === 'Deployed')?.value;
  expect(deployed(firing({ changes: [change] }))).toBe('12 min before: web 1.2.3 by ana');
  expect(deployed(firing({ changes: [change, change, change] }))).toBe(
    '12 min before: web 1.2.3 by ana, and 2 more',
  );
  const long = deployed(firing({ changes: [{ ...change, title: 'x'.repeat(200) }, change] }))!;
  expect([long.length <= 100, long.endsWith('…, and 1 more')]).toEqual([true, true]);
  expect(deployed(firing())).toBeUndefined();
  expect(deployed(resolved({ changes: [change] }))).toBeUndefined();
});

test('an alarm about Tocsin itself says what is wrong once, in whole sentences', () => {
  const title = 'The queue notify-slack has messages that were put aside.';
  const { evidence, ...incident } = firing({
    title,
    description: title,
    cause: 'Threshold Crossed.',
  }).incident;
  const { slack } = channelKinds;
  const { text } = slack.render(firing({}, { incident }), slack.settings.parse({ webhook: { secret: 's' } }));
  expect(text).toBe(`🔴 CRITICAL: ${title} — Threshold Crossed. ${since}`);
});

describe('of a group', () => {
  const { service, ...labels } = firing().incident.labels;
  const group = (members: string[], more: Partial<IncidentEvent['incident']> = {}) =>
    noticeOf(again('new-alerts', { alerts: 30, firing: members.length, members, labels, ...more }));
  const fact = (notice: ReturnType<typeof noticeOf>, name: string) =>
    notice.facts.find(({ label }) => label === name)?.value;

  test('what fires is told by name, and which of them the evidence is about', () => {
    const notice = group(['website is down', 'search is down']);
    expect(fact(notice, 'Firing')).toBe('website is down, search is down');
    expect(fact(notice, 'Monitor')).toBeUndefined();
    expect(fact(notice, 'Last failed check')).toBe('2026-11-20 03:12:00 UTC of website');
  });

  test('what there is no room for is counted', () => {
    const named = fact(
      group(
        Array.from({ length: 20 }, (_, n) => `node-${n} is down`),
        { firing: 42 },
      ),
      'Firing',
    );
    expect(named).toBe(
      'node-0 is down, node-1 is down, node-2 is down, node-3 is down, node-4 is down and 37 more',
    );
    expect(fact(group(['x'.repeat(200)], { firing: 2 }), 'Firing')).toMatch(/^x{50,}… and 1 more$/);
  });
});

test('who is on it is a fact of what is told again', () => {
  const { facts } = noticeOf(
    again('new-alerts', { status: 'acknowledged', acknowledgedBy: 'ann', assignee: 'ben' }),
  );
  expect(facts).toEqual(
    expect.arrayContaining([
      { label: 'Acknowledged by', value: 'ann' },
      { label: 'Assigned to', value: 'ben' },
    ]),
  );
});

describe('mails of an incident are one conversation', () => {
  const { email } = channelKinds;
  const settings = email.settings.parse({ from: 'tocsin@example.com', to: ['oncall@example.com'] });

  test('all refer to one message that was never sent, and only the first begins it', () => {
    const mails = [firing(), again('escalated'), acknowledged(), resolved()].map((event) =>
      email.render(event, settings),
    );

    expect(new Set(mails.map(({ headers }) => headers.References)).size).toBe(1);
    expect(mails.map(({ subject }) => subject)).toEqual([
      '[CRITICAL] website is down — acme',
      'Re: [CRITICAL] website is down — acme',
      'Re: [CRITICAL] website is down — acme',
      'Re: [CRITICAL] website is down — acme',
    ]);
    expect(mails.map(({ from }) => from.name)).toEqual([
      'Tocsin acme (critical)',
      'Tocsin acme (critical, escalated)',
      'Tocsin acme (acknowledged)',
      'Tocsin acme (resolved)',
    ]);
  });

  test('one that is escalated to a mailbox begins it there', () => {
    const escalated = (before: Record<string, number>) =>
      email.render({ ...again('escalated'), before }, settings).subject;
    expect(escalated({ oncall: 0, pager: 0 })).toBe('[CRITICAL] website is down — acme');
    expect(escalated({ oncall: 1, pager: 0 })).toBe('Re: [CRITICAL] website is down — acme');
  });

  test('a digest is a conversation of its own', () => {
    const { subject, headers } = email.render(digest(), settings);

    expect(subject).toBe('[CRITICAL] 37 incidents began, 6 ended, 31 open — acme');
    expect(headers.References).toBe('<incident-digest-ops-20261120T031300@example.com>');
  });
});

test('what is told late has the times of its incident, not of its telling', () => {
  expect(noticeOf(firing({}, { at: openedAt + 3_600_000 })).lead).toBe(since);
});
