import type { Config } from '../../shared/config/config.ts';
import { type ChannelSecret, channelSecrets } from './channel-secrets.ts';
import type { LocalRequest, LocalResponse } from './listen.ts';
import type { Runtime } from './service.ts';
import type { Outbox } from './services/outbox.ts';
import type { SmtpCapture } from './services/smtp-capture.ts';
import { createSsm, type Ssm } from './services/ssm.ts';
import { type ChannelAddress, webhookCapture } from './services/webhook-capture.ts';

/** Where notifications go, and the secrets that say so. */
export interface Delivery {
  ssm: Ssm;
  /** Undefined when no channel sends by SMTP. */
  smtp: SmtpCapture | undefined;
  /** Takes what a channel posts to the outbox. */
  capture(channel: string, request: LocalRequest): Promise<LocalResponse>;
}

export interface DeliveryOptions {
  runtime: Runtime;
  /** The AWS endpoint, which has the outbox. */
  endpoint: string;
  /** Undefined when the stack has no function with a config. */
  config: Pick<Config, 'name' | 'channels'> | undefined;
  /** By environment name. */
  secrets: Record<string, string | undefined>;
}

/** What a function is given for a key that is not set: with it its message gets no further than the outbox. */
const unsetKey = 'not-set-here';

/** Puts the outbox between the channels and the real addresses in their secrets, which functions never get to see. */
export async function startDelivery(options: DeliveryOptions, outbox: Outbox): Promise<Delivery> {
  const { runtime, endpoint, config, secrets } = options;
  const addresses = config ? channelSecrets(config) : [];
  const named = (channel: string, by: ChannelSecret['by']) =>
    addresses.filter((address) => address.channel === channel && address.by === by);
  const secretOf = (by: ChannelSecret['by']) => (channel: string) => {
    const [found] = named(channel, by);
    return found && ssm.secret(found.secret);
  };
  const addressOf = (channel: string, provider: string | undefined): ChannelAddress => {
    const webhook = secretOf('webhook')(channel);
    const keys = named(channel, 'key').map(({ secret }) => ssm.secret(secret));
    const secrets = [webhook, ...keys].filter((value) => value !== undefined);
    return { url: provider && !keys.includes(undefined) ? provider : webhook, secrets };
  };
  // The libraries for mail take 15 MB, which few need.
  const smtp = addresses.some(({ by }) => by === 'smtp')
    ? await (await import('./services/smtp-capture.ts')).startSmtpCapture(outbox, secretOf('smtp'))
    : undefined;
  const ssm = createSsm(runtime, {
    prefix: `/tocsin/${config?.name ?? 'local'}/`,
    secrets,
    standIn: (secret) => {
      const address = addresses.find((known) => known.secret === secret);
      if (!address) return undefined;
      if (address.by === 'key') return ssm.secret(secret) === undefined ? unsetKey : undefined;
      return address.by === 'smtp' ? smtp?.urlOf(address.channel) : `${endpoint}/outbox/${address.channel}`;
    },
  });
  const captureWebhook = webhookCapture(outbox, addressOf);
  const capture: Delivery['capture'] = (channel, { url, method, headers, body }) =>
    captureWebhook(channel, { url, method, headers, body: body.toString() });
  return { ssm, smtp, capture };
}
