import type * as z from 'zod/mini';
import type { ReadSecret } from '../aws/secrets.ts';
import type { Credentials } from '../aws/signature.ts';
import type { JsonSchema, ValidateJson } from '../conditions/json-schema.ts';
import type { Look, Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import type { After, Duration } from '../config/schema.ts';
import type { Reach } from './network/network.ts';
import type { Resolve } from './network/resolver.ts';
import type { Attempt, ConditionFailure } from './observation.ts';
import type { Note } from './trace.ts';

/** A kind of monitor: one file in this folder that exports it by its own name, one line in `index.ts`. */
export interface MonitorKind<Settings> {
  kind: string;
  /** The kind's own config fields, defaults filled in; what all monitors share is not here. Unknown fields are refused. */
  settings: z.ZodMiniType<Settings>;
  /** The field that a bare second argument stands for: `http('api', 'https://…')`. */
  shorthand: string;
  /** The field that says what is connected to, where that is another. */
  hostField?: string;
  /** How often it is checked unless the file says so, and at most. Default: as every monitor. */
  every?: { default: Duration; least: Duration; because: string };
  /** Time for one attempt unless the file says so, at most half of `every`. Default: as every monitor. */
  timeout?: Duration;
  /** What conditions may ask. */
  properties: Properties;
  /** Package with its version, where it needs one that Tocsin does not bring: `pg@8.23.1`. */
  driver?: string;
  /** Loads that package: the time it takes is no check's. */
  loadDriver?(): Promise<unknown>;
  /** A package that it needs only on AWS. */
  deployedDriver?: string;
  /** Paths of files that it reads, as written: beside the config file where they are relative. */
  files?(settings: Settings): string[];
  /** Condition lines that hold when the monitor has no `expect`. */
  defaultExpect(settings: Settings): string[];
  /** Condition lines that hold besides those of `expect`, whoever wrote them. Default none. */
  alwaysExpect?(settings: Settings): string[];
  /** True where targets say themselves that they are degraded. */
  reportsDegraded?: true;
  /** Hosts that are connected to, as written: vetted at validation unless `localOnly`. */
  hosts(settings: Settings): string[];
  /** What the probe's role must be allowed for these targets. Default nothing. */
  grants?(settings: Settings): { actions: string[]; resources: string[] }[];
  /** JSON Schemas that answers are held to, and where in the settings they stand. Default none. */
  schemas?(settings: Settings): PlacedSchema[];
  /** Names of secrets it reads. */
  secrets(settings: Settings): string[];
  /**
   * One attempt at the target: measures, never judges. Never throws for what the target does, only for faults of ours.
   * @param before the attempt that failed, on a second look: everything is done anew, at another address where there is one
   */
  measure(monitor: Monitor<Settings>, context: ProbeContext, before?: Attempt): Promise<Measurement>;
}

export interface PlacedSchema {
  path: (string | number)[];
  schema: JsonSchema;
}

/** A kind whose targets tell us by themselves: nothing is measured. */
export interface PingedKind<Settings> extends Omit<MonitorKind<Settings>, 'measure'> {
  /** Fields of all monitors that it has no use for: refused where they are written, and not inherited. */
  without: readonly string[];
  /** When a failure becomes an alarm, unless the file says so. */
  alertAfter: After;
}

/** What a config needs to know of a kind. */
export type ConfiguredKind = Omit<MonitorKind<unknown>, 'measure'> &
  Partial<Pick<PingedKind<unknown>, 'without' | 'alertAfter'>>;

/** Kinds by the word the config uses for them. */
export type MonitorKinds = Readonly<Record<string, MonitorKind<unknown>>>;

/** A kind by its name; undefined where there is none of that name. */
export const kindIn = (kinds: MonitorKinds, name: string): MonitorKind<unknown> | undefined =>
  Object.hasOwn(kinds, name) ? kinds[name] : undefined;

export interface ProbeContext {
  /** Epoch milliseconds. */
  now(): number;
  readSecret: ReadSecret;
  network: Network;
  /** Only where a monitor has a schema: the code is left out of other probes. */
  validateJson?: ValidateJson;
  /** Of the probe's role; undefined where it has none, in the local runtime. */
  credentials?: Credentials;
  /** What checks by a browser find around them. */
  browser?: BrowserPlace;
  /** Of who wants to read every step; a probe has none. */
  note?: Note;
}

/** Where a browser and the team's own scripts are. */
export interface BrowserPlace {
  /** Path of a Chromium on this machine. */
  chromium?: string;
  /** Folder with a packed Chromium in `chromium/` and bundles of scripts in `scripts/`. */
  assets?: string;
}

/** Where a check may connect to. */
export interface Network {
  /** Beyond `public`: in a network location (`private`), or in the local runtime (`local`). */
  reach: Reach;
  resolve: Resolve;
}

/**
 * What an attempt measured: `attempt.reason` is set when there was no answer to judge (then `outcome` is `down`, or `unknown`
 * when the fault is ours); otherwise conditions are judged through `look`.
 */
export interface Measurement {
  attempt: Attempt;
  look?: Look;
  /** What the target says of itself, where it says that it is not well. Conditions may make it worse, never better. */
  verdict?: { outcome: 'degraded' | 'down'; message: string };
  /** What is not as it must be besides the conditions: as one of them that failed. */
  failures?: ConditionFailure[];
  /** What a page looked like in the end, as a JPEG in base64: only kept when the attempt was not up. */
  screenshot?: string;
  /** What the target said, as text: only asked for when the attempt was not up. */
  excerpt?(): string;
  /** Texts that must not leave, however the target repeats them: secrets as they were sent. */
  secrets?: string[];
}
