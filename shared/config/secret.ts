import { heartbeatsOf } from '../heartbeats/shards.ts';
import { pingKey } from '../heartbeats/token.ts';
import { mailKey, sendsLinks } from '../notifications/email/link.ts';
import type { Config, SecretReference } from './config.ts';

/** A name that SSM and the environment both know: `slack-webhook`, `SLACK_WEBHOOK`. */
const secretName = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Stands for a value that is kept out of the config: on AWS the SSM SecureString `/tocsin/<name>/slack-webhook`, locally
 * `SLACK_WEBHOOK` from the environment or `.env`.
 * @param name lower-case letters, digits and dashes
 */
export function secret(name: string): SecretReference {
  return { secret: name };
}

/** A schema may describe a member `secret`: then an object stands there. */
const isReference = (value: unknown): value is { secret: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).join() === 'secret' &&
  !isObject((value as { secret: unknown }).secret);

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** Whether a value is a reference with a good name. */
export const isSecretReference = (value: unknown): value is SecretReference =>
  isReference(value) && typeof value.secret === 'string' && secretName.test(value.secret);

/** References lie at most this deep; what a file holds beside them may lead round in a circle. */
const deepest = 20;

/** Paths of all references whose name is no good: perhaps it is the secret itself. */
export function misnamedSecrets(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (isReference(value)) return isSecretReference(value) ? [] : [[...path, 'secret']];
  if (typeof value !== 'object' || value === null || path.length > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => misnamedSecrets(item, [...path, i]));
  return Object.entries(value).flatMap(([name, member]) => misnamedSecrets(member, [...path, name]));
}

/** Where the secrets of a system are in SSM: each function may read those it needs below it. */
export const secretPrefix = ({ name }: Pick<Config, 'name'>) => `/tocsin/${name}/`;

/** Names of the secrets that settings refer to, wherever in them the references are. */
export function secretsIn(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  if ('secret' in settings && typeof settings.secret === 'string') return [settings.secret];
  return Object.values(settings).flatMap(secretsIn);
}

/** The secret that opens console and API. Every system has it. */
export const adminToken = 'admin-token';

/** Secrets that nobody has to write: deploying makes those that are not there. */
export const madeSecrets = (config: Config): string[] => [
  ...(heartbeatsOf(config).length > 0 ? [pingKey] : []),
  ...(sendsLinks(config) ? [mailKey] : []),
  adminToken,
];

/** Every secret that a system needs, each once. */
export const neededSecrets = (config: Config): string[] => [
  ...new Set([...secretsIn(config), ...madeSecrets(config)]),
];

/** Where a secret is locally, in the environment or `.env`: `slack-webhook` is `SLACK_WEBHOOK`. */
export const environmentName = (secret: string) => secret.replaceAll('-', '_').toUpperCase();
