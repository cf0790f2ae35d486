import { createHmac } from 'node:crypto';

/** The secret that ping URLs are made with: another one ends all URLs. */
export const pingKey = 'ping-key';

/** Characters of a token: 132 bits. */
const length = 22;

/** What makes a heartbeat's URL unguessable: the same for the same key and monitor, so nothing is stored. */
export const pingToken = (key: string, monitor: string): string =>
  createHmac('sha256', key).update(`ping ${monitor}`).digest('base64url').slice(0, length);

export const pingUrl = (base: string, key: string, monitor: string): string =>
  `${base.replace(/\/$/, '')}/ping/${pingToken(key, monitor)}`;
