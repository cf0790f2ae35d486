import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { channelKinds } from '../../shared/notifications/index.ts';
import type { ChannelKind } from '../../shared/notifications/kind.ts';
import { noticeOf } from '../../shared/notifications/notice.ts';
import {
  acknowledged,
  again,
  assigned,
  commented,
  degraded,
  digest,
  firing,
  openedAt,
  resolved,
  severityChanged,
  testEvent,
} from './events.ts';
import { inspect } from './inspect.ts';
import { settings } from './settings.ts';

const kinds: ChannelKind<unknown, unknown>[] = Object.values(channelKinds);

const reasonsToTellAgain = [
  'new-alerts',
  'alerts-resolved',
  'repeat',
  'escalated',
  'unacknowledged',
  'severity-raised',
  'reopened',
  'mute-ended',
  'flapping',
  'fallback',
] as const;

const events: [string, IncidentEvent][] = [
  ['firing', firing()],
  ['degraded, with components', degraded()],
  ['resolved', resolved()],
  ['resolved by a person', resolved({ resolvedBy: 'ann' })],
  ['resolved because its alarm is gone', resolved({ resolvedBy: 'alarm-deleted', firing: 1 })],
  ['acknowledged', acknowledged()],
  ['commented', commented()],
  ['assigned', assigned()],
  ['with another severity', severityChanged()],
  ...reasonsToTellAgain.map((reason): [string, IncidentEvent] => [`told again: ${reason}`, again(reason)]),
  ['a digest of a storm', digest()],
  ['a digest of a day', digest('daily', 0)],
  ['a test', testEvent()],
  ['about ourselves, without evidence', withoutEvidence({ type: 'self', id: 'probe-errors' })],
  [
    'about an unknown alarm',
    withoutEvidence({ type: 'alarm', id: 'arn:aws:cloudwatch:eu-west-1:1:alarm:x' }),
  ],
];

const hostile: [string, string][] = [
  ['mentions and links', '<!channel> <@U012AB3CD> <https://evil.example|click>'],
  ['Markdown', '@everyone [click](https://evil.example) *bold* _it_ `code` ```block```'],
  ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['headers', 'line\r\nBcc: victim@example.com\r\n\r\nbody'],
  ['a fence of code', '```'],
  ['entities', '&amp; &lt; & < >'],
  ['control characters', '\u202egnirts\u2066 \u0000\u001b[31m'],
  ['4,000 emoji', '🔴'.repeat(4_000)],
  ['4,000 ampersands', '&'.repeat(4_000)],
  ['half surrogate pairs', '\ud83d'.repeat(100)],
  ['a space', ' '],
  ['nothing', ''],
];

test('every kind of channel is under this contract', () => {
  expect(Object.keys(settings)).toEqual(Object.keys(channelKinds));
  for (const [name, { kind }] of Object.entries(channelKinds)) expect(kind).toBe(name);
});

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
  const all = settings[name]!.map((given) => kind.settings.parse(given));

  test.each(events)('is within the limits, says what broke and what to do: %s', (_, event) => {
    for (const given of all) {
      const message = kind.render(event, given);

      inspect[name]!(message as never, event);
      const text = JSON.stringify(message);
      expect(text).toContain(event.incident.title);
      if (event.type !== 'digest') expect(text).toContain('https://wiki.example.com/runbooks/website');
      expect(text).toContain('https://console.example.com/incidents/20261120-abcdefgh');
      if (event.type === 'firing' && event.reason !== 'test')
        expect(text).toMatch(/2026-11-20 03:12:05 UTC|"openedAt\\?":1795144325000/);
    }
  });

  test.each(hostile)(
    '89 90 91 is within the limits, and harmless, whatever is in its texts: %s',
    (_, text) => {
      for (const [, event] of events)
        for (const given of all) {
          const filled = filledWith(text, event);
          inspect[name]!(kind.render(filled, given) as never, filled);
        }
    },
  );

  test('is within the limits, and harmless, for any text', () => {
    const unit = fc.oneof(
      fc.constantFrom('&', '<', '>', '`', '|', '"', "'", '\r\n', '<!channel>', '🔴', '\u202e', '\0'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const text = fc.string({ unit, maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(text, fc.constantFrom(...events), fc.constantFrom(...all), (filling, [, event], given) => {
        const filled = filledWith(filling, event);
        inspect[name]!(kind.render(filled, given) as never, filled);
      }),
      { numRuns: 60 },
    );
  });

  test('a runbook that is no link is said all the same, and a script is no link', () => {
    for (const runbook of ['RB-17, second shelf', 'javascript:alert(1)']) {
      const text = JSON.stringify(kind.render(firing({ runbook }), all[0]));

      expect(text).toContain(runbook);
      expect(text).not.toContain(`href=\\"javascript`);
      expect(text).not.toContain('<javascript');
    }
  });

  test('the message never depends on the value of a secret', () => {
    for (const given of all) for (const secret of kind.secrets(given)) expect(secret).toMatch(/^[a-z-]+$/);
  });

  test('unknown settings are refused', () => {
    expect(kind.settings.safeParse({ ...settings[name]![0], chanel: '#ops' }).success).toBe(false);
  });
});

test('names the components that are not well, with what the target says of them', () => {
  const { why } = noticeOf(degraded());
  expect(why).toEqual([
    'health is degraded (status 503): cache unhealthy',
    'cache is down (5 s): connection refused',
    'queue is degraded',
  ]);
});

test.each([
  [['up', 'down', 'unknown'], 'cart (2 of 3)'],
  [['up', 'up', 'up'], 'logout (cleanup 1 of 1)'],
] as const)('names the step that failed among %j: %s', (outcomes, fact) => {
  const names = ['login', 'cart', 'pay'];
  const { evidence } = firing().incident;
  const logout = fact.startsWith('logout') ? ('down' as const) : ('up' as const);
  const steps = [
    ...outcomes.map((outcome, n) => ({ name: names[n]!, outcome })),
    { name: 'logout', outcome: logout, cleanup: true as const },
  ];
  const observation = { ...evidence!.observation, steps };
  const { facts } = noticeOf(firing({ evidence: { ...evidence!, observation } }));
  expect(facts).toContainEqual({ label: 'Step', value: fact });
});

describe('golden messages, as a person reads them', () => {
  const golden = (name: string) =>
    readFileSync(new URL(`../fixtures/notifications/${name}`, import.meta.url), 'utf8');
  const both = [
    ['firing', firing()],
    ['resolved', resolved()],
  ] as const;

  test.each(both)('slack %s', (name, event) => {
    const given = channelKinds.slack.settings.parse({ mention: 'here' });

    expect(channelKinds.slack.render(event, given)).toEqual(JSON.parse(golden(`slack-${name}.json`)));
  });

  const structured = Object.keys(channelKinds).filter((kind) => kind !== 'slack' && kind !== 'email');

  test.each(structured.flatMap((kind) => both.map(([name, event]) => [kind, name, event] as const)))(
    '%s %s',
    (name, what, event) => {
      const kind = kinds.find((one) => one.kind === name)!;
      const message = kind.render(event, kind.settings.parse(settings[name]![0]));

      expect(message).toEqual(JSON.parse(golden(`${name}-${what}.json`)));
    },
  );

  test.each(both)('email %s', (name, event) => {
    const given = channelKinds.email.settings.parse(settings.email![0]);
    const { from, subject, text } = channelKinds.email.render(event, given);

    expect(`From: ${from.name} <${from.address}>\nSubject: ${subject}\n\n${text}`).toBe(
      golden(`email-${name}.txt`),
    );
  });
});

function withoutEvidence(subject: IncidentEvent['incident']['subject']): IncidentEvent {
  const { evidence, ...incident } = firing().incident;
  return firing(
    {},
    {
      incident: { ...incident, subject, cause: 'Threshold Crossed: 1 datapoint', description: 'probes fail' },
    },
  );
}

/** The event with `text` wherever people, targets or the config put text. */
function filledWith(text: string, event: IncidentEvent): IncidentEvent {
  const { incident } = event;
  const evidence = incident.evidence && {
    ...incident.evidence,
    location: text,
    observation: {
      ...incident.evidence.observation,
      message: text,
      excerpt: text,
      address: text,
      failures: Array.from({ length: 20 }, () => ({ line: text, seen: text })),
    },
  };
  const digest = event.digest && {
    ...event.digest,
    worst: Array.from({ length: 20 }, () => ({ ...event.digest!.worst[0]!, title: text })),
  };
  return {
    ...event,
    ...(digest && { digest }),
    system: text,
    actor: text,
    text,
    links: { incident: `https://console.example.com/?a=${text}`, dashboard: text },
    incident: {
      ...incident,
      id: text || 'x',
      title: text,
      description: text,
      cause: text,
      labels: { service: text },
      runbook: text,
      ...(incident.resolvedBy && { resolvedBy: text }),
      ...(evidence && { evidence }),
    },
  };
}

test('the incident of the fixtures began when they say', () => {
  expect(new Date(openedAt).toISOString()).toBe('2026-11-20T03:12:05.000Z');
});
