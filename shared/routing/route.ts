/** A demand on a label. A label that is missing has the value ''. */
export interface Matcher {
  label: string;
  /** `=` and `!=`: any, or none, of `values`. `=~` and `!~`: the whole value matches, or does not, the one regular expression. */
  operator: '=' | '!=' | '=~' | '!~';
  values: string[];
}

/** A node of the routing tree. Everything it did not say itself is inherited from the node above, so each is complete. */
export interface Route {
  /** Where it stands in the file: `routes[1].routes[0]`. */
  path: string;
  /** All must fit. Empty: fits everything. */
  match: Matcher[];
  /** Whether later siblings are asked as well, after this one fitted. They add receivers; the first owns the incident. */
  continue: boolean;
  /** Channel ids. */
  notify: string[];
  /** Labels whose values make a group: alerts alike in them are one incident. Absent: each monitor or rule is its own. */
  groupBy?: string[];
  /** Milliseconds from the first alert to the first notification. Absent: 0 for critical, else 30 s. */
  groupWait?: number;
  /** Milliseconds between two notifications of a group that changed. */
  groupInterval: number;
  /** Milliseconds until an incident that nobody acknowledged is told again; 0: never. */
  repeatEvery: number;
  /** Whether its channels are told the end. */
  sendResolved: boolean;
  /** When its channels may be told; what is still firing then is told when the time begins. Absent: always. */
  hours?: Hours;
  /** Told once a day, all together, instead of one by one. */
  digest?: DailyTime;
  /** Escalation policy of the config that begins when the incident is announced. */
  escalate?: string;
  routes: Route[];
}

/** Weekly recurring times in a zone. Outside of all of them it is not active. */
export interface Hours {
  /** IANA name. */
  zone: string;
  times: {
    /** 0 Sunday to 6 Saturday. */
    days: number[];
    /** Minutes from midnight, local wall time: from the first, up to but without the second (24 × 60 is the day's end). */
    from: number;
    to: number;
  }[];
}

/** A time of every day in a zone. */
export interface DailyTime {
  /** Minutes from midnight, local wall time. */
  at: number;
  /** IANA name. */
  zone: string;
}

/** How an incident is told: taken from the routes when it opens, and kept whatever becomes of the config. */
export interface Plan {
  /** `path` of the route that owns it; absent where none matches. */
  route?: string;
  /** What its alerts have in common: at most one open incident has it. */
  groupKey: string;
  groupWait: number;
  groupInterval: number;
  repeatEvery: number;
  receivers: Receiver[];
  escalation?: Escalation;
}

/** A channel of a route. A channel in several has the terms of the first. */
export interface Receiver {
  channel: string;
  sendResolved: boolean;
  hours?: Hours;
  digest?: DailyTime;
}

/** An escalation policy as it was when the incident was announced. */
export interface Escalation {
  policy: string;
  steps: EscalationStep[];
  /** How often all steps are gone through again, after the first time. */
  repeat: number;
  /** Milliseconds after which an acknowledgement that led to nothing is void, and escalation begins anew; 0: never. */
  acknowledgedFor: number;
}

export interface EscalationStep {
  /** Milliseconds after the step before, or after the announcement. */
  after: number;
  notify: Target[];
}

/** Whom a step tells: a channel, a person's contacts, or those of whoever is on call. */
export type Target = { channel: string } | { person: string } | { rotation: string };
