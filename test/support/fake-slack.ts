import { type Block, type SlackMessage, slackLimits } from '../../shared/notifications/slack-message.ts';
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
}

/** Slack's Web API with one channel, `C012AB3CD`: messages are posted and changed, and what Slack refuses is refused in its words. */
export async function serveSlackApi(): Promise<FakeSlack> {
  const messages: PostedMessage[] = [];
  const archived = new Set<string>();
  const provider = await serveProvider((asked) => answer(asked, messages, archived));
  return { ...provider, messages, archived };
}

const refused = (error: string): Told => ({ status: 200, body: { ok: false, error } });

function answer({ url, headers, body }: Asked, messages: PostedMessage[], archived: Set<string>): Told {
  if (headers.authorization !== `Bearer ${slackToken}`) return refused('invalid_auth');
  const { channel, ts, ...input } = JSON.parse(body);
  if (channel !== 'C012AB3CD') return refused('channel_not_found');
  if (archived.has(channel)) return refused('is_archived');
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
