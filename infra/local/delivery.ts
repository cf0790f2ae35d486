import type { Config } from '../../shared/config/config.ts';
import { type ChannelSecret, channelSecrets } from './channel-secrets.ts';
import type { LocalRequest, LocalResponse } from './listen.ts';
import type { Runtime } from './service.ts';
import type { Outbox } from './services/outbox.ts';
import type { SmtpCapture } from './services/smtp-capture.ts';
import { createSsm, type Ssm } from './services/ssm.ts';
import { webhookCapture } from './services/webhook-capture.ts';

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

/** Puts the outbox between the channels and the real addresses in their secrets, which functions never get to see. */
export async function startDelivery(options: DeliveryOptions, outbox: Outbox): Promise<Delivery> {
  const { runtime, endpoint, config, secrets } = options;
  const addresses = config ? channelSecrets(config) : [];
  const secretOf = (by: ChannelSecret['by']) => (channel: string) => {
    const found = addresses.find((address) => address.channel === channel && address.by === by);
    return found && ssm.secret(found.secret);
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
      return address.by === 'smtp' ? smtp?.urlOf(address.channel) : `${endpoint}/outbox/${address.channel}`;
    },
  });
  const captureWebhook = webhookCapture(outbox, secretOf('webhook'));
  const capture: Delivery['capture'] = (channel, { method, headers, body }) =>
    captureWebhook(channel, { method, headers, body: body.toString() });
  return { ssm, smtp, capture };
}
