import type { IncidentEvent } from '../incidents/incident.ts';
import type { Severity } from '../severity.ts';
import { classify } from './delivery/classify.ts';
import type { Answer, ChannelKind, Verdict } from './kind.ts';
import { noticeOf, pageOf } from './notice.ts';
import { formOf, postToProvider } from './provider/post.ts';
import { pushText } from './push-text.ts';
import { type PushoverSettings, pushoverSettings } from './pushover/settings.ts';
import { cut } from './text.ts';

/** Characters: https://pushover.net/api#limits */
export const pushoverLimits = { title: 250, message: 1_024, url: 512 };

/** Seconds between two rings of what is critical, and until they end if nobody acknowledges them in the app. */
const ringing = { retry: '60', expire: '3600' };

const api = 'https://api.pushover.net/1';

/** Fields of a message, but for token and user, which are secrets. */
export interface PushoverMessage {
  title: string;
  message: string;
  /** -1 quiet, 0 normal, 1 also in quiet hours, 2 rings until it is acknowledged. */
  priority: '-1' | '0' | '1' | '2';
  /** Seconds since 1970. */
  timestamp: string;
  url?: string;
  url_title?: string;
  retry?: string;
  expire?: string;
}

/**
 * Pushover: a push to phones. What is critical rings every minute, until somebody acknowledges it there or here, or it is over. The
 * provider's receipt of that is the reference, by which the ringing is ended.
 */
export const pushover: ChannelKind<PushoverSettings, PushoverMessage> = {
  kind: 'pushover',
  settings: pushoverSettings,
  secrets: ({ token, user }) => [token.secret, user.secret],
  follows: ['acknowledged'],
  render: renderPushover,
  async send(message, settings, context) {
    const [token, user] = await Promise.all(
      [settings.token, settings.user].map(async ({ secret }) => (await context.readSecret(secret)).trim()),
    );
    if (context.previous) {
      const cancel = `${api}/receipts/${encodeURIComponent(context.previous)}/cancel.json`;
      await postToProvider(cancel, formOf({ token: token! }), context);
    }
    const fields = { token: token!, user: user!, ...message };
    return postToProvider(`${api}/messages.json`, formOf(fields), context);
  },
  classify: classifyPushover,
};

function renderPushover(event: IncidentEvent): PushoverMessage {
  const notice = noticeOf(event);
  const page = pageOf(notice);
  const runbook = notice.links.find(
    ({ label, url }) => label === 'Runbook' && url.length <= pushoverLimits.url,
  );
  const tail = runbook ? `\nRunbook: ${runbook.url}` : '';
  const priority = priorityOf(event);
  return {
    title: cut(`${notice.badge}: ${notice.title}`, pushoverLimits.title),
    message: cut(pushText(notice), pushoverLimits.message - tail.length) + tail,
    priority,
    timestamp: Math.floor(event.at / 1_000).toString(),
    ...(page && page.length <= pushoverLimits.url && { url: page, url_title: 'Incident' }),
    ...(priority === '2' && ringing),
  };
}

const priorities: Record<Severity, PushoverMessage['priority']> = {
  critical: '2',
  high: '1',
  warning: '0',
  info: '-1',
};

function priorityOf({ type, reason, incident }: IncidentEvent): PushoverMessage['priority'] {
  switch (type) {
    case 'firing':
      return reason === 'alerts-resolved' ? '0' : priorities[incident.severity];
    case 'digest':
      return reason === 'storm' ? '1' : '-1';
    case 'resolved':
      return '0';
    default:
      return '-1';
  }
}

/** What rings has a receipt. */
function classifyPushover(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  const receipt = /"receipt"\s*:\s*"([A-Za-z0-9]+)"/.exec(answer.body)?.[1];
  return verdict.result === 'sent' && receipt ? { ...verdict, reference: receipt } : verdict;
}
