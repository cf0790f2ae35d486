import type { Aws } from '../../shared/aws/environment.ts';
import {
  changeVisibility,
  deleteMessage,
  findQueue,
  type Received,
  receiveMessages,
  sendMessage,
} from '../../shared/aws/sqs.ts';
import { notifiedChannels } from '../../shared/config/channel-kinds.ts';
import type { Config } from '../../shared/config/config.ts';
import { parseEvent } from '../../shared/notifications/event.ts';
import { openAccount, stackName } from './account.ts';
import { type Command, CommandError, UsageError } from './command.ts';
import { openLocal } from './local-account.ts';
import { configFile, configOption, readOptions } from './options.ts';
import { readConfig } from './read-config.ts';

/** Seconds that a message is hidden from others while we look at it. */
const hiddenSeconds = 120;

/** Sends again what notifiers gave up. What is told then is what is true then. */
export const redrive: Command = {
  summary: 'sends the notifications again that were given up, as far as they are still true',
  usage: '[--channel ID] [--url http://localhost:4400] [--config FILE]',
  async run(args) {
    const {
      channel,
      url,
      config: file,
    } = readOptions(args, {
      ...configOption,
      channel: { type: 'string' },
      url: { type: 'string' },
    });
    const config = await readConfig(configFile(file), { local: url !== undefined });
    const { aws } = url === undefined ? await openAccount(config) : openLocal(url);
    for (const { queue, moved, left } of await redriveAll(aws, config, channel))
      console.log(`${queue}: ${counted(moved)} sent again${left > 0 ? `, ${left} left` : ''}`);
    return 0;
  },
};

const counted = (count: number) => (count === 1 ? '1 message' : `${count} messages`);

export interface Redriven {
  /** E.g. `notify-slack`. */
  queue: string;
  moved: number;
  /** For other channels, no events at all, or given up again meanwhile: they stay where they are. */
  left: number;
}

/**
 * Moves dead letters of all notifiers back into their queues, or those for one channel. A crash between may leave one in both: it is
 * told once all the same.
 * @throws UsageError where the config has no such channel
 * @throws CommandError where a queue is missing
 */
export async function redriveAll(aws: Aws, config: Config, channel?: string): Promise<Redriven[]> {
  const channels = notifiedChannels(config);
  const wanted = channels.filter(({ id }) => channel === undefined || id === channel);
  if (channel !== undefined && wanted.length === 0)
    throw new UsageError(`--channel ${channel}: it is one of ${channels.map(({ id }) => id).join(', ')}`);
  const redriven: Redriven[] = [];
  for (const kind of new Set(wanted.map(({ kind }) => kind))) {
    const queue = `notify-${kind}`;
    const name = `${stackName(config.name)}-${queue}`;
    const [from, to] = await Promise.all([findQueue(aws, `${name}-dead`), findQueue(aws, name)]);
    if (!from || !to)
      throw new CommandError(`there is no queue ${name} in this account and Region\nnpm run deploy`);
    redriven.push({ queue, ...(await move(aws, from, to, channel)) });
  }
  return redriven;
}

async function move(aws: Aws, from: string, to: string, channel: string | undefined) {
  const left: Received[] = [];
  const moved = new Set<string>();
  for (;;) {
    const received = await receiveMessages(aws, from, hiddenSeconds);
    if (received.length === 0) break;
    for (const message of received) {
      // What comes back while we are at it could not be told again: whatever was to be mended is not.
      if (moved.has(message.body) || !isWanted(message, channel)) {
        left.push(message);
        continue;
      }
      await sendMessage(aws, to, message.body);
      await deleteMessage(aws, from, message.receiptHandle);
      moved.add(message.body);
    }
  }
  for (const { receiptHandle } of left) await changeVisibility(aws, from, receiptHandle, 0);
  return { moved: moved.size, left: left.length };
}

/** A message that is no event would only come back. */
function isWanted({ body }: Received, channel: string | undefined): boolean {
  try {
    const { receivers } = parseEvent(body);
    return channel === undefined || receivers.includes(channel);
  } catch {
    return false;
  }
}
