import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../shared/config/config.ts';
import type { Stack } from './template.ts';

/** A secret that is where a channel delivers to: locally, the outbox stands in for it. */
export interface ChannelSecret {
  secret: string;
  channel: string;
  by: 'webhook' | 'smtp';
}

/** Settings of channels, of any kind, whose secret is an address to deliver to. */
const addressSettings = ['webhook', 'smtp'] as const;

export function channelSecrets({ channels }: Pick<Config, 'channels'>): ChannelSecret[] {
  return channels.flatMap(({ id, settings }) =>
    addressSettings.flatMap((by) => {
      const setting = (settings as Record<string, { secret?: string } | undefined>)[by];
      return setting?.secret === undefined ? [] : [{ secret: setting.secret, channel: id, by }];
    }),
  );
}

/** The resolved config that the stack's functions carry in their assets; undefined where none does. */
export function configOf({ assets }: Stack): Config | undefined {
  const file = [...assets.values()].map((path) => join(path, 'config.json')).find((path) => existsSync(path));
  return file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as Config);
}
