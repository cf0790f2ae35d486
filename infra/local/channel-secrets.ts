import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretsOf } from '../../shared/config/channel-kinds.ts';
import type { Channel, Config } from '../../shared/config/config.ts';
import type { Stack } from './template.ts';

/** A secret that a channel is told with: an address, which the outbox stands in for, or a key for a provider's own address. */
export interface ChannelSecret {
  secret: string;
  channel: string;
  by: 'webhook' | 'smtp' | 'key';
}

/** Settings of channels, of any kind, whose secret is an address to deliver to. */
const addressSettings: Record<string, ChannelSecret['by']> = {
  webhook: 'webhook',
  url: 'webhook',
  smtp: 'smtp',
};

export function channelSecrets({ channels }: Pick<Config, 'channels'>): ChannelSecret[] {
  return channels.flatMap((channel) => {
    const addresses = addressesOf(channel);
    const known = new Set(addresses.map(({ secret }) => secret));
    const keys = secretsOf(channel).filter((secret) => !known.has(secret));
    return [
      ...addresses,
      ...keys.map((secret): ChannelSecret => ({ secret, channel: channel.id, by: 'key' })),
    ];
  });
}

function addressesOf({ id, settings }: Channel): ChannelSecret[] {
  const references = settings as Record<string, { secret?: string } | undefined>;
  return Object.entries(addressSettings).flatMap(([name, by]) => {
    const secret = references[name]?.secret;
    return secret === undefined ? [] : [{ secret, channel: id, by }];
  });
}

/** Channels that publish to a topic or bus of the account, or run a function there, which no template has, by its ARN. */
export function channelsByArn({ channels }: Pick<Config, 'channels'>): Map<string, string> {
  return new Map(
    channels.flatMap(({ id, settings }) => {
      const { topic, bus, lambda } = settings as Record<string, unknown>;
      return [topic, bus, lambda].flatMap((arn): [string, string][] =>
        typeof arn === 'string' && arn.startsWith('arn:') ? [[arn, id]] : [],
      );
    }),
  );
}

/** The resolved config that the stack's functions carry in their assets; undefined where none does. */
export function configOf({ assets }: Stack): Config | undefined {
  const file = [...assets.values()].map((path) => join(path, 'config.json')).find((path) => existsSync(path));
  return file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as Config);
}
