/**
 * What is known of one (incident, channel): which revisions were told, and who is sending now.
 * Item `INCIDENT#<id>` / `DELIVERY#<channel>`.
 */
export interface Delivery {
  channel: string;
  /** The newest revision the provider accepted; 0 where none was. */
  sentRevision: number;
  /** The newest revision that anybody began to send: an older one is not sent any more. */
  newestRevision: number;
  /** Event that is being sent, and until when (epoch ms) nobody else may. */
  leasedBy?: string;
  leasedUntil?: number;
  /** We stay away on our own account: epoch ms. What the provider asks for is kept for all incidents, in `PROVIDER#…`. */
  notBefore?: number;
  /** The newest revision that was left to a digest, and when that is due, epoch ms. */
  digested?: { revision: number; due: number };
  /** What the provider called the last message. */
  reference?: string;
  /** The end of each revision, by number. */
  outcomes: Record<string, Outcome>;
  /** Optimistic lock: every write adds one. */
  version: number;
}

/** How it ended for one revision. `failed` ones lie in the dead-letter queue and may be sent again from there. */
export interface Outcome {
  result: 'sent' | 'superseded' | 'digested' | 'failed';
  at: number;
}

/** A delivery of which nothing is known yet. */
export const newDelivery = (channel: string): Delivery => ({
  channel,
  sentRevision: 0,
  newestRevision: 0,
  outcomes: {},
  version: 0,
});

/**
 * One row per thing that happened to (event, channel): item `INCIDENT#<id>` / `LEDGER#<at ISO>#<event sequence>#<channel>#<result>`.
 * "Who was told what, when, why, and who was not."
 */
export interface LedgerRow {
  at: number;
  event: string;
  revision: number;
  channel: string;
  type: string;
  reason?: string;
  result: 'sent' | 'retry' | 'superseded' | 'digested' | 'duplicate' | 'failed';
  /** What the provider answered, or what superseded it. Never a secret. */
  detail?: string;
  status?: number;
  /** Of `digested`: id of the digest that tells it. Its own rows say what became of it. */
  digest?: string;
}
