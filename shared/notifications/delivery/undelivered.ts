/** Something was run, or was not, because of an incident: a message of the same queue, for the timeline. */
export interface Reported {
  type: 'reported';
  incident: string;
  channel: string;
  revision: number;
  /** What came of it. Never a secret. */
  text: string;
}

/** A channel could not be told, for good: a message of the `timers` queue, for the incident's timeline and the channel's fallback. */
export interface Undelivered {
  type: 'undelivered';
  incident: string;
  channel: string;
  revision: number;
  /** What the provider answered last. Never a secret. */
  reason: string;
}
