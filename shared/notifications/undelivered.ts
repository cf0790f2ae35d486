/** A channel could not be told, for good: a message of the `timers` queue, for the incident's timeline and the channel's fallback. */
export interface Undelivered {
  type: 'undelivered';
  incident: string;
  channel: string;
  revision: number;
  /** What the provider answered last. Never a secret. */
  reason: string;
}
