import { describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { ntfy } from '../../shared/notifications/ntfy.ts';
import { pushover } from '../../shared/notifications/pushover.ts';
import { serveProvider } from '../support/fake-provider.ts';
import { acknowledged, again, digest, firing, resolved, testEvent } from './events.ts';
import { tell } from './tell.ts';

describe('ntfy', () => {
  const secrets = { 'ntfy-topic': 'decoy-TOPIC-123', 'ntfy-token': 'tk_decoy' };
  const start = () => serveProvider(() => ({ status: 200, body: { id: 'x', event: 'message' } }));

  test('is posted JSON for the topic, to the server', async () => {
    const { outbox, asked } = await start();
    const given = { server: 'https://ntfy.example.com', token: { secret: 'ntfy-token' } };

    expect(await tell(ntfy, firing(), given, { secrets, outbox })).toEqual({ result: 'sent' });
    const { url, headers, body } = asked[0]!;
    expect([url.href, headers.authorization]).toEqual(['https://ntfy.example.com/', 'Bearer tk_decoy']);
    expect(JSON.parse(body)).toMatchObject({ topic: 'decoy-TOPIC-123', title: 'CRITICAL: website is down' });
  });

  test.each(['https://169.254.169.254', 'https://10.0.0.1', 'https://[::1]'])(
    '79 nothing is posted to a server at %s',
    async (server) => {
      expect(await tell(ntfy, firing(), { server }, { secrets, allowLoopback: false })).toMatchObject({
        result: 'failed',
        reason: expect.stringMatching(/^the address is loopback, private or reserved/),
      });
    },
  );

  test.each<[string, IncidentEvent, number]>([
    ['critical', firing(), 5],
    ['high', firing({ severity: 'high' }), 4],
    ['warning', firing({ severity: 'warning' }), 3],
    ['info', firing({ severity: 'info' }), 2],
    ['a test', testEvent(), 5],
    ['escalated', again('escalated'), 5],
    ['recovered in part', again('alerts-resolved'), 3],
    ['resolved', resolved(), 3],
    ['many at once', digest(), 5],
    ['a daily digest', digest('daily'), 2],
  ])('%s has the priority that fits', (_, event, priority) => {
    expect(ntfy.render(event, ntfy.settings.parse({})).priority).toBe(priority);
  });

  test('89 the longest message is cut by bytes, no character in two: beyond it would be a file', () => {
    const title = '🔴'.repeat(200);
    const message = (worst: number) =>
      ntfy.render(
        {
          ...digest(),
          digest: { ...digest().digest!, worst: Array(worst).fill({ ...digest().digest!.worst[0], title }) },
        },
        ntfy.settings.parse({}),
      ).message;

    expect(Buffer.byteLength(message(20))).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(message(20))).toBeGreaterThan(4_088);
    expect(message(20).isWellFormed()).toBe(true);
    expect(message(20).endsWith('…')).toBe(true);
  });
});

describe('Pushover', () => {
  const secrets = { 'pushover-token': 'decoyTOKEN1', 'pushover-user': 'decoyUSER1' };
  const receipt = 'rLqVuqTRh62UzxtmqiaLzQmVcPgiCy';
  const start = () =>
    serveProvider(({ url, body }) => {
      if (url.pathname.endsWith('/cancel.json')) return { status: 200, body: { status: 1 } };
      const form = new URLSearchParams(body);
      if (form.get('token') !== 'decoyTOKEN1')
        return {
          status: 400,
          body: { token: 'invalid', errors: ['application token is invalid'], status: 0 },
        };
      return { status: 200, body: { status: 1, ...(form.get('priority') === '2' && { receipt }) } };
    });

  test('what is critical rings until somebody acknowledges it; its receipt is kept', async () => {
    const { outbox, asked } = await start();

    expect(await tell(pushover, firing(), {}, { secrets, outbox })).toEqual({
      result: 'sent',
      reference: receipt,
    });
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toMatchObject({
      token: 'decoyTOKEN1',
      user: 'decoyUSER1',
      title: 'CRITICAL: website is down',
      priority: '2',
      retry: '60',
      expire: '3600',
      url: 'https://console.example.com/incidents/20261120-abcdefgh',
    });
  });

  test.each([
    ['acknowledged', acknowledged(), '-1'],
    ['resolved', resolved(), '0'],
    ['escalated', again('escalated'), '2'],
  ])('the ringing ends when it is %s', async (_, event, priority) => {
    const { outbox, asked } = await start();
    const verdict = await tell(pushover, event, {}, { secrets, outbox, previous: receipt });

    expect(verdict.result).toBe('sent');
    expect(asked.map(({ url }) => url.pathname)).toEqual([
      `/1/receipts/${receipt}/cancel.json`,
      '/1/messages.json',
    ]);
    expect(new URLSearchParams(asked[1]!.body).get('priority')).toBe(priority);
  });

  test('a receipt that is too old to be cancelled costs nothing', async () => {
    const { outbox, asked, next } = await start();
    next({ status: 404, body: { status: 0 } });

    expect(await tell(pushover, resolved(), {}, { secrets, outbox, previous: receipt })).toEqual({
      result: 'sent',
    });
    expect(asked).toHaveLength(2);
  });

  test.each<[string, IncidentEvent, string]>([
    ['high', firing({ severity: 'high' }), '1'],
    ['warning', firing({ severity: 'warning' }), '0'],
    ['info', firing({ severity: 'info' }), '-1'],
    ['recovered in part', again('alerts-resolved'), '0'],
    ['many at once', digest(), '1'],
    ['a daily digest', digest('daily'), '-1'],
  ])('%s has the priority that fits, and does not ring on', (_, event, priority) => {
    const message = pushover.render(event, pushover.settings.parse({}));

    expect([message.priority, message.retry]).toEqual([priority, undefined]);
  });

  test('a wrong token is refused for good, and is in no verdict', async () => {
    const { outbox } = await start();
    const wrong = { ...secrets, 'pushover-token': 'wrongTOKEN1' };
    const verdict = await tell(pushover, firing(), {}, { secrets: wrong, outbox });

    expect(verdict).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('application token is invalid'),
    });
  });
});
