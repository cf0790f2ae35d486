import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, ServiceError } from '../../infra/local/service.ts';
import { backoff } from '../../shared/aws/backoff.ts';
import { digestTable } from '../../shared/aws/digest-table.ts';
import { incidentTable } from '../../shared/aws/incident-table.ts';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import type { Undelivered } from '../../shared/notifications/delivery/undelivered.ts';
import { tellDigests } from '../../shared/notifications/digests/tell-digests.ts';
import { slack } from '../../shared/notifications/slack.ts';
import type { Severity } from '../../shared/severity.ts';
import { firing, resolved } from '../notifications/events.ts';
import { incidentsTable } from '../support/incidents-table.ts';
import { replies, serveNotify, serveSlack } from './notify-stage.ts';

type Stage = Awaited<ReturnType<typeof stageWith>>;

async function stageWith(
  options: Partial<Parameters<typeof serveNotify>[0]> = {},
  ...answers: Parameters<typeof serveSlack>
) {
  const provider = await serveSlack(...(answers.length > 0 ? answers : [replies.ok]));
  const stage = await serveNotify({
    channels: { ops: {} },
    secrets: { 'slack-webhook': provider.url },
    rate: 3,
    ...options,
    kind: slack,
  });
  return { ...provider, ...stage };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `20261120-${index}`);

const fired = (id: string, severity: Severity = 'high', more: Partial<IncidentEvent> = {}): IncidentEvent =>
  firing(
    { id, title: `${id} is down`, severity },
    { id: `${id}#2`, sequence: 2, receivers: ['ops'], ...more },
  );

const ended = (
  id: string,
  severity: Severity = 'high',
  more: Partial<IncidentEvent> = {},
): IncidentEvent => ({
  ...resolved({ id, title: `${id} is down`, severity }),
  id: `${id}#4`,
  sequence: 4,
  receivers: ['ops'],
  before: { ops: 1 },
  ...more,
});

async function tell(stage: Stage, ...events: IncidentEvent[]): Promise<void> {
  for (const event of events) {
    await stage.keep(event);
    stage.send(event);
  }
  for (let left = events.length; left > 0; left -= 10) await stage.invoke();
}

/** What reconcile does every minute. @returns the events it published, and what it reported */
async function reconcile({ client, now, send }: Stage, publish: (event: IncidentEvent) => unknown = send) {
  const [published, reported]: [IncidentEvent[], Undelivered[]] = [[], []];
  const failures = await tellDigests({
    digests: digestTable(client, incidentsTable),
    table: incidentTable(client, incidentsTable, backoff),
    now,
    links: (incident) => ({ incident: `https://console.example.com/incidents/${incident}` }),
    system: 'acme',
    giveUp: async (undelivered) => {
      reported.push(undelivered);
    },
    publish: async (event) => {
      await publish(event);
      published.push(event);
    },
  });
  if (failures.length > 0) throw failures[0];
  return { published, reported };
}

const told = ({ posts }: Stage) =>
  posts.map(({ text }) => /20261120-\d+|MANY AT ONCE|DAILY DIGEST/.exec(text)?.[0]);

describe('54 of ten incidents at once', () => {
  test('a channel is told as many as its rate allows, and the others in one digest; none is lost', async () => {
    const stage = await stageWith();
    const all = names(10);

    await tell(stage, ...all.map((id) => fired(id)));
    expect(stage.posts).toHaveLength(2);
    await stage.pass(60);
    const [digest] = (await reconcile(stage)).published;
    await stage.invoke();

    expect(stage.posts).toHaveLength(3);
    expect(stage.posts[2]?.text).toMatch(/8 incidents began, 8 open/);
    expect(digest!.links).toEqual({ incident: 'https://console.example.com/incidents' });
    const alone = told(stage).slice(0, 2);
    const together = digest!.digest!.worst.map(({ id }) => id);
    expect([...alone, ...together].toSorted()).toEqual(all);
    for (const id of all)
      expect(await stage.history(id)).toEqual([`ops 1 ${together.includes(id) ? 'digested' : 'sent'}`]);
    expect(stage.left()).toMatchObject({ visible: 0, inFlight: 0 });
  });

  test('a page comes first: part of the rate is kept for it', async () => {
    const stage = await stageWith();

    await tell(stage, ...names(10).map((id) => fired(id)), fired('20261120-90', 'critical'));
    await tell(stage, fired('20261120-91', 'critical'));

    expect(told(stage)).toHaveLength(3);
    expect(told(stage)).toContain('20261120-90');
    expect(await stage.history('20261120-91')).toEqual(['ops 1 digested']);
  });

  test('the next minute has its own', async () => {
    const stage = await stageWith();

    await tell(stage, ...names(4).map((id) => fired(id)));
    await stage.pass(60);
    await tell(stage, fired('20261120-8'));

    expect(told(stage)).toHaveLength(3);
    expect(told(stage).at(-1)).toBe('20261120-8');
  });

  test('the ends are told likewise: nobody hears of an end alone whose beginning waits in a digest', async () => {
    const stage = await stageWith();
    const all = names(6);
    await tell(stage, ...all.map((id) => fired(id)));
    const early = ['20261120-0', '20261120-5'];

    await tell(stage, ...early.map((id) => ended(id)));
    await stage.pass(60);
    const [digest] = (await reconcile(stage)).published;
    await stage.invoke();
    await stage.pass(120, 60_000);
    await tell(stage, ...all.filter((id) => !early.includes(id)).map((id) => ended(id)));
    await stage.pass(60);
    const [later] = (await reconcile(stage)).published;
    await stage.invoke();

    expect(digest?.digest).toMatchObject({ opened: 4, resolved: 2, open: 3 });
    expect(later?.digest).toMatchObject({ opened: 0, resolved: 3, open: 0 });
    expect(stage.posts).toHaveLength(2 + 1 + 1 + 1);
    for (const id of all) {
      const ends = (await stage.history(id)).filter((row) => row.startsWith('ops 2'));
      expect(ends).toHaveLength(1);
    }
  });

  test('a digest shows the incidents as they are when it is told', async () => {
    const stage = await stageWith();
    await tell(stage, ...names(4).map((id) => fired(id)));

    await stage.keep(ended('20261120-3'));
    await stage.pass(60);
    const [digest] = (await reconcile(stage)).published;

    expect(digest?.digest).toMatchObject({ opened: 2, resolved: 0, open: 1 });
  });
});

test('a digest says how much of all that the channel was told of is open, and nothing of what others were', async () => {
  const stage = await stageWith();
  await tell(stage, ...names(3).map((id) => fired(id)));
  await stage.keepOpen(fired('20261120-7'), { ops: 1 });
  await stage.keepOpen(fired('20261120-8'), { oncall: 1 });

  await stage.pass(60);
  const [digest] = (await reconcile(stage)).published;

  expect(digest?.digest).toMatchObject({ opened: 1, open: 2 });
});

describe('a digest', () => {
  test('is not written where there is nothing to say', async () => {
    const stage = await stageWith();
    await tell(stage, fired('20261120-0'));
    await stage.pass(60);

    expect((await reconcile(stage)).published).toEqual([]);
  });

  test.each([
    ['before it is published', 'publish'],
    ['after it was published', 'done'],
  ])('30 is told once when reconcile crashes %s', async (_, where) => {
    let crashing = false;
    const isDone = ({ input }: Call) => /^REMOVE pendingPk/.test(String(input.UpdateExpression));
    const stage = await stageWith({
      beforeDatabase: (call) => {
        if (crashing && where === 'done' && isDone(call))
          throw new ServiceError('ValidationException', 'crash');
      },
    });
    await tell(stage, ...names(5).map((id) => fired(id)));
    await stage.pass(60);

    crashing = true;
    const crash = () => {
      throw new Error('crash');
    };
    await expect(reconcile(stage, where === 'publish' ? crash : stage.send)).rejects.toThrow('crash');
    crashing = false;
    await reconcile(stage);
    await stage.invoke();
    await stage.pass(3);

    expect(told(stage).filter((text) => text === 'MANY AT ONCE')).toHaveLength(1);
    expect((await reconcile(stage)).published).toEqual([]);
  });

  test('waits for an entry that is on its way, and not for ever', async () => {
    let crashes = 1;
    const isEntry = ({ operation, input }: Call) =>
      operation === 'TransactWriteItems' && JSON.stringify(input).includes('ENTRY#');
    const stage = await stageWith({
      beforeDatabase: (call) => {
        if (isEntry(call) && crashes-- > 0) throw new ServiceError('ValidationException', 'crash');
      },
    });

    await tell(stage, ...names(4).map((id) => fired(id)));
    await stage.pass(56, 56_000);
    expect((await reconcile(stage)).published).toEqual([]);
    await stage.pass(70);
    const { published } = await reconcile(stage);

    expect(published.map(({ digest }) => digest?.opened)).toEqual([1]);
    const rows = (await Promise.all(names(4).map(stage.history))).flat();
    expect(rows.toSorted()).toEqual(['ops 1 digested', 'ops 1 sent', 'ops 1 sent', 'ops 1 sent']);
  });

  test('that is closed takes no more: the event is in the next', async () => {
    const stage = await stageWith();
    await tell(stage, ...names(4).map((id) => fired(id)));
    await digestTable(stage.client, incidentsTable).close('ops', Date.UTC(2026, 10, 20, 3, 13));

    await tell(stage, fired('20261120-7'));

    expect((await stage.ledger('20261120-7'))[0]).toMatchObject({
      result: 'digested',
      digest: 'digest-ops-20261120T031400',
      detail: 'in the digest of 2026-11-20 03:14 UTC',
    });
  });

  test('86 88 that is refused before reconcile is done with it is reported all the same', async () => {
    const stage = await stageWith({}, replies.ok, replies.ok, replies.status(404, 'no_service'));
    await tell(stage, ...names(6).map((id) => fired(id)));
    await stage.pass(60);

    await reconcile(stage, async (event) => {
      stage.send(event);
      await stage.invoke();
    });

    expect((await reconcile(stage)).reported).toHaveLength(4);
  });

  test('86 88 that the channel cannot be told is reported for each incident, so that its fallback hears of all', async () => {
    const stage = await stageWith({}, replies.ok, replies.ok, replies.status(410, 'channel_is_archived'));
    await tell(stage, ...names(6).map((id) => fired(id)));
    await stage.pass(60);
    await reconcile(stage);
    await stage.invoke();

    const { reported } = await reconcile(stage);

    expect(stage.dead()).toHaveLength(1);
    expect(stage.givenUp()).toEqual([]);
    expect(reported).toHaveLength(4);
    expect(reported[0]).toEqual({
      type: 'undelivered',
      incident: expect.stringMatching(/^20261120-\d$/),
      channel: 'ops',
      revision: 1,
      reason: 'answered 410 channel_is_archived',
    });
    expect(await reconcile(stage)).toEqual({ published: [], reported: [] });
  });

  test('once a day has what the channel wants no sooner, whatever its rate, the end of it included', async () => {
    const stage = await stageWith();
    const due = Date.UTC(2026, 10, 20, 7);
    const daily = { digests: { ops: due } };

    await tell(stage, ...names(5).map((id) => fired(id, 'info', daily)), ended('20261120-2', 'info', daily));
    await stage.pass(3_600, 600_000);
    expect((await reconcile(stage)).published).toEqual([]);
    await stage.pass(3 * 3_600, 600_000);
    const [digest] = (await reconcile(stage)).published;
    await stage.invoke();

    expect(told(stage)).toEqual(['DAILY DIGEST']);
    expect(digest).toMatchObject({ reason: 'daily', digest: { opened: 5, resolved: 1, open: 4 } });
  });
});

describe('a crash of the notifier', () => {
  const writes: [string, (call: Call) => boolean][] = [
    ['as it takes one of the minute', ({ input }) => /^ADD taken/.test(String(input.UpdateExpression))],
    ['as it announces an entry', ({ input }) => /^ADD announced/.test(String(input.UpdateExpression))],
    [
      'as it writes the entry',
      ({ operation, input }) =>
        operation === 'TransactWriteItems' && JSON.stringify(input).includes('ENTRY#'),
    ],
    ['as it takes the lease', ({ operation }) => operation === 'PutItem'],
    ['as it reads', ({ operation }) => operation === 'GetItem'],
  ];

  test.each(writes)('30 %s loses nothing and doubles nothing', async (_, isIt) => {
    let [begun, crashes] = [false, 1];
    const stage = await stageWith({
      beforeDatabase: (call) => {
        if (begun && isIt(call) && crashes-- > 0) throw new ServiceError('ValidationException', 'crash');
      },
    });
    for (const id of names(4)) {
      await stage.keep(fired(id));
      stage.send(fired(id));
    }
    begun = true;
    await stage.invoke();
    await stage.pass(130);
    await reconcile(stage);
    await stage.invoke();
    await stage.pass(3);

    const alone = told(stage).filter((text) => text?.startsWith('2026'));
    const together: string[] = [];
    for (const id of names(4))
      for (const row of await stage.history(id)) if (row === 'ops 1 digested') together.push(id);
    expect([...alone, ...together].toSorted()).toEqual(names(4));
  });
});

test('1 2 95 whatever order events come in, however often, and whatever the provider answers: the end is told once, and last', async () => {
  const reply = fc.constantFrom(
    replies.ok,
    replies.status(500),
    replies.status(429, '', { 'retry-after': '4' }),
    (response: ServerResponse) => response.socket?.destroy(),
  );
  const arrival = fc.record({ revision: fc.constantFrom(1, 2, 3), after: fc.integer({ min: 0, max: 20 }) });
  const events = [
    fired('20261120-0', 'critical'),
    { ...fired('20261120-0', 'critical'), id: '20261120-0#3', sequence: 3, before: { ops: 1 } },
    ended('20261120-0', 'critical', { before: { ops: 2 } }),
  ].map((event, index) => ({ ...event, incident: { ...event.incident, revision: index + 1 } }));

  await fc.assert(
    fc.asyncProperty(
      fc.array(reply, { maxLength: 6 }),
      fc.array(arrival, { maxLength: 8 }),
      async (answers, arrivals) => {
        const stage = await stageWith({ rate: 30 }, ...answers, replies.ok);
        for (const { revision, after } of [
          ...arrivals,
          ...[1, 2, 3].map((n) => ({ revision: n, after: 1 })),
        ]) {
          stage.send(events[revision - 1]!);
          await stage.invoke();
          await stage.pass(after);
        }
        await stage.pass(400, 5_000);

        const rows = await stage.ledger('20261120-0');
        const sent = rows.filter(({ result }) => result === 'sent').map(({ revision }) => revision);
        expect(sent).toEqual(sent.toSorted());
        expect(new Set(sent).size).toBe(sent.length);
        expect(sent.at(-1)).toBe(3);
        expect(stage.left()).toMatchObject({ visible: 0, inFlight: 0 });
      },
    ),
    { numRuns: 8 },
  );
}, 30_000);
