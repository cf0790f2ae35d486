/** What a config file imports from `tocsin`. */
export {
  type ChannelInput,
  type ConfigInput,
  type Defaults,
  defineConfig,
  type EmailOptions,
  email,
  type GroupInput,
  type GroupOptions,
  group,
  type HealthOptions,
  type HttpOptions,
  health,
  http,
  type LocationInput,
  location,
  type MonitorInput,
  type NetworkOptions,
  type RegionOptions,
  type SlackOptions,
  slack,
} from './builders.ts';
export type { SecretReference } from './config.ts';
export {
  body,
  certificate,
  component,
  componentLatency,
  header,
  healthStatus,
  json,
  responseTime,
  status,
} from './expectations.ts';
export type { After, Duration } from './schema.ts';
export { secret } from './secret.ts';
