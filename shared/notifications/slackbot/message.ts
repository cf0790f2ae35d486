import type { IncidentEvent } from '../../incidents/incident.ts';
import { markOf } from '../notice/marks.ts';
import { noticeOf } from '../notice.ts';
import { mentioned, phoneText, renderSlack, type SlackMessage, sentence } from '../slack/message.ts';
import type { SlackButton } from './click.ts';
import { type Room, roomOf } from './room.ts';
import type { SlackbotSettings } from './settings.ts';

/** An incident's message, and what is said below it when it is there already. */
export interface SlackbotMessage {
  whole: SlackMessage;
  reply: SlackMessage & {
    /** Also shown in the channel: who must act would not see a reply. */
    reply_broadcast: boolean;
  };
  /** A channel of the incident's own. */
  room?: Room;
}

/** Why people hear of it again who must act now. */
const calling: readonly IncidentEvent['reason'][] = [
  'repeat',
  'escalated',
  'unacknowledged',
  'severity-raised',
  'assigned',
  'reopened',
  'mute-ended',
];

/** The message of an incident as it is after the event, with buttons for what can be done, and the event in a few lines. Pure. */
export function renderSlackbot(event: IncidentEvent, settings: SlackbotSettings): SlackbotMessage {
  const notice = noticeOf(event);
  const { state, badge, title, lead } = notice;
  const line = `${markOf(state, event.incident.severity)} ${badge}: ${title}. ${lead}`;
  const mention = state === 'firing' && calling.includes(event.reason) ? mentioned(settings) : [];
  const room = roomOf(event, settings, phoneText(line));
  return {
    ...(room && { room }),
    whole: withButtons(renderSlack(asItIs(event), settings), event, settings),
    reply: {
      text: phoneText(line),
      blocks: [sentence(line), ...mention],
      reply_broadcast: state === 'firing' && calling.includes(event.reason),
    },
  };
}

/** What changed is said in the reply; the message says what is: that it fires, or who is on it. */
function asItIs(event: IncidentEvent): IncidentEvent {
  if (event.type !== 'assigned' && event.type !== 'severity-changed') return event;
  const { text, actor, reason, ...rest } = event;
  const { status, acknowledgedBy, acknowledgedAt = event.at } = event.incident;
  if (status !== 'acknowledged') return { ...rest, type: 'firing' };
  return {
    ...rest,
    type: 'acknowledged',
    at: acknowledgedAt,
    ...(acknowledgedBy && { actor: acknowledgedBy }),
  };
}

/** An id of a button says what it does, its value to which incident. */
function withButtons(
  message: SlackMessage,
  { type, incident }: IncidentEvent,
  { signingSecret }: SlackbotSettings,
): SlackMessage {
  if (!signingSecret || type === 'digest' || incident.status === 'resolved') return message;
  const button = (action_id: SlackButton, words: string) => ({
    type: 'button' as const,
    text: { type: 'plain_text' as const, text: words, emoji: false as const },
    action_id,
    value: incident.id.slice(0, 2_000),
  });
  const elements = [
    ...(incident.status === 'triggered' ? [button('acknowledge', 'Acknowledge')] : []),
    button('resolve', 'Resolve'),
    button('assign', 'Assign to me'),
  ];
  const [details] = message.attachments ?? [];
  if (!details) return message;
  return {
    ...message,
    attachments: [{ ...details, blocks: [...details.blocks, { type: 'actions', elements }] }],
  };
}
