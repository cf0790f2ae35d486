import type { IncidentEvent } from '../incidents/incident.ts';
import type { MaintenanceWindow } from '../maintenance/window.ts';
import type { Person, Rotation } from '../oncall/rotation.ts';
import type { ResponseTargets } from '../responses/responses.ts';
import type { Escalation, Route } from '../routing/route.ts';
import type { Severity } from '../severity.ts';
import type { Inhibition } from '../suppression/suppression.ts';

export type { Route };

/**
 * A resolved configuration: plain JSON, every default filled in, every duration in milliseconds.
 * It is what `resolve` makes of a user's `tocsin.config.ts` and what Lambdas read from their own asset.
 * It never holds the value of a secret, only references.
 */
export interface Config {
  /** Names the stack, the metric namespace `Tocsin/<name>`, the alarms and the secrets. */
  name: string;
  /** Region of the stack. Undefined: the one that credentials name; then everything is in it. */
  region?: string;
  /**
   * Stacks that share the alarms of monitors and shards, by the first bits of an id's hash: 1 keeps all in the one stack.
   * Written, never derived: another number moves alarms between stacks.
   */
  stacks: number;
  /** Where an alarm waits for signs of life of the whole stack. */
  deadMan?: { region: string };
  level: Level;
  locations: Location[];
  /** URLs that a location asks whether its network works, when a target fails as it would without one. */
  witness: string[];
  monitors: Monitor[];
  channels: Channel[];
  /** The routing tree's top. The first route that fits owns the incident. Never empty: without routes every channel gets everything. */
  routes: Route[];
  /** Escalation policies, people and rotations that routes refer to. */
  escalations: Escalation[];
  people: Person[];
  rotations: Rotation[];
  inhibitions: Inhibition[];
  maintenance: MaintenanceWindow[];
  /** Milliseconds after its end within which an incident whose alarm fires again is the same one. */
  reopenWithin: number;
  /** Whether EventBridge tells of deployments in the Region of the stack. */
  deployments: boolean;
  /** Milliseconds within which somebody is to acknowledge an incident. */
  responseTargets: ResponseTargets;
  /** Who is told of every incident of at least a severity, by SNS directly: no route, no function of ours. */
  subscribers: { email: string[]; sms: string[]; https: string[]; minSeverity: Severity };
  /** Who is told, by SNS directly, when Tocsin itself is broken. */
  selfContact: { email: string[]; sms: string[] };
}

/** How much is written for each monitor. CloudWatch bills by metric. */
export type Level = 'lean' | 'standard' | 'detailed';

/** Where checks run from. */
export interface Location {
  id: string;
  /** Undefined: that of the stack. */
  region?: string;
  /** The team's network that its probe is placed in; private addresses may be checked there, and only there. */
  network?: { vpcId: string; subnets: string[]; securityGroups: string[] };
}

/** What is watched. `settings` belongs to the kind: see `shared/monitors/<kind>.ts`. */
export interface Monitor<Settings = unknown> {
  id: string;
  kind: string;
  name: string;
  group?: string;
  enabled: boolean;
  localOnly: boolean;
  /** Milliseconds between two checks: 10, 20 or 30 s, or whole minutes. */
  every: number;
  /** Milliseconds one attempt may take, everything included. */
  timeout: number;
  /** Alarm when `failing` of the last `of` slots failed. */
  alert: Alert & {
    /** Likewise for slots that were degraded; without it nobody is told. */
    degraded?: Alert;
  };
  /** Locations, of both sorts below, that must see a failure in one slot for the slot to count as failed. */
  quorum: number;
  locations: string[];
  /** Locations that check it only when its own one saw it fail; their votes count as well. Absent: none. */
  confirmFrom?: string[];
  labels: Record<string, string>;
  /** Monitors without which it cannot work: while one of them fails, its own failure is not told. Absent: none. */
  dependsOn?: string[];
  runbook?: string;
  /** Milliseconds between checks while a critical incident about it lasts; 0: as always. Absent: a minute, where `every` is longer. */
  onIncident?: { check: number };
  expect: Condition[];
  /**
   * What holds when it is at its best: a failure degrades it. Present, though it may be empty, wherever a check can be `degraded`;
   * only then is there a metric `Degraded`.
   */
  degraded?: Condition[];
  settings: Settings;
}

/** Fires when `failing` of the last `of` slots were bad. */
interface Alert {
  failing: number;
  of: number;
  severity: Severity;
}

export type Operator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'contains'
  | 'not contains'
  | 'matches'
  | 'not matches'
  | 'in'
  | 'not in'
  | 'exists'
  | 'not exists';

/**
 * One expectation about an observation: what a condition line and a typed builder both become.
 * Durations are milliseconds. A range such as `2xx or 3xx` is `in` with `[[200, 399]]`.
 */
export interface Condition {
  /** `status`, `responseTime`, `header`, `body`, `json`, `certificate`, … as the kind's property table lists. */
  property: string;
  /** What the property is asked for: a header's name, a JSON path. */
  argument?: string;
  operator: Operator;
  /** Absent for `exists`. A regular expression is its literal, e.g. `/ok/i`. */
  value?: ConditionValue;
  /** Of a number that has one. */
  unit?: 'ms' | 'days' | '%';
  /** The condition as one line, for people. */
  line: string;
}

export type ConditionValue = string | number | boolean | null | [from: number, to: number][];

/** Stands for a value kept in SSM (`/tocsin/<name>/<secret>`) or, locally, in the environment (`SLACK_WEBHOOK`). */
export interface SecretReference {
  secret: string;
}

/** Whom to tell. `settings` belongs to the kind: see `shared/notifications/<kind>.ts`. */
export interface Channel<Settings = unknown> {
  id: string;
  kind: string;
  /** Channel that is told instead when this one cannot be, for good. Absent: none. */
  fallback?: string;
  /** Types of events that its kind is told besides the beginning and end of incidents. Absent: none. */
  follows?: IncidentEvent['type'][];
  /** Messages it is told one by one in a minute; what is more goes into a digest. Absent: as many as is usual for its kind. */
  rate?: number;
  settings: Settings;
}
