import { classify, retryAfter } from './delivery/classify.ts';
import { type DiscordMessage, plainDiscord, renderDiscord } from './discord/message.ts';
import { type DiscordSettings, discordSettings } from './discord/settings.ts';
import type { Answer, ChannelKind, Verdict } from './kind.ts';
import { jsonOf, postToSecret } from './provider/post.ts';

/** Discord, by a webhook. `wait`: Discord answers once the message is there, and says what was wrong with it. */
export const discord: ChannelKind<DiscordSettings, DiscordMessage> = {
  kind: 'discord',
  settings: discordSettings,
  secrets: ({ webhook }) => [webhook.secret],
  render: renderDiscord,
  async send(message, { webhook }, context) {
    const post = (body: DiscordMessage) =>
      postToSecret(webhook.secret, jsonOf(body), context, { wait: 'true' });
    const answer = await post(message);
    return answer.status === 400 ? post(plainDiscord(message)) : answer;
  },
  classify: classifyDiscord,
};

/**
 * 401, 403 and 404 are for good: who goes on asking is shut out by its address. The body says to the millisecond how long to stay
 * away; the header rounds.
 */
function classifyDiscord(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  if (verdict.result !== 'retry') return verdict;
  const afterMs = retryAfter({ ...answer, headers: {} }, now);
  return { ...verdict, ...(afterMs !== undefined && { afterMs }) };
}
