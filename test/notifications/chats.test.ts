import { describe, expect, test } from 'vitest';
import { discord } from '../../shared/notifications/discord.ts';
import { maxTeamsBytes, renderTeams } from '../../shared/notifications/teams/card.ts';
import { teams } from '../../shared/notifications/teams.ts';
import { serveDiscord } from '../support/fake-discord.ts';
import { connectorRefusal, serveTeams } from '../support/fake-teams.ts';
import { firing, resolved } from './events.ts';
import { tell } from './tell.ts';

describe('Discord', () => {
  const start = async () => {
    const provider = await serveDiscord();
    return { ...provider, secrets: { 'discord-webhook': provider.url } };
  };

  test('is asked to wait: it says what became of the message', async () => {
    const { secrets, messages, asked } = await start();

    expect(await tell(discord, firing(), {}, { secrets })).toEqual({ result: 'sent' });
    expect(asked[0]?.url.search).toBe('?wait=true');
    expect(messages).toMatchObject([
      { embeds: [{ title: '🔴 CRITICAL: website is down' }], allowed_mentions: { parse: [] } },
    ]);
  });

  test('calls the role when it breaks, and not when it recovers', async () => {
    const { secrets, messages } = await start();
    const mention = '165511591545143296';
    await tell(discord, firing(), { mention }, { secrets });
    await tell(discord, resolved(), { mention }, { secrets });

    expect(messages[0]).toMatchObject({
      content: '<@&165511591545143296>',
      allowed_mentions: { parse: [], roles: [mention] },
    });
    expect(messages[1]?.content).toBeUndefined();
  });

  test('a layout that is refused goes out as one line', async () => {
    const { secrets, messages, next } = await start();
    next({ status: 400, body: { message: 'Invalid Form Body', code: 50_035 } });

    expect(await tell(discord, firing(), {}, { secrets })).toEqual({ result: 'sent' });
    expect(messages).toEqual([{ content: '🔴 CRITICAL: website is down', allowed_mentions: { parse: [] } }]);
  });

  test('84 429 is tried again when the body says, a fraction of a second included', async () => {
    const { secrets, next } = await start();
    const body = { message: 'You are being rate limited.', retry_after: 0.65, global: false };
    next({ status: 429, headers: { 'retry-after': '1' }, body });

    expect(await tell(discord, firing(), {}, { secrets })).toMatchObject({ result: 'retry', afterMs: 650 });
  });

  test('84 429 of the network before Discord has no body that says; then the header does', async () => {
    const { secrets, next } = await start();
    next({ status: 429, headers: { 'retry-after': '120' }, body: '<html>banned</html>' });

    expect(await tell(discord, firing(), {}, { secrets })).toMatchObject({
      result: 'retry',
      afterMs: 120_000,
    });
  });

  test.each([401, 403, 404])('84 88 answer %i is the end: who goes on asking is shut out', async (status) => {
    const { secrets, next } = await start();
    next({ status, body: { message: 'Unknown Webhook', code: 10_015 } });

    expect(await tell(discord, firing(), {}, { secrets })).toMatchObject({ result: 'failed' });
  });
});

describe('Teams', () => {
  const start = async () => {
    const provider = await serveTeams();
    return { ...provider, secrets: { 'teams-webhook': provider.url } };
  };

  test('is posted a card that it shows', async () => {
    const { secrets, cards } = await start();

    expect(await tell(teams, firing(), {}, { secrets })).toEqual({ result: 'sent' });
    expect(cards).toMatchObject([{ version: '1.4', fallbackText: '🔴 CRITICAL: website is down' }]);
  });

  test.each([
    [429, 'retry'],
    [500, 'retry'],
    [413, 'failed'],
    [400, 'failed'],
  ])('15 84 200 that says in its text that it was %i is %s', async (status, result) => {
    const { secrets, next } = await start();
    next({ status: 200, body: connectorRefusal(status) });

    expect(await tell(teams, firing(), {}, { secrets })).toEqual({
      result,
      reason: expect.stringMatching(/^answered 200 Webhook message delivery failed/),
    });
  });

  test.each(['1', ''])('200 with %j is a success of an old connector', async (body) => {
    const { secrets, next } = await start();
    next({ status: 200, body });

    expect(await tell(teams, firing(), {}, { secrets })).toEqual({ result: 'sent' });
  });

  test('16 89 the largest card is cut to what Teams shows, every part of it still there', () => {
    const emoji = '🔴'.repeat(4_000);
    const { evidence } = firing().incident;
    const failures = Array.from({ length: 20 }, () => ({ line: emoji, seen: emoji }));
    const observation = { ...evidence!.observation, failures, excerpt: emoji, address: emoji };
    const message = renderTeams(
      firing({ title: emoji, labels: { service: emoji }, evidence: { ...evidence!, observation } }),
    );

    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(maxTeamsBytes);
    expect(JSON.stringify(message)).toContain('and 15 more');
    expect(message.attachments[0].content.actions).toHaveLength(3);
  });
});
