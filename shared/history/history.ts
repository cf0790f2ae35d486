import type { Observation, Outcome, Reason } from '../monitors/observation.ts';

/**
 * The `history` table. Keys `pk` and `sk`, TTL `expiresAt` (epoch seconds).
 *
 * | pk                           | sk            | item                                            |
 * |------------------------------|---------------|-------------------------------------------------|
 * | `SLOT#<location>#<shard>`    | slot as ISO   | SlotItem: outcomes of one slot; kept 26 h       |
 * | `NOW#<location>#<shard>`     | `NOW`         | NowItem: the latest of every monitor            |
 * | `EVIDENCE#<monitor>`         | location, or  | EvidenceItem: latest failing observation, 30 d; |
 * |                              | `<l>#degraded`| likewise the latest degraded one                |
 * |                              | `<l>#unknown` | likewise the latest without a network           |
 * | `SCREENSHOT#<monitor>`       | `<location>#` | a page as a check saw it, JPEG; 30 d            |
 * |                              | time as ISO   |                                                 |
 * | `HOUR#<shard>`               | hour as ISO   | RollupItem, 40 d                                |
 * | `DAY#<shard>`                | day as ISO    | RollupItem, 400 d                               |
 * | `FOLDED`                     | shard         | until when its slots are in roll-ups            |
 * | `RUN#<request id>`           | `REQUEST`     | RunRequest: somebody wants to know now; kept 1 h |
 * | `RUN#<request id>`           | location      | EvidenceItem: what it saw, good or bad; 1 h     |
 * | `MEANWHILE#<incident>`       | minute as ISO,| a run's id: checked while the incident lasted; 1 h |
 * |                              | `#<monitor>`  |                                                 |
 * | `PAUSED`                     | monitor       | Pause: see `shared/pauses/pause.ts`             |
 * | `MAINTENANCE`                | id            | StartedWindow: see `shared/maintenance/window.ts` |
 */
export interface SlotItem {
  slot: number;
  every: number;
  /** By monitor id: outcome, and response time in ms where the target answered. */
  results: Record<string, SlotResult>;
}

export type SlotResult = [outcome: SlotOutcome, responseTime: number | null];

/** An outcome, or why there is none that counts: it was not checked, or it was worked on. */
export type SlotOutcome = Outcome | 'paused' | 'maintenance';

export interface NowItem {
  location: string;
  shard: string;
  every: number;
  /** The newest slot applied; an older one is ignored. */
  slot: number;
  monitors: Record<string, NowEntry>;
}

export interface NowEntry {
  outcome: Outcome;
  /** When this outcome began, epoch milliseconds. */
  since: number;
  /** The latest slot in which nothing of ours kept us from checking. */
  knownAt?: number;
  /** The latest slot that was `down`. */
  downAt?: number;
  /** The latest slot that was `degraded`. */
  degradedAt?: number;
  responseTime?: number;
  message?: string;
  certificateDaysLeft?: number;
  /** What the target last said of its parts: name, outcome, latency in ms. */
  components?: [name: string, outcome: Outcome, latency: number | null][];
  /** What of the latest answer could not be understood. */
  note?: string;
  /** Newest last, at most 30: slot, outcome, response time in ms. */
  recent: [slot: number, outcome: Outcome, responseTime: number | null][];
}

export interface EvidenceItem {
  location: string;
  slot: number;
  observation: Observation;
  /** What every location that was asked said in that slot, where there are several. Not stored with it in this table. */
  votes?: Vote[];
  /** What they agree on. */
  cause?: Cause;
}

/** What a page looked like at the end of a check that was not up. */
export interface Screenshot {
  monitor: string;
  location: string;
  /** When the check began: `at` of its observation. Epoch milliseconds. */
  at: number;
  jpeg: Uint8Array;
}

/** What one location said of a monitor in a slot. */
export interface Vote {
  location: string;
  outcome: Outcome;
  reason?: Reason;
}

/** Where a failure is: see `causeOf`. */
export type Cause = 'target' | 'region' | 'dns' | 'probe';

/** A check of a monitor that somebody asked for: it counts for nothing but what it shows. */
export interface RunRequest {
  id: string;
  monitor: string;
  locations: string[];
  /** Epoch milliseconds. */
  at: number;
  /** Who asked. */
  by: string;
}

/** What came of it: one result for each location, as they arrive. */
export interface Run extends RunRequest {
  results: EvidenceItem[];
}

/**
 * One hour or day of a shard, all locations judged together by quorum. Recomputing it from the same slots gives the same item.
 * `buckets` has 12 × 5 minutes for an hour and 24 × 1 hour for a day.
 */
export interface RollupItem {
  shard: string;
  start: number;
  monitors: Record<string, RollupBucket[]>;
}

/** Milliseconds in each outcome, and response times of the answers (count, sum, max in ms). */
export interface RollupBucket {
  up: number;
  degraded: number;
  down: number;
  unknown: number;
  paused: number;
  maintenance: number;
  answers: number;
  responseSum: number;
  responseMax: number;
}
