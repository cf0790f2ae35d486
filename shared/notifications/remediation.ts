import { invokeFunction } from '../aws/lambda.ts';
import { AwsError } from '../aws/signed-request.ts';
import { formatDuration, parseDuration } from '../duration.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import { fittedEvent } from './fitted-event.ts';
import type { Answer, ChannelKind, SendContext, Verdict } from './kind.ts';
import { type RemediationSettings, remediationSettings } from './remediation/settings.ts';
import { cut, oneLine } from './text.ts';
import { postSigned } from './webhook.ts';

/** Characters of an answer that stand in the timeline. */
const keptAnswer = 150;

/** Notices upon which something is run: its beginning, and what it is escalated by. Others say that it goes on. */
const acting: readonly IncidentEvent['reason'][] = [
  'first',
  'reopened',
  'mute-ended',
  'escalated',
  'fallback',
];

/** What is handed over: the event as JSON, and its id, by which a second try is known. */
export interface RemediationMessage {
  id: string;
  type: IncidentEvent['type'];
  body: string;
}

/**
 * Something that is run instead of somebody who is told: a function, or whatever answers at a URL. It is routed like any channel, and
 * what came of it stands in the incident's timeline.
 */
export const remediation: ChannelKind<RemediationSettings, RemediationMessage> = {
  kind: 'remediation',
  settings: remediationSettings,
  secrets: ({ url, key }) => (url && key ? [url.secret, key.secret] : []),
  rate: 600,
  acts: ({ type, reason, incident }) => type === 'firing' && !incident.test && acting.includes(reason),
  cooldown: ({ cooldown }) => parseDuration(cooldown) ?? 0,
  patience: ({ timeout, tries }) => (parseDuration(timeout) ?? 0) * tries,
  render: (event) => ({ id: event.id, type: event.type, body: fittedEvent(event) }),
  send: run,
  classify: ({ status, body }): Verdict =>
    status >= 200 && status < 300 ? { result: 'sent', detail: body } : { result: 'failed', reason: body },
};

async function run(
  message: RemediationMessage,
  settings: RemediationSettings,
  context: SendContext,
): Promise<Answer> {
  const what = settings.lambda ?? `the URL of ${settings.url?.secret}`;
  if (settings.dryRun) return said(200, `dry run: ${what} would be run`);
  for (let attempt = 1; ; attempt++) {
    const answer = await tried(message, settings, what, context);
    if (isGood(answer) || attempt === settings.tries || context.signal.aborted)
      return attempt > 1 ? { ...answer, body: `${answer.body} (${attempt} tries)` } : answer;
  }
}

const isGood = ({ status }: Answer) => status >= 200 && status < 300;

const said = (status: number, body: string): Answer => ({ status, headers: {}, body });

/** One try. What was read for it and where it went is in no text. */
async function tried(
  message: RemediationMessage,
  settings: RemediationSettings,
  what: string,
  context: SendContext,
): Promise<Answer> {
  const ms = parseDuration(settings.timeout) ?? 0;
  const began = performance.now();
  const took = () => formatDuration(performance.now() - began);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(ms)]);
  try {
    const answer = settings.lambda
      ? await invokeFunction(context.aws, settings.lambda, message.body, signal)
      : await postSigned(settings.url!, settings.key!, message, { ...context, signal });
    const text = cut(oneLine(answer.body), keptAnswer);
    return said(answer.status, `${what} answered ${answer.status} after ${took()}${text && `: ${text}`}`);
  } catch (error) {
    if (signal.aborted) return said(504, `${what} did not answer within ${formatDuration(ms)}`);
    const { code, cause } = error as NodeJS.ErrnoException;
    const network = code ?? (cause as NodeJS.ErrnoException | undefined)?.code;
    if (typeof network !== 'string' || error instanceof AwsError) throw error;
    return said(502, `${what}: ${network}`);
  }
}
