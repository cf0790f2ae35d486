/** Per (incident, channel): the newest revision sent and who is sending now. Item `INCIDENT#<id>` / `DELIVERY#<channel>`. */
export interface Delivery {
  channel: string;
  sentRevision: number;
  /** Event that is being sent, and until when (epoch ms) nobody else may. */
  leasedBy?: string;
  leasedUntil?: number;
}

/**
 * One row per thing that happened to (event, channel): item `INCIDENT#<id>` / `LEDGER#<at ISO>#<event sequence>#<channel>`.
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
