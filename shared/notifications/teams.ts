import { classify, reasonOf } from './delivery/classify.ts';
import type { Answer, ChannelKind, Verdict } from './kind.ts';
import { postJson } from './provider/post.ts';
import { renderTeams, type TeamsMessage } from './teams/card.ts';
import { type TeamsSettings, teamsSettings } from './teams/settings.ts';

/** Microsoft Teams, by a Workflows webhook. */
export const teams: ChannelKind<TeamsSettings, TeamsMessage> = {
  kind: 'teams',
  settings: teamsSettings,
  secrets: ({ webhook }) => [webhook.secret],
  render: renderTeams,
  send: (message, { webhook }, context) => postJson(webhook.secret, message, context),
  classify: classifyTeams,
};

/** `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId …`, with status 200. */
const failure = /failed with error|returned HTTP error|"error"\s*:/i;

/** A success may say in its text that it was none, and with which status. */
function classifyTeams(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  if (verdict.result !== 'sent' || !failure.test(answer.body)) return verdict;
  const inside = Number(/HTTP error (\d{3})/i.exec(answer.body)?.[1] ?? 400);
  const { result } = classify({ ...answer, status: inside }, now);
  return { result: result === 'sent' ? 'failed' : result, reason: reasonOf(answer) };
}
