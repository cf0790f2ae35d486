import { classify, reasonOf } from './delivery/classify.ts';
import type { Answer, ChannelKind, Verdict } from './kind.ts';
import { postJson } from './provider/post.ts';
import { plainSlack, renderSlack, type SlackMessage } from './slack/message.ts';
import { type SlackSettings, slackSettings } from './slack/settings.ts';

/** Slack, by an incoming webhook. What was posted cannot be changed later, so each event is a message of its own. */
export const slack: ChannelKind<SlackSettings, SlackMessage> = {
  kind: 'slack',
  settings: slackSettings,
  secrets: ({ webhook }) => [webhook.secret],
  render: renderSlack,
  async send(message, { webhook }, context) {
    const answer = await postJson(webhook.secret, message, context);
    return layoutRefused(answer) ? postJson(webhook.secret, plainSlack(message), context) : answer;
  },
  classify: classifySlack,
};

/** A layout that Slack does not take must not cost the message: then it goes out as one line. */
const layoutRefused = ({ status, body }: Answer): boolean =>
  status === 400 &&
  /invalid_blocks|invalid_attachments|invalid_payload|msg_blocks_too_long|msg_too_long/.test(body);

/** Only 200 with `ok` is success: an error may come with status 200 and say so in its text. */
function classifySlack(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  if (verdict.result !== 'sent' || (answer.status === 200 && answer.body.trim() === 'ok')) return verdict;
  return { result: 'failed', reason: reasonOf(answer) };
}
