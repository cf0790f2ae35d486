import type { IncidentEvent } from '../../incidents/incident.ts';
import { severities } from '../../severity.ts';
import type { Answer } from '../kind.ts';
import { noticeOf, pageOf } from '../notice.ts';
import { escaped } from '../slack/escape.ts';
import { type Call, isTaken, saidIn } from './api.ts';
import type { SlackbotSettings } from './settings.ts';

/** Slack's limit of a topic, in characters. */
const maxTopic = 250;

/** A channel of an incident's own, and what an event means for it. */
export interface Room {
  name: string;
  topic: string;
  /** Ids of those who are brought there. */
  invite: string[];
  /** It is made where there is none yet. */
  opens: boolean;
  /** It is archived. */
  ends: boolean;
  /** What is said there. */
  line: string;
}

/** Undefined where the incident of an event is to have none. */
export function roomOf(
  event: IncidentEvent,
  { incidentChannel }: Pick<SlackbotSettings, 'incidentChannel'>,
  line: string,
): Room | undefined {
  const { type, incident } = event;
  if (!incidentChannel || type === 'digest' || incident.test) return undefined;
  const notice = noticeOf(event);
  const isSevere = severities.indexOf(incident.severity) >= severities.indexOf(incidentChannel.from);
  const again = incident.reopened ? `-${incident.reopened + 1}` : '';
  return {
    name: `inc-${incident.id.toLowerCase().replaceAll(/[^a-z0-9-]/g, '')}${again}`,
    topic: escaped([notice.title, pageOf(notice)].filter(Boolean).join(' · '), maxTopic),
    invite: incidentChannel.invite,
    opens: type === 'firing' && isSevere,
    ends: type === 'resolved',
    line,
  };
}

/** What became of a room: its id while it is there, and what could not be done. */
export interface Kept {
  id?: string;
  problem?: string;
}

/** Makes, tells or archives an incident's room. That it cannot be done must not cost the message: it is told, never thrown. */
export async function keepRoom(call: Call, room: Room, known: string | undefined): Promise<Kept> {
  try {
    if (known === undefined) return room.opens ? await openRoom(call, room) : {};
    await call('chat.postMessage', { channel: known, text: room.line });
    if (!room.ends) return { id: known };
    return problemOf(await call('conversations.archive', { channel: known }));
  } catch {
    return { ...(known !== undefined && { id: known }), problem: 'no answer' };
  }
}

async function openRoom(call: Call, { name, topic, invite, line }: Room): Promise<Kept> {
  const made = await call('conversations.create', { name });
  const { channel: id } = saidIn(made);
  if (!isTaken(made) || id === undefined) return problemOf(made);
  const done = await Promise.all([
    call('conversations.setTopic', { channel: id, topic }),
    ...(invite.length > 0 ? [call('conversations.invite', { channel: id, users: invite.join(',') })] : []),
    call('chat.postMessage', { channel: id, text: line }),
  ]);
  return { id, ...problemOf(...done) };
}

function problemOf(...answers: Answer[]): Pick<Kept, 'problem'> {
  const refused = answers.find((answer) => !isTaken(answer));
  return refused ? { problem: saidIn(refused).error ?? `HTTP ${refused.status}` } : {};
}
