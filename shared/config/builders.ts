import type * as z from 'zod/mini';
import type { healthSettings } from '../monitors/health-settings.ts';
import type { httpSettings } from '../monitors/http-settings.ts';
import type { emailSettings, emailSubscriptionSettings } from '../notifications/email-settings.ts';
import type { slackSettings } from '../notifications/slack-settings.ts';
import type { networkSettings, regionSettings } from './locations.ts';
import type { defaultsSchema, fileSchema, groupSchema, monitorSchema } from './schema.ts';
import type { subscribersSchema } from './subscribers.ts';

/** What monitors inherit that do not say otherwise. */
export type Defaults = z.input<typeof defaultsSchema>;

type SharedOptions = Omit<z.input<typeof monitorSchema>, 'id' | 'kind'>;

export type HttpOptions = SharedOptions & z.input<typeof httpSettings>;
export type HealthOptions = SharedOptions & z.input<typeof healthSettings>;
export type RegionOptions = z.input<typeof regionSettings>;
export type NetworkOptions = z.input<typeof networkSettings>;

/** A location of a config file, made by `location(…)` or `location.vpc(…)`. */
export type LocationInput = ({ kind: 'region' } & RegionOptions) | ({ kind: 'vpc' } & NetworkOptions);

export type SlackOptions = z.input<typeof slackSettings>;
export type EmailOptions = z.input<typeof emailSettings> | z.input<typeof emailSubscriptionSettings>;

/** A monitor of a config file, made by `http(…)` or `health(…)`. */
export type MonitorInput = { id: string } & (
  | ({ kind: 'http' } & HttpOptions)
  | ({ kind: 'health' } & HealthOptions)
);

/** Monitors that share defaults, made by `group(…)`. */
export type GroupInput = Omit<z.input<typeof groupSchema>, 'defaults' | 'monitors'> & GroupOptions;

export interface GroupOptions {
  /** What the monitors of this group have that do not say otherwise; nearer than those of the file. Default none. */
  defaults?: Defaults;
  monitors: MonitorInput[];
}

/** A channel of a config file, made by `slack(…)` or `email(…)`. */
export type ChannelInput = ({ kind: 'slack' } & SlackOptions) | ({ kind: 'email' } & EmailOptions);

type File = z.input<typeof fileSchema>;
type RouteInput = NonNullable<File['routes']>[number];

/** What `tocsin.config.ts` exports. */
export type ConfigInput<ChannelId extends string = string> = Omit<
  File,
  'defaults' | 'monitors' | 'channels' | 'routes' | 'locations' | 'subscribers'
> & {
  /** What all monitors have that do not say otherwise. Default none. */
  defaults?: Defaults;
  /** Where checks run from, by the names that monitors use. Default `home`, the Region of the stack. */
  locations?: Record<string, LocationInput>;
  /** What to watch. */
  monitors: (MonitorInput | GroupInput)[];
  /** Whom to tell, by the names that routes use. Default nobody. */
  channels?: Record<ChannelId, ChannelInput>;
  /** Who is told what: the first route that matches owns the incident. Default: every channel gets everything. */
  routes?: (Omit<RouteInput, 'notify'> & {
    /** Channels that are told. */
    notify: NoInfer<ChannelId>[];
  })[];
  /** Who is told of every incident by SNS, without a channel or a route. Default nobody. */
  subscribers?: z.input<typeof subscribersSchema>;
};

/** Gives a config file its types; it is checked when it is loaded. */
export function defineConfig<const ChannelId extends string = never>(
  config: ConfigInput<ChannelId>,
): ConfigInput<ChannelId> {
  return config;
}

/**
 * Watches an HTTP or HTTPS endpoint. `http('api', 'https://api.example.com/health')` is complete: every minute, 10 s for an
 * attempt, 2xx or 3xx and a certificate for 14 more days, an alarm when 2 of 3 checks fail.
 */
export function http(id: string, target: string | HttpOptions): MonitorInput {
  return { kind: 'http', id, ...(typeof target === 'string' ? { url: target } : target) };
}

/**
 * Watches a health endpoint by what it says: `health('api', 'https://api.example.com/health')` is degraded or down as the answer's
 * JSON and its components say, whatever the status code.
 */
export function health(id: string, target: string | HealthOptions): MonitorInput {
  return { kind: 'health', id, ...(typeof target === 'string' ? { url: target } : target) };
}

/** Checks from an AWS Region: that of the stack, or another, `location({ region: 'eu-central-1' })`. */
export function location(options: RegionOptions = {}): LocationInput {
  return { kind: 'region', ...options };
}

/** Checks from inside a network of yours, where private addresses may be watched. It needs a way to SQS and SSM. */
location.vpc = (options: NetworkOptions): LocationInput => ({ kind: 'vpc', ...options });

/** Monitors that belong together and share defaults. The name is theirs for routing: `match: { group: 'shop' }`. */
export function group(name: string, options: GroupOptions): GroupInput {
  return { kind: 'group', name, ...options };
}

/** Tells a Slack channel by its incoming webhook, by default the secret `slack-webhook`. */
export function slack(options: SlackOptions = {}): ChannelInput {
  return { kind: 'slack', ...options };
}

/** Tells people by email: by Amazon SES from a sender, by SMTP when `smtp` is given, and by SNS as plain text without a sender. */
export function email(options: EmailOptions): ChannelInput {
  return { kind: 'email', ...options };
}
