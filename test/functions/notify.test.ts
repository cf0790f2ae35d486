import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../infra/local/service.ts';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { email } from '../../shared/notifications/email.ts';
import { slack } from '../../shared/notifications/slack.ts';
import { firing, resolved } from '../notifications/events.ts';
import { metric, replies, serveNotify, serveSlack, start } from './notify-stage.ts';

const toOps = { receivers: ['ops'] };
const fire = () => ({ ...firing(), ...toOps });
const resolve = () => ({ ...resolved(), ...toOps, before: { ops: 1 } });

async function stageWith(...answers: Parameters<typeof serveSlack>) {
  const provider = await serveSlack(...answers);
  const stage = await serveNotify({
    kind: slack,
    channels: { ops: {} },
    secrets: { 'slack-webhook': provider.url },
  });
  return { ...provider, ...stage };
}

describe('one channel', () => {
  test('is told when it breaks and when it is over, each once, and the ledger knows', async () => {
    const { send, invoke, posts, history, ledger, log, left } = await stageWith(replies.ok);

    send(fire());
    await invoke();
    send(resolve());
    await invoke();

    expect(posts.map(({ badge }) => badge)).toEqual(['CRITICAL', 'RESOLVED']);
    expect(await history()).toEqual(['ops 1 sent', 'ops 2 sent']);
    expect((await ledger())[0]).toMatchObject({ event: '20261120-abcdefgh#4', reason: 'first', status: 200 });
    expect(metric(log, 'Notified')).toBe(2);
    expect(left().visible + left().inFlight).toBe(0);
  });

  test('is told of a raw message as of one in the envelope of SNS', async () => {
    const { sendBody, invoke, posts } = await stageWith(replies.ok);

    sendBody(JSON.stringify(fire()));
    await invoke();

    expect(posts).toHaveLength(1);
  });

  test('is not told what names other channels', async () => {
    const { send, invoke, posts, history, left } = await stageWith(replies.ok);

    send({ ...firing(), receivers: ['oncall', 'opsx'] });
    await invoke();

    expect(posts).toEqual([]);
    expect(await history()).toEqual([]);
    expect(left().visible + left().inFlight).toBe(0);
  });

  test('84 13 hears again after 429 as Retry-After says, then after a 500, once', async () => {
    const { send, invoke, pass, posts, history } = await stageWith(
      replies.status(429, 'rate_limited', { 'retry-after': '30' }),
      replies.status(500),
      replies.ok,
    );

    send(fire());
    await invoke();
    await pass(29);
    expect(posts).toHaveLength(1);
    await pass(10);

    expect(posts).toHaveLength(3);
    expect(await history()).toEqual(['ops 1 retry', 'ops 1 retry', 'ops 1 sent']);
  });

  test('2 gets a doubled message once', async () => {
    const { send, invoke, posts, history } = await stageWith(replies.ok);

    send(fire());
    send(fire());
    await invoke();
    send(fire());
    await invoke();

    expect(posts).toHaveLength(1);
    expect((await history()).filter((row) => row === 'ops 1 sent')).toHaveLength(1);
    expect(await history()).toContain('ops 1 duplicate');
  });

  test('2 gets a message that two functions work on at once, once', async () => {
    const { send, invokeTwice, pass, posts } = await stageWith(replies.ok);

    send(fire());
    await invokeTwice();
    await pass(130, 5_000);

    expect(posts).toHaveLength(1);
  });

  test('1 hears in order what SNS delivered in the wrong order', async () => {
    const { send, invoke, pass, posts } = await stageWith(replies.ok);

    send(resolve());
    await invoke();
    send(fire());
    await invoke();
    await pass(6);

    expect(posts.map(({ badge }) => badge)).toEqual(['CRITICAL', 'RESOLVED']);
  });

  test('hears of the end in place of a beginning that could not be told; both rows say so', async () => {
    const { send, invoke, pass, posts, ledger, left } = await stageWith(
      replies.status(429, '', { 'retry-after': '120' }),
      replies.ok,
    );

    send(fire());
    await invoke();
    send(resolve());
    await pass(130);

    expect(posts.map(({ badge }) => badge)).toEqual(['CRITICAL', 'RESOLVED']);
    const rows = await ledger();
    expect(rows).toContainEqual(
      expect.objectContaining({ revision: 1, result: 'superseded', detail: 'revision 2 is told instead' }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ revision: 2, result: 'sent', detail: 'in place of revision 1, never sent' }),
    );
    expect(left().visible + left().inFlight).toBe(0);
  });

  test('86 gets no more tries after six hours: dead letter, ledger row, metric', async () => {
    const { send, invoke, pass, posts, history, dead, log } = await stageWith(replies.status(503));

    send(fire());
    await invoke();
    await pass(6 * 3_600 + 400, 150_000);

    expect((await history()).at(-1)).toBe('ops 1 failed');
    expect(posts.length).toBeGreaterThan(70);
    expect(dead()).toHaveLength(1);
    expect(metric(log, 'NotifyFailed')).toBe(1);
  });

  test.each([
    [404, 'no_service'],
    [410, 'channel_is_archived'],
    [301, ''],
  ])('88 that refuses for good with %i %s is not asked again', async (status, body) => {
    const { send, invoke, pass, posts, ledger, dead } = await stageWith(
      replies.status(status, body, { location: '/elsewhere' }),
    );

    send(fire());
    await invoke();
    await pass(10);

    expect(posts).toHaveLength(1);
    expect(dead()).toHaveLength(1);
    expect(await ledger()).toEqual([
      expect.objectContaining({ result: 'failed', status, detail: `answered ${status} ${body}`.trim() }),
    ]);
  });

  test('87 hears nothing of a beginning that is redriven after its end was told', async () => {
    const { send, invoke, pass, redrive, posts, history } = await stageWith(replies.status(404), replies.ok);

    send(fire());
    await invoke();
    send(resolve());
    await pass(6);
    redrive();
    await pass(1);

    expect(posts.map(({ badge }) => badge)).toEqual(['CRITICAL', 'RESOLVED']);
    expect((await history()).at(-1)).toBe('ops 1 superseded');
  });

  test.each([
    ['its end could not be told either', [resolve()], ['CRITICAL', 'RESOLVED', 'RESOLVED']],
    ['it does not want to hear of ends', [], ['CRITICAL']],
  ])('87 hears of no beginning that is redriven a day after its end, when %s', async (_, ends, expected) => {
    const { send, invoke, pass, keep, redrive, posts, history } = await stageWith(
      replies.status(404),
      ...ends.map(() => replies.status(404)),
      replies.ok,
    );
    send(fire());
    await invoke();
    for (const end of ends) send(end);
    await pass(6);
    await keep(resolve());

    await pass(86_400, 43_200_000);
    redrive();
    await pass(3);

    expect(posts.map(({ badge }) => badge)).toEqual(expected);
    expect(await history()).toContain('ops 1 superseded');
  });

  test('87 hears of a beginning that is redriven as the incident is by then', async () => {
    const { send, invoke, pass, keep, redrive, posts } = await stageWith(replies.status(404), replies.ok);
    send({ ...firing({ severity: 'warning' }), ...toOps });
    await invoke();
    await keep(firing({ severity: 'critical', status: 'acknowledged', acknowledgedBy: 'ann' }));

    await pass(3_600, 3_600_000);
    redrive();
    await invoke();

    expect(posts.map(({ badge }) => badge)).toEqual(['WARNING', 'CRITICAL']);
  });

  test('hears of a beginning that is redriven while it lasts', async () => {
    const { send, invoke, pass, redrive, posts } = await stageWith(replies.status(404), replies.ok);

    send(fire());
    await invoke();
    await pass(60, 60_000);
    redrive();
    await invoke();

    expect(posts).toHaveLength(2);
  });

  test('16 hears in one line what Slack does not take as blocks', async () => {
    const { send, invoke, posts, history } = await stageWith(
      replies.status(400, 'invalid_blocks'),
      replies.ok,
    );

    send(fire());
    await invoke();

    expect(posts).toHaveLength(2);
    expect(await history()).toEqual(['ops 1 sent']);
  });
});

describe('a provider that asks for rest', () => {
  const at = (ms: number) => new Date(start + ms).toUTCString();
  const about = (id: string, sequence = 2): IncidentEvent =>
    firing({ id }, { id: `${id}#${sequence}`, sequence, ...toOps });

  const forms: [string, Parameters<typeof replies.status>, seconds: number][] = [
    ['in seconds', [429, '', { 'retry-after': '30' }], 30],
    ['in parts of a second', [429, '', { 'retry-after': '2.5' }], 3],
    ['until a date', [429, '', { 'retry-after': at(40_000) }], 40],
    ['in JSON, as Discord does', [429, '{"retry_after":7.2,"global":false}'], 8],
    ['for an hour', [429, '', { 'retry-after': '3600' }], 3_600],
    ['with 503', [503, '', { 'retry-after': '20' }], 20],
    ['for no time: our own pause', [429, '', { 'retry-after': '0' }], 1],
    ['for less than none: our own pause', [429, '', { 'retry-after': '-5' }], 1],
    ['until a date that is past: our own pause', [429, '', { 'retry-after': at(-60_000) }], 1],
    ['and does not say how long: our own pause', [429, 'rate_limited'], 1],
    ['in words: our own pause', [429, '', { 'retry-after': 'soon' }], 1],
  ];

  test.each(forms)('84 %s is left alone that long, and no longer', async (_, answer, seconds) => {
    const { send, invoke, pass, posts } = await stageWith(replies.status(...answer), replies.ok);

    send(fire());
    await invoke();
    if (seconds > 1) await pass(seconds - 1, (seconds - 1) * 1_000);
    expect(posts).toHaveLength(1);
    await pass(1);

    expect(posts).toHaveLength(2);
  });

  test('12 gets it from all incidents, and from all channels of the same webhook', async () => {
    const provider = await serveSlack(replies.status(429, '', { 'retry-after': '60' }), replies.ok);
    const other = await serveSlack(replies.ok);
    const { send, invoke, pass, history } = await serveNotify({
      kind: slack,
      channels: { ops: {}, dev: {}, oncall: { webhook: { secret: 'other' } } },
      secrets: { 'slack-webhook': provider.url, other: other.url },
    });

    send(about('20261120-a'));
    await invoke();
    send(about('20261120-b'));
    send({ ...about('20261120-c'), receivers: ['dev', 'oncall'] });
    await invoke();
    await pass(58);
    expect(provider.posts).toHaveLength(1);
    expect(other.posts).toHaveLength(1);
    await pass(5);

    expect(provider.posts).toHaveLength(4);
    expect(await history('20261120-b')).toEqual(['ops 1 sent']);
    expect((await history('20261120-c')).toSorted()).toEqual(['dev 1 sent', 'oncall 1 sent']);
  });

  test('is not told of an end before its beginning: the end takes its place', async () => {
    const { send, invoke, pass, posts, history } = await stageWith(
      replies.status(429, '', { 'retry-after': '120' }),
      replies.ok,
    );

    send(about('20261120-other'));
    await invoke();
    send(fire());
    await invoke();
    send(resolve());
    await pass(119);
    expect(posts).toHaveLength(1);
    await pass(10);

    const about1 = posts.filter(({ text }) => text.includes('RESOLVED') || text.includes('CRITICAL'));
    expect(about1.map(({ badge }) => badge)).toEqual(['CRITICAL', 'CRITICAL', 'RESOLVED']);
    expect(await history()).toEqual(['ops 1 superseded', 'ops 2 sent']);
  });
});

describe('a channel that cannot be told', () => {
  test('86 88 is reported to those who keep incidents, with the reason', async () => {
    const { send, invoke, givenUp } = await stageWith(replies.status(410, 'channel_is_archived'));

    send(fire());
    await invoke();

    expect(givenUp()).toEqual([
      {
        type: 'undelivered',
        incident: '20261120-abcdefgh',
        channel: 'ops',
        revision: 1,
        reason: 'answered 410 channel_is_archived',
      },
    ]);
  });

  test('88 costs one request for each event, and no loop', async () => {
    const { send, invoke, pass, posts, dead, givenUp } = await stageWith(replies.status(404, 'no_service'));

    send(fire());
    await invoke();
    send(resolve());
    await pass(600, 60_000);

    expect(posts).toHaveLength(2);
    expect(dead()).toHaveLength(2);
    expect(givenUp()).toHaveLength(2);
  });
});

test('85 a channel that fails does not make another one hear twice', async () => {
  const [broken, working] = [await serveSlack(replies.status(500)), await serveSlack(replies.ok)];
  const { send, invoke, pass, history } = await serveNotify({
    kind: slack,
    channels: { ops: { webhook: { secret: 'one' } }, dev: { webhook: { secret: 'two' } } },
    secrets: { one: broken.url, two: working.url },
  });

  send({ ...firing(), receivers: ['ops', 'dev'] });
  await invoke();
  await pass(60);

  expect(broken.posts.length).toBeGreaterThan(3);
  expect(working.posts).toHaveLength(1);
  expect((await history()).filter((row) => row.startsWith('dev'))).toEqual(['dev 1 sent']);
});

test('22 a body that is no event goes to the dead letters and holds up nobody', async () => {
  const { sendBody, send, invoke, posts, dead, log } = await stageWith(replies.ok);

  for (const body of ['no JSON', '{"version":1}', '{"Type":"Notification","Message":"{}"}']) sendBody(body);
  send(fire());
  await invoke();

  expect(posts).toHaveLength(1);
  expect(dead()).toHaveLength(3);
  expect(metric(log, 'NotifyFailed')).toBe(3);
});

test('109 a secret that is missing is reported at once, and nothing is lost: it is told when the secret is there', async () => {
  const { url, posts } = await serveSlack(replies.ok);
  const secrets: Record<string, string> = {};
  const { send, invoke, pass, ledger, log } = await serveNotify({
    kind: slack,
    channels: { ops: {} },
    secrets,
  });

  send(fire());
  await invoke();
  expect(metric(log, 'SecretMissing')).toBe(1);
  secrets['slack-webhook'] = url;
  await pass(3);

  expect(posts).toHaveLength(1);
  expect((await ledger()).map(({ result, detail }) => [result, detail])).toEqual([
    ['retry', expect.stringContaining('secret /tocsin/acme/slack-webhook is missing')],
    ['sent', undefined],
  ]);
});

test('109 a key that may not be used is reported likewise, and told is when it may', async () => {
  const { url, posts } = await serveSlack(replies.ok);
  let denied = true;
  const { send, invoke, pass, ledger, log } = await serveNotify({
    kind: slack,
    channels: { ops: {} },
    secrets: { 'slack-webhook': url },
    beforeSecret: () => {
      if (denied)
        throw new ServiceError('AccessDeniedException', 'The ciphertext refers to a key that is disabled.');
    },
  });

  send(fire());
  await invoke();
  denied = false;
  await pass(3);

  expect(metric(log, 'SecretMissing')).toBe(1);
  expect((await ledger())[0]).toMatchObject({
    result: 'retry',
    detail: expect.stringContaining('AccessDenied'),
  });
  expect(posts).toHaveLength(1);
});

describe('a crash', () => {
  const failure = () => {
    throw new ServiceError('ValidationException', 'refused by the test');
  };

  test('31 between the provider and the ledger repeats one message, and no other', async () => {
    const { url, posts } = await serveSlack(replies.ok);
    let refusals = 1;
    const { send, invoke, pass, history } = await serveNotify({
      kind: slack,
      channels: { ops: {} },
      secrets: { 'slack-webhook': url },
      beforeDatabase: ({ operation }) => operation === 'TransactWriteItems' && refusals-- > 0 && failure(),
    });

    send(fire());
    await invoke();
    await pass(85, 5_000);
    expect(posts).toHaveLength(1);
    await pass(300, 5_000);

    expect(posts).toHaveLength(2);
    expect(await history()).toEqual(['ops 1 sent']);
  });

  test('30 before the provider was asked repeats nothing', async () => {
    const { url, posts } = await serveSlack(replies.ok);
    let refusals = 1;
    const { send, invoke, pass } = await serveNotify({
      kind: slack,
      channels: { ops: {} },
      secrets: { 'slack-webhook': url },
      beforeDatabase: ({ operation }) => operation === 'PutItem' && refusals-- > 0 && failure(),
    });

    send(fire());
    await invoke();
    await pass(10);

    expect(posts).toHaveLength(1);
  });
});

describe('42 no secret is told', () => {
  const decoys = ['T0DECOY1', 'B0DECOY2', 'decoy-TOKEN'];
  const cases: [string, (url: string) => string, Parameters<typeof serveSlack>[0]][] = [
    [
      'an answer that quotes the URL',
      (url) => url,
      (response, { url }) => response.writeHead(500).end(`no ${url}`),
    ],
    [
      'a refusal that quotes the URL',
      (url) => url,
      (response, { url }) => response.writeHead(404).end(`no ${url}`),
    ],
    ['silence', (url) => url, () => {}],
    ['a reset', (url) => url, (response) => response.socket?.destroy()],
    ['nobody there', (url) => url.replace(/:\d+/, ':9'), replies.ok],
    ['http to a public host', (url) => url.replace(/127.0.0.1:\d+/, 'example.com'), replies.ok],
    ['a private address', (url) => url.replace(/http:..127.0.0.1:\d+/, 'https://10.0.0.1'), replies.ok],
    ['no URL at all', () => 'decoy-TOKEN-3456789', replies.ok],
  ];

  test.each(cases)('%s', async (_, secretOf, answer) => {
    const { url } = await serveSlack(answer);
    const { send, invoke, ledger, dead, log } = await serveNotify({
      kind: slack,
      channels: { ops: {} },
      secrets: { 'slack-webhook': secretOf(url) },
    });

    send(fire());
    await invoke();

    const rows = await ledger();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.detail).toBeTruthy();
    const told = JSON.stringify([rows, dead(), log]);
    for (const decoy of decoys) expect(told).not.toContain(decoy);
  });
});

describe('on AWS', () => {
  test.each([
    'http://127.0.0.1:9001/x',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://169.254.169.254/x',
  ])('79 %s is not posted to', async (url) => {
    const { send, invoke, ledger } = await serveNotify({
      kind: slack,
      channels: { ops: {} },
      secrets: { 'slack-webhook': url },
      local: false,
    });

    send(fire());
    await invoke();

    expect((await ledger())[0]?.detail).toMatch(/is no https:\/\/ URL|is loopback, private or reserved/);
  });
});

describe('mail by SES', () => {
  const from = 'tocsin@example.com';

  test('goes out once per event, threaded', async () => {
    const mails: Record<string, unknown>[] = [];
    const { send, invoke, history } = await serveNotify({
      kind: email,
      channels: { ops: { from, to: ['oncall@example.com'] } },
      ses: ({ input }) => {
        mails.push(input);
        return { MessageId: '1' };
      },
    });

    send(fire());
    await invoke();
    send(resolve());
    await invoke();

    expect(await history()).toEqual(['ops 1 sent', 'ops 2 sent']);
    expect(mails).toMatchObject([
      {
        FromEmailAddress: '"Tocsin acme (critical)" <tocsin@example.com>',
        Destination: { ToAddresses: ['oncall@example.com'] },
        Content: { Simple: { Subject: { Data: '[CRITICAL] website is down — acme' } } },
      },
      { Content: { Simple: { Subject: { Data: 'Re: [CRITICAL] website is down — acme' } } } },
    ]);
    const headers = mails.map((mail) => (mail.Content as { Simple: { Headers: unknown } }).Simple.Headers);
    expect(headers[0]).toEqual(headers[1]);
    expect(headers[0]).toContainEqual({
      Name: 'References',
      Value: '<incident-20261120-abcdefgh@example.com>',
    });
  });

  test('93 to 51 recipients is two mails, and only the one that is throttled is repeated', async () => {
    const told: string[][] = [];
    let throttled = false;
    const { send, invoke, pass, history } = await serveNotify({
      kind: email,
      channels: { ops: { from, to: Array.from({ length: 51 }, (_, index) => `p${index}@example.com`) } },
      ses: ({ input }) => {
        const to = (input.Destination as { ToAddresses: string[] }).ToAddresses;
        if (to.length === 1 && !throttled) {
          throttled = true;
          throw new ServiceError('TooManyRequestsException', 'Maximum sending rate exceeded.', 429);
        }
        told.push(to);
        return { MessageId: '1' };
      },
    });

    send(fire());
    await invoke();
    await pass(5);

    expect(told.map((to) => to.length)).toEqual([50, 1]);
    expect((await history()).toSorted()).toEqual(['ops 1 sent', 'ops/2 1 retry', 'ops/2 1 sent']);
  });

  test('93 that the sandbox refuses is not tried again', async () => {
    const { send, invoke, ledger, dead } = await serveNotify({
      kind: email,
      channels: { ops: { from, to: ['oncall@example.com'] } },
      ses: () => {
        throw new ServiceError('MessageRejected', 'Email address is not verified.');
      },
    });

    send(fire());
    await invoke();

    expect(dead()).toHaveLength(1);
    expect((await ledger())[0]?.detail).toBe('answered 400 MessageRejected: Email address is not verified.');
  });
});
