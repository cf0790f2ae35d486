import { classify } from './delivery/classify.ts';
import type { Answer, ChannelKind, Verdict } from './kind.ts';
import { plainSlack, type SlackMessage } from './slack/message.ts';
import { type Call, caller, isTaken, saidIn } from './slackbot/api.ts';
import { renderSlackbot, type SlackbotMessage } from './slackbot/message.ts';
import { type Kept, keepRoom } from './slackbot/room.ts';
import { type SlackbotSettings, slackbotSettings } from './slackbot/settings.ts';

/**
 * Slack, by an app's bot token: an incident is one message, changed as the incident changes, and what happens to it is said below it.
 * The reference is `<channel id>:<ts>`, by which Slack knows the message, and `:<channel id>` of the incident's own channel, if any.
 */
export const slackbot: ChannelKind<SlackbotSettings, SlackbotMessage> = {
  kind: 'slackbot',
  settings: slackbotSettings,
  secrets: ({ token }) => [token.secret],
  follows: ['acknowledged', 'assigned', 'severity-changed'],
  render: renderSlackbot,
  async send(message, { token, channel }, context) {
    const call = caller((await context.readSecret(token.secret)).trim(), context);
    const [place = '', ts = '', own] = context.previous?.split(':') ?? [];
    const answer = await tellChannel(call, message, channel, { place, ts });
    if (!message.room || !isTaken(answer)) return answer;
    const kept = await keepRoom(call, message.room, own);
    if (kept.id !== undefined && own === undefined) await pointTo(call, kept.id, answer);
    return { ...answer, body: JSON.stringify({ ...saidIn(answer), kept }) };
  },
  classify: classifySlackbot,
};

/** Links show no preview: it would push the message out of sight. */
const quiet = { unfurl_links: false, unfurl_media: false };

/** Posts the message of an incident, or changes the one that is there and says below it what happened. */
async function tellChannel(
  call: Call,
  { whole, reply }: SlackbotMessage,
  channel: string,
  { place, ts }: { place: string; ts: string },
): Promise<Answer> {
  const anew = () => inFull(call, 'chat.postMessage', { channel, ...quiet }, whole);
  if (!place || !ts) return anew();
  const changed = await inFull(call, 'chat.update', { channel: place, ts }, whole);
  if (isGone(changed)) return anew();
  if (!isTaken(changed)) return changed;
  const said = await inFull(call, 'chat.postMessage', { channel: place, thread_ts: ts, ...quiet }, reply);
  return isTaken(said) ? changed : said;
}

/** Says below the message where its incident has a channel of its own. Not to be able to is no reason to tell it all again. */
async function pointTo(call: Call, room: string, message: Answer): Promise<void> {
  const { channel, ts } = saidIn(message);
  const where = { channel, thread_ts: ts, ...quiet };
  await call('chat.postMessage', { ...where, text: `Its own channel: <#${room}>` }).catch(() => {});
}

/** A layout that Slack does not take must not cost the message: then it goes out as one line. */
async function inFull(call: Call, method: string, where: object, message: SlackMessage): Promise<Answer> {
  const answer = await call(method, { ...where, ...message });
  return layoutRefused.has(errorOf(answer))
    ? call(method, { ...where, ...withoutLayout, ...plainSlack(message) })
    : answer;
}

/** What a message that is changed would keep otherwise. */
const withoutLayout = { blocks: [], attachments: [] };

const layoutRefused = new Set<string | undefined>([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'msg_blocks_too_long',
  'msg_too_long',
  'too_many_attachments',
]);

/** Somebody deleted the message, or it can be changed no more. */
const isGone = (answer: Answer): boolean =>
  ['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found'].includes(
    errorOf(answer) ?? '',
  );

/** Errors of Slack that end by themselves. */
const passing =
  /^(rate_?limited|internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org)$/;

/** What an operator can do about an error that stays. */
const advice: Record<string, string> = {
  not_in_channel: 'invite the app to the channel',
  channel_not_found: 'the channel’s id is wrong, or it is private and the app was not invited',
  is_archived: 'the channel is archived',
  missing_scope: 'the app needs the scope chat:write',
  account_inactive: 'the app was removed from the workspace',
  token_revoked: 'the token was revoked',
  invalid_auth: 'the token is wrong',
};

function classifySlackbot(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  if (verdict.result !== 'sent') return verdict;
  const { ok, error = 'no answer of Slack', channel, ts } = saidIn(answer);
  if (ok) return { result: 'sent', ...roomText(keptIn(answer)), ...referenceOf(channel, ts, keptIn(answer)) };
  const reason = [`answered ${error}`, advice[error]].filter(Boolean).join(': ');
  return { result: passing.test(error) ? 'retry' : 'failed', reason };
}

const referenceOf = (channel: string | undefined, ts: string | undefined, { id }: Kept) =>
  channel && ts ? { reference: [channel, ts, id].filter(Boolean).join(':') } : {};

const roomText = ({ problem }: Kept) => (problem ? { detail: `its own channel: ${problem}` } : {});

const keptIn = ({ body }: Answer): Kept => JSON.parse(body).kept ?? {};

const errorOf = (answer: Answer): string | undefined => saidIn(answer).error;
