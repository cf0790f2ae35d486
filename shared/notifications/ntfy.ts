import type { IncidentEvent } from '../incidents/incident.ts';
import type { Severity } from '../severity.ts';
import type { ChannelKind } from './kind.ts';
import { type Notice, noticeOf, pageOf } from './notice.ts';
import { type NtfySettings, ntfySettings } from './ntfy/settings.ts';
import { jsonOf, postToProvider } from './provider/post.ts';
import { pushText } from './push-text.ts';
import { cut, cutBytes } from './text.ts';

/** Bytes of a message, beyond which ntfy makes a file of it; buttons: https://docs.ntfy.sh/publish/#limitations */
export const ntfyLimits = { title: 200, messageBytes: 4_096, actions: 3 };

/** A message as JSON, but for the topic, which is a secret. */
export interface NtfyMessage {
  title: string;
  message: string;
  /** 1 to 5: 5 goes on ringing, 3 makes a sound, 2 makes none. */
  priority: 2 | 3 | 4 | 5;
  /** Names of emoji. */
  tags: string[];
  click?: string;
  actions: { action: 'view'; label: string; url: string }[];
}

/** ntfy: a push to phones, by ntfy.sh or a server of one's own. What is critical rings through «Do not disturb». */
export const ntfy: ChannelKind<NtfySettings, NtfyMessage> = {
  kind: 'ntfy',
  settings: ntfySettings,
  secrets: ({ topic, token }) => [topic.secret, ...(token ? [token.secret] : [])],
  render: renderNtfy,
  async send(message, { topic, server, token }, context) {
    const [name, bearer] = await Promise.all([
      context.readSecret(topic.secret),
      token && context.readSecret(token.secret),
    ]);
    const headers = bearer === undefined ? undefined : { authorization: `Bearer ${bearer.trim()}` };
    return postToProvider(server, jsonOf({ topic: name.trim(), ...message }, headers), context);
  },
};

function renderNtfy(event: IncidentEvent): NtfyMessage {
  const notice = noticeOf(event);
  const { state, badge, title, links } = notice;
  const { severity } = event.incident;
  const click = pageOf(notice);
  return {
    title: cut(`${badge}: ${title}`, ntfyLimits.title),
    message: cutBytes(pushText(notice), ntfyLimits.messageBytes),
    priority: priorityOf(state, event),
    tags: [isAlarming(state) ? alarmTags[severity] : calmTags[state]],
    ...(click && { click }),
    actions: links.slice(0, ntfyLimits.actions).map(({ label, url }) => ({ action: 'view', label, url })),
  };
}

const isAlarming = (state: Notice['state']): state is 'firing' => state === 'firing';

const priorities: Record<Severity, NtfyMessage['priority']> = { critical: 5, high: 4, warning: 3, info: 2 };

function priorityOf(state: Notice['state'], { reason, incident }: IncidentEvent): NtfyMessage['priority'] {
  switch (state) {
    case 'firing':
      return reason === 'alerts-resolved' ? 3 : priorities[incident.severity];
    case 'test':
      return priorities[incident.severity];
    case 'digest':
      return reason === 'daily' ? 2 : priorities[incident.severity];
    case 'resolved':
      return 3;
    default:
      return 2;
  }
}

const alarmTags: Record<Severity, string> = {
  critical: 'rotating_light',
  high: 'orange_circle',
  warning: 'warning',
  info: 'information_source',
};

const calmTags: Record<Exclude<Notice['state'], 'firing'>, string> = {
  resolved: 'white_check_mark',
  acknowledged: 'eyes',
  assigned: 'bust_in_silhouette',
  'severity-changed': 'arrow_up_down',
  commented: 'speech_balloon',
  digest: 'clipboard',
  test: 'test_tube',
};
