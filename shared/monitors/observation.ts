/** What a check found. `unknown` is our own fault (no network, missing secret): it never counts against the target. */
export type Outcome = 'up' | 'degraded' | 'down' | 'unknown';

/** Milliseconds of each phase of one attempt, rounded to 0.1; a phase that did not happen is absent. Redirect hops add up. */
export interface Timings {
  dns?: number;
  connect?: number;
  tls?: number;
  firstByte?: number;
  transfer?: number;
}

export type Phase = keyof Timings;

/**
 * Why an attempt was not `up`. Machine-readable, stable, also a log field.
 * `condition-failed` is the target's answer judged by `expect` or `degraded`, `unhealthy` and `degraded` are its own verdict;
 * `authentication-failed` and `query-failed` are its own refusals; `expiry-unknown` is what a registry does not tell; `secret-missing`, `no-network` (of the location) and `probe-error` are ours;
 * `heartbeat-new` is a job that never said anything.
 */
export type Reason =
  | 'dns-not-found'
  | 'dns-failed'
  | 'dns-timeout'
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-timeout'
  | 'connection-failed'
  | 'tls-timeout'
  | 'tls-certificate-expired'
  | 'tls-certificate-untrusted'
  | 'tls-certificate-name-mismatch'
  | 'tls-failed'
  | 'response-timeout'
  | 'body-timeout'
  | 'protocol-error'
  | 'authentication-failed'
  | 'query-failed'
  | 'too-many-redirects'
  | 'redirect-invalid'
  | 'target-forbidden'
  | 'token-failed'
  | 'condition-failed'
  | 'unhealthy'
  | 'degraded'
  | 'expiry-unknown'
  | 'heartbeat-missed'
  | 'heartbeat-failed'
  | 'heartbeat-overran'
  | 'heartbeat-new'
  | 'secret-missing'
  | 'no-network'
  | 'probe-error';

/** A condition that did not hold, with what was seen; `seen` is undefined when it could not be evaluated. */
export interface ConditionFailure {
  line: string;
  seen?: string;
  /** Why it could not be evaluated, e.g. `no such header`, `body is not JSON`. */
  problem?: string;
}

/** A part of the target, as the target itself reports it. */
export interface Component {
  name: string;
  outcome: Outcome;
  /** Milliseconds, as the target gives it. */
  latency?: number;
  /** Why its latency cannot be taken for one. */
  problem?: string;
  /** Why it is not up, in the target's words. */
  message?: string;
}

/** One request of several, or one thing that is done on a page. */
export interface StepResult {
  name: string;
  /** Of those that are made in the end whatever failed. */
  cleanup?: true;
  /** `unknown` where it was not made, because one before it failed. */
  outcome: Outcome;
  /** One sentence for people, where it failed. */
  message?: string;
  status?: number;
  /** Milliseconds. */
  responseTime?: number;
  failures?: ConditionFailure[];
}

/** One try at the target. Text from the target is cut and has our secrets masked. */
export interface Attempt {
  /** Start, epoch milliseconds. */
  at: number;
  outcome: Outcome;
  reason?: Reason;
  /** One sentence for people: what was seen. */
  message?: string;
  phase?: Phase;
  failures?: ConditionFailure[];
  /** Milliseconds from start to the last byte (or the failure). */
  responseTime?: number;
  timings?: Timings;
  /** The address actually connected to. */
  address?: string;
  status?: number;
  certificateDaysLeft?: number;
  /** All meanings of «the certificate expires in», in days: see `certificateDays`. */
  certificates?: { leaf: number; earliest: number; chain?: number };
  /** Days until the registration of a domain expires. */
  domainDaysLeft?: number;
  /** What a health endpoint says of its parts, those that are not well first; at most 30. */
  components?: Component[];
  /** Requests of an API monitor, in their order; those of the cleanup last. */
  steps?: StepResult[];
  /** Web Vitals of a page's load: milliseconds, `cls` without a unit. */
  vitals?: { lcp?: number; cls?: number; fcp?: number; ttfb?: number };
  /** Errors in a page's console: how many, and the first of them. */
  complaints?: { count: number; first: string[] };
  /** A JPEG of the page in base64, on its way home: kept as an item of its own, see `hasScreenshot`. */
  screenshot?: string;
  /** A picture of the page as it was is kept beside this, by the time in `at`. */
  hasScreenshot?: true;
  /** What of the answer could not be understood. */
  note?: string;
  /** At most 500 characters of the answer's body; only kept when the attempt was not up. */
  excerpt?: string;
}

/**
 * What a check measured: its decisive attempt, and all attempts when there was more than one.
 * A failure is always looked at twice, so `down` carries two attempts.
 */
export interface Observation extends Attempt {
  monitor: string;
  attempts?: Attempt[];
}

/** Whether we did not manage to check. What nobody tells us is `unknown` as well, and no fault of ours. */
export const isOurFault = ({ outcome, reason }: Attempt) =>
  outcome === 'unknown' && reason !== 'expiry-unknown' && reason !== 'heartbeat-new';

/** Milliseconds the target took to answer; undefined where there was no answer, however long that took to find out. */
export function answerTime({ reason, responseTime }: Attempt): number | undefined {
  return reason === undefined || answered.has(reason) ? responseTime : undefined;
}

const answered: ReadonlySet<Reason> = new Set(['condition-failed', 'unhealthy', 'degraded']);

/** What a probe sends home: one message per location × shard × slot. */
export interface ObservationBatch {
  version: 1;
  location: string;
  shard: string;
  /** The slot's start, epoch milliseconds: `floor(now / every) * every`. */
  slot: number;
  /** Present on a run asked for by hand: recorded as evidence, never as a slot. */
  requestId?: string;
  observations: Observation[];
}
