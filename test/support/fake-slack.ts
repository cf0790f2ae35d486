import { type Block, type SlackMessage, slackLimits } from '../../shared/notifications/slack/message.ts';
import { type Asked, type FakeProvider, serveProvider, type Told } from './fake-provider.ts';

export const slackToken = 'xoxb-decoy-TOKEN-3456789';

/** A message in a channel, as it is now. */
export interface PostedMessage extends SlackMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  reply_broadcast?: boolean;
  /** How often it was changed. */
  edits: number;
}

export interface FakeSlack extends FakeProvider {
  messages: PostedMessage[];
  archived: Set<string>;
  /** Channels that were made, by name. */
  rooms: Map<string, Room>;
}

/** A channel that the app made. */
export interface Room {
  id: string;
  topic?: string;
  members: string[];
  isArchived?: true;
}

/** Slack's Web API with one channel, `C012AB3CD`: messages are posted and changed, and what Slack refuses is refused in its words. */
export async function serveSlackApi(): Promise<FakeSlack> {
  const messages: PostedMessage[] = [];
  const archived = new Set<string>();
  const rooms = new Map<string, Room>();
  const provider = await serveProvider((asked) => answer(asked, { messages, archived, rooms }));
  return { ...provider, messages, archived, rooms };
}

const refused = (error: string): Told => ({ status: 200, body: { ok: false, error } });

type Workspace = Pick<FakeSlack, 'messages' | 'archived' | 'rooms'>;

function answer({ url, headers, body }: Asked, { messages, archived, rooms }: Workspace): Told {
  if (headers.authorization !== `Bearer ${slackToken}`) return refused('invalid_auth');
  const { channel, ts, ...input } = JSON.parse(body);
  if (url.pathname === '/api/conversations.create') return made(input.name, rooms);
  const room = [...rooms.values()].find(({ id }) => id === channel);
  if (channel !== 'C012AB3CD' && !room) return refused('channel_not_found');
  if (archived.has(channel) || room?.isArchived) return refused('is_archived');
  const changed = room && changeRoom(url.pathname, room, input);
  if (changed) return changed;
  const problem = problemOf(input);
  if (problem) return refused(problem);
  switch (url.pathname) {
    case '/api/chat.postMessage': {
      if (input.thread_ts && !messages.some((known) => known.ts === input.thread_ts))
        return refused('thread_not_found');
      const message = {
        ...input,
        channel,
        ts: `1795144325.${String(messages.length + 1).padStart(6, '0')}`,
        edits: 0,
      };
      messages.push(message);
      return { status: 200, body: { ok: true, channel, ts: message.ts, message } };
    }
    case '/api/chat.update': {
      const message = messages.find((known) => known.channel === channel && known.ts === ts);
      if (!message) return refused('message_not_found');
      Object.assign(message, input, { edits: message.edits + 1 });
      return { status: 200, body: { ok: true, channel, ts, text: input.text, message } };
    }
    default:
      return refused('unknown_method');
  }
}

function made(name: string, rooms: Map<string, Room>): Told {
  if (!/^[a-z0-9_-]{1,80}$/.test(name)) return refused('invalid_name_specials');
  if (rooms.has(name)) return refused('name_taken');
  const id = `C0ROOM00${rooms.size}`;
  rooms.set(name, { id, members: [] });
  return { status: 200, body: { ok: true, channel: { id, name } } };
}

/** Undefined where it is asked for something that is not about the room itself. */
function changeRoom(
  path: string,
  room: Room,
  { topic, users }: { topic?: string; users?: string },
): Told | undefined {
  const done = { status: 200, body: { ok: true, channel: { id: room.id } } };
  switch (path) {
    case '/api/conversations.setTopic':
      if ((topic ?? '').length > 250) return refused('too_long');
      room.topic = topic ?? '';
      return done;
    case '/api/conversations.invite':
      room.members.push(...(users ?? '').split(','));
      return done;
    case '/api/conversations.archive':
      room.isArchived = true;
      return done;
    default:
      return undefined;
  }
}

/** The first thing that Slack would not take. */
function problemOf({ text, blocks = [], attachments = [] as never }: SlackMessage): string | undefined {
  if (!text) return 'no_text';
  const all = [...blocks, ...attachments.flatMap((attachment: { blocks: Block[] }) => attachment.blocks)];
  if (all.length > slackLimits.blocks || all.some(isTooLong)) return 'invalid_blocks';
  return JSON.stringify(all).length > 40_000 ? 'msg_blocks_too_long' : undefined;
}

function isTooLong(block: Block): boolean {
  if (block.type === 'header') return block.text.text.length > slackLimits.header;
  if (block.type === 'actions')
    return block.elements.some(
      ({ text, value }) => text.text.length > slackLimits.button || value.length > 2_000,
    );
  return 'text' in block && block.text.text.length > slackLimits.section;
}
