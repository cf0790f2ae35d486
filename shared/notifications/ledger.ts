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
  /** The provider asked us to stay away, or we do on our own account: epoch ms. */
  notBefore?: number;
  /** The end of each revision, by number. */
  outcomes: Record<string, Outcome>;
  /** Optimistic lock: every write adds one. */
  version: number;
}

/** How it ended for one revision. `failed` ones lie in the dead-letter queue and may be sent again from there. */
export interface Outcome {
  result: 'sent' | 'superseded' | 'failed';
  at: number;
}

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
  result: 'sent' | 'retry' | 'superseded' | 'duplicate' | 'failed';
  /** What the provider answered, or what superseded it. Never a secret. */
  detail?: string;
  status?: number;
}
