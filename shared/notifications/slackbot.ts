import { classify } from './classify.ts';
import type { Answer, ChannelKind, SendContext, Verdict } from './kind.ts';
import { askProvider, jsonOf } from './post.ts';
import { plainSlack, type SlackMessage } from './slack-message.ts';
import { renderSlackbot, type SlackbotMessage } from './slackbot-message.ts';
import { type SlackbotSettings, slackbotSettings } from './slackbot-settings.ts';

/**
 * Slack, by an app's bot token: an incident is one message, changed as the incident changes, and what happens to it is said below.
 * The reference is `<channel id>:<ts>`, by which Slack knows the message.
 */
export const slackbot: ChannelKind<SlackbotSettings, SlackbotMessage> = {
  kind: 'slackbot',
  settings: slackbotSettings,
  secrets: ({ token }) => [token.secret],
  follows: ['acknowledged', 'assigned', 'severity-changed'],
  render: renderSlackbot,
  async send({ whole, reply }, { token, channel }, context) {
    const call = caller((await context.readSecret(token.secret)).trim(), context);
    const [place = '', ts = ''] = context.previous?.split(':') ?? [];
    const anew = () => inFull(call, 'chat.postMessage', { channel, ...quiet }, whole);
    if (!place || !ts) return anew();
    const changed = await inFull(call, 'chat.update', { channel: place, ts }, whole);
    if (isGone(changed)) return anew();
    if (!isTaken(changed)) return changed;
    const said = await inFull(call, 'chat.postMessage', { channel: place, thread_ts: ts, ...quiet }, reply);
    return isTaken(said) ? changed : said;
  },
  classify: classifySlackbot,
};

/** Links show no preview: it would push the message out of sight. */
const quiet = { unfurl_links: false, unfurl_media: false };

type Call = (method: string, input: object) => Promise<Answer>;

/** Slack repeats the whole message in its answer; what we need of it is less. */
const caller =
  (token: string, context: SendContext): Call =>
  async (method, input) => {
    const posted = jsonOf(input, { authorization: `Bearer ${token}` });
    const answer = await askProvider(`https://slack.com/api/${method}`, posted, context);
    const { ok, error, channel, ts } = bodyOf(answer);
    return {
      ...answer,
      body: ok === undefined ? answer.body.slice(0, 1_000) : JSON.stringify({ ok, error, channel, ts }),
    };
  };

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

const isTaken = (answer: Answer): boolean => answer.status === 200 && bodyOf(answer).ok === true;

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

/** The status is 200 whatever happened; `ok` says. */
function classifySlackbot(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  if (verdict.result !== 'sent') return verdict;
  const { ok, error = 'no answer of Slack', channel, ts } = bodyOf(answer);
  if (ok) return channel && ts ? { result: 'sent', reference: `${channel}:${ts}` } : { result: 'sent' };
  const reason = [`answered ${error}`, advice[error]].filter(Boolean).join(': ');
  return { result: passing.test(error) ? 'retry' : 'failed', reason };
}

const errorOf = (answer: Answer): string | undefined => bodyOf(answer).error;

function bodyOf({ body }: Answer): { ok?: boolean; error?: string; channel?: string; ts?: string } {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
