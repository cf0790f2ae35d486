import * as z from 'zod/mini';
import { durationLiteral, parseDuration, unitMs } from '../duration.ts';
import { type Severity, severities } from '../severity.ts';
import { defaultWitness, region } from './locations.ts';

/** A length of time: `500ms`, `10s`, `1m`, `4h`, `14d`. */
export type Duration = `${number}${keyof typeof unitMs}`;

/** `2 of 3`: two failed checks among the last three. */
export type After = `${number} of ${number}`;

/** An attempt that failed is repeated on a fresh connection: both must fit into `every`. */
export const attemptsPerCheck = 2;

const longestTimeout = 60_000;

/** CloudWatch evaluates at most a day of periods shorter than an hour, and a week of longer ones. */
const alarmWindow = (every: number) => (every < unitMs.h ? unitMs.d : 7 * unitMs.d);

const duration = (message: string, fits: (ms: number) => boolean) =>
  z.pipe(
    z
      .custom<Duration>((value) => typeof value === 'string' && parseDuration(value) !== undefined, message)
      .check(z.refine((value) => fits(parseDuration(value)!), message)),
    z.transform((value: Duration) => parseDuration(value)!),
  );

/**
 * A duration from `least` to `most`, in milliseconds.
 * @param field where it stands, and what one could write there
 */
export const span = (field: string, least: number, most: number, example: Duration) =>
  duration(
    `must be a duration ${range(least, most)}: write ${field}: '${example}'`,
    (ms) => ms >= least && ms <= most,
  );

const range = (least: number, most: number) =>
  least === 0
    ? `up to ${durationLiteral(most)}`
    : `from ${durationLiteral(least)} to ${durationLiteral(most)}`;

/** Likewise, or `never`, which is 0. */
export const spanOrNever = (field: string, least: number, most: number, example: Duration) =>
  z.union(
    [
      z.pipe(
        z.literal('never'),
        z.transform(() => 0),
      ),
      span(field, least, most, example),
    ],
    `must be a duration ${range(least, most)}, or 'never': write ${field}: '${example}'`,
  );

const every = duration(
  "must be 10s, 20s, 30s or whole minutes up to 1d: write every: '1m'",
  (ms) => [10_000, 20_000, 30_000].includes(ms) || (ms > 0 && ms % unitMs.m === 0 && ms <= unitMs.d),
);

const timeout = duration(
  "must be a duration from 100ms to 60s: write timeout: '10s'",
  (ms) => ms >= 100 && ms <= longestTimeout,
);

const after = z.pipe(
  z
    .custom<After>(
      (value) => typeof value === 'string' && /^\d+ of \d+$/.test(value),
      "must be how many of the last checks fail: write after: '2 of 3'",
    )
    .check(
      z.refine((value) => {
        const [failing, of] = failingOf(value);
        return failing >= 1 && failing <= of;
      }, "must be M of N with 1 ≤ M ≤ N: write after: '2 of 3'"),
    ),
  z.transform(failingOf),
);

const quorum = z.pipe(
  z
    .custom<After>(
      (value) => typeof value === 'string' && /^\d+ of \d+$/.test(value),
      "must be how many of its locations see a failure: write quorum: '2 of 3'",
    )
    .check(
      z.refine((value) => {
        const [votes, voters] = failingOf(value);
        return votes >= 1 && votes <= voters;
      }, "must be M of N with 1 ≤ M ≤ N: write quorum: '2 of 3'"),
    ),
  z.transform(failingOf),
);

function failingOf(text: After): [failing: number, of: number] {
  const [failing = 0, of = 0] = text.split(' of ').map(Number);
  return [failing, of];
}

const aliases = { medium: 'warning', low: 'info' } as const;

/** The severity a word stands for; undefined where it stands for none. */
export const severityOf = (word: string): Severity | undefined =>
  Object.hasOwn(aliases, word)
    ? aliases[word as keyof typeof aliases]
    : severities.find((severity) => severity === word);

/** Every word for a severity, the most urgent first. */
export const severityWords = ['critical', 'high', 'warning', 'medium', 'info', 'low'] as const;

export const severity = z.pipe(
  z.enum(severityWords),
  z.transform((word) => severityOf(word)!),
);

/** An id of a config file's own. */
export const id = z
  .string("must be an id of its own: write http('my-api', …)")
  .check(
    z.regex(
      /^[a-z0-9][a-z0-9-]{0,63}$/,
      'must be at most 64 lower-case letters, digits and dashes, as alarms are named after it: write my-api',
    ),
  );

const displayName = z
  .string()
  .check(z.trim(), z.minLength(1), z.maxLength(100, 'must be at most 100 characters: shorten it'));

/** Labels that every incident has by itself. */
export const ownLabels = ['severity', 'monitor', 'group', 'type'];

const labelName = z.string().check(
  z.regex(
    /^[A-Za-z_][\w.-]{0,63}$/,
    "must be a name of at most 64 letters, digits, dots and dashes, a letter first: write labels: { team: 'platform' }",
  ),
  z.refine(
    (name) => !ownLabels.includes(name),
    'must not be severity, monitor, group or type, which every incident has by itself: choose another name',
  ),
);

const labels = z.record(
  labelName,
  z
    .string("must be text: write labels: { team: 'platform' }")
    .check(z.minLength(1), z.maxLength(200, 'must be at most 200 characters: shorten it')),
);

const httpsUrl = z
  .string()
  .check(
    z.refine(
      (text) => URL.canParse(text) && new URL(text).protocol === 'https:',
      "must be an https URL that people can open: write runbook: 'https://…'",
    ),
  );

const onIncidentCheck = z.pipe(
  z.enum(['1m', 'never'], "must be '1m' or 'never': write check: 'never'"),
  z.transform((word) => (word === 'never' ? 0 : unitMs.m)),
);

/** What all kinds of monitors share, and `defaults` may hold. */
export const sharedFields = {
  /** Time from one check to the next: 10s, 20s, 30s or whole minutes, up to 1d. Default 1m. */
  every: z.prefault(every, '1m'),
  /** Time for one attempt, everything included; at most half of `every`, because a failed attempt is tried once more. Default 10s, or half of `every` where that is less. */
  timeout: z.optional(timeout),
  /** What must hold, as condition lines or typed conditions. Default: what the kind expects; for http `2xx or 3xx` and a certificate for 14 more days. */
  expect: z.optional(z.array(z.string("must be a condition line: write 'status == 200'"))),
  /** What holds when the target is at its best, as condition lines: a check that fails one is degraded, not down. Default none. */
  degraded: z.optional(z.array(z.string("must be a condition line: write 'responseTime < 1s'"))),
  /** When a failure becomes an alarm, and how urgent it is. */
  alert: z.prefault(
    z.strictObject({
      /** Failed checks among the last ones. Default `2 of 3`. */
      after: z.prefault(after, '2 of 3'),
      /** Default critical: a monitor that is down pages, as PagerDuty treats an incident without a priority. */
      severity: z.prefault(severity, 'critical'),
      /** A second, quieter alarm for checks that are degraded; `{}` is enough. Default none: it is shown, and nobody is told. */
      degraded: z.optional(
        z.strictObject({
          /** Degraded checks among the last ones. Default `3 of 5`. */
          after: z.prefault(after, '3 of 5'),
          /** Default warning. */
          severity: z.prefault(severity, 'warning'),
        }),
      ),
    }),
    {},
  ),
  /** Locations it is checked from, by their names. Default: all that are not in `confirmFrom`. */
  locations: z.optional(
    z
      .array(z.string(), "must be a list of locations: write locations: ['home']")
      .check(z.minLength(1, "must name at least one location: write locations: ['home']")),
  ),
  /** Up to 3 locations that sleep while all is well, and check it as soon as its one regular location sees it fail: what they see counts for the quorum, and tells whether the target, a region or DNS is the cause. Default none. */
  confirmFrom: z.optional(
    z
      .array(z.string(), "must be a list of locations: write confirmFrom: ['frankfurt']")
      .check(
        z.minLength(1, "must name at least one location: write confirmFrom: ['frankfurt']"),
        z.maxLength(3, 'must name at most 3 locations: leave some out'),
      ),
  ),
  /** Locations that must see a failure at the same time, of all it is checked or confirmed from. Default: more than half, `2 of 3`. */
  quorum: z.optional(quorum),
  /** For routing and searching, e.g. `{ team: 'platform' }`. Those of `defaults`, group and monitor add up; the nearest wins. Default none. */
  labels: z.prefault(labels, {}),
  /** Monitors without which it cannot work: while one of them fails, its own failure is told to nobody. In `defaults`, a monitor never depends on itself. Default none. */
  dependsOn: z.optional(z.array(z.string(), "must be a list of monitors: write dependsOn: ['database']")),
  /** https URL of what to do when it is down; stands in every notification. Default none. */
  runbook: z.optional(httpsUrl),
  /** What happens while a critical incident about it lasts. */
  onIncident: z.optional(
    z.strictObject({
      /** `'1m'` checks what is checked less often every minute, and shows on the incident what was seen; it counts for nothing else. `'never'`: as always. Default 1m. */
      check: z.prefault(onIncidentCheck, '1m'),
    }),
  ),
  /** Watched by `npm start` only, left out of the AWS stack; may be a loopback or private target. Default false. */
  localOnly: z.prefault(z.boolean(), false),
  /** False pauses it: no checks, no alarm, out of the uptime. Default true. */
  enabled: z.prefault(z.boolean(), true),
};

export const defaultsSchema = z.partial(z.strictObject(sharedFields));

/** What a monitor may have besides the fields of its kind. */
export const monitorFields = {
  ...sharedFields,
  id,
  kind: z.string(),
  /** How people call it. Default: its id. */
  name: z.optional(displayName),
};

export const monitorSchema = z.strictObject(monitorFields);

/** What is written in one monitor, without what it inherits. */
export const ownMonitorSchema = z.partial(monitorSchema);

/** A whole number of the alarm's periods must fit into what CloudWatch evaluates. */
export const mostChecks = (everyMs: number) => Math.floor(alarmWindow(everyMs) / everyMs);

export const groupSchema = z.strictObject({
  kind: z.literal('group'),
  name: displayName,
  /** What its monitors have that do not say otherwise; nearer than those of the file. Default none. */
  defaults: z.optional(z.unknown()),
  /** What to watch. Groups do not nest. */
  monitors: z.array(z.unknown(), "must be a list of monitors: write monitors: [http('api', 'https://…')]"),
});

const nameSuchAs = (example: string) =>
  z
    .string()
    .check(
      z.regex(
        /^[a-z0-9][a-z0-9-]{0,31}$/,
        `must be a name of at most 32 lower-case letters, digits and dashes: write ${example}`,
      ),
    );

export const emailAddress = z
  .string()
  .check(z.regex(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'must be an email address: write oncall@example.com'));

export const phoneNumber = z
  .string()
  .check(z.regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number with its country code: write +14155550100'));

/** An amount of money a month: `20 USD`. */
export type Budget = `${number} USD`;

const budget = z.pipe(
  z.custom<Budget>(
    (value) => typeof value === 'string' && /^\d+(\.\d{1,2})? USD$/.test(value),
    "must be an amount in USD: write budget: '20 USD'",
  ),
  z.transform((value: Budget) => Number.parseFloat(value)),
);

const witness = z
  .array(
    z
      .string("must be an http or https URL: write witness: ['https://www.example.com']")
      .check(
        z.refine(
          (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
          "must be an http or https URL: write witness: ['https://www.example.com']",
        ),
      ),
    "must be a list of URLs: write witness: ['https://www.example.com']",
  )
  .check(z.maxLength(5, 'must be at most 5 URLs: leave some out'));

const responseTarget = (severity: Severity) => spanOrNever(severity, unitMs.m, 30 * unitMs.d, '5m');

/** Powers of two: twice as many take half of what each has. */
export const stackCounts = [1, 2, 4, 8, 16, 32] as const;

/** A user's file. Monitors, defaults and channels are checked on their own, by the rules of their kinds. */
export const fileSchema = z.strictObject(
  {
    /** Names the stack (`Tocsin-<name>`), the metrics, the alarms and the secrets. */
    name: z
      .string("must be a name: write name: 'acme'")
      .check(
        z.regex(
          /^[a-z][a-z0-9-]{0,31}$/,
          "must be at most 32 lower-case letters, digits and dashes, a letter first: write name: 'acme'",
        ),
      ),
    /** AWS Region of the stack. Default: the one your AWS profile names; needed where a location or `deadMan` has a Region of its own. */
    region: z.optional(region),
    /** Stacks that share the alarms, where one cannot hold them: 1, 2, 4, 8, 16 or 32. Default 1: everything in one stack. docs/deploying.md says how to change it. */
    stacks: z.prefault(z.literal(stackCounts, 'must be 1, 2, 4, 8, 16 or 32: write stacks: 2'), 1),
    /** A second Region, where an alarm waits for signs of life of the whole stack and mails `selfContact` when they stop. Default none. */
    deadMan: z.optional(
      z.strictObject({
        /** AWS Region, another than that of the stack. */
        region,
      }),
    ),
    /** Where checks run from, by the names that monitors use. Default `home`, the Region of the stack. */
    locations: z.optional(z.record(z.string(), z.unknown())),
    /** http or https URLs, at most 5, that a location asks whether its own network works, when a target fails as it would without one: when none answers, the target is unknown, not down. Public ones speak for public targets, those at private or loopback addresses for private ones. `[]` asks nobody. Default: checkip.amazonaws.com, www.google.com, www.cloudflare.com. */
    witness: z.prefault(witness, defaultWitness),
    /** How much is written for each monitor, as CloudWatch bills by metric. Default standard: failures and response time. */
    level: z.prefault(z.enum(['lean', 'standard', 'detailed']), 'standard'),
    /** What AWS may bill in a month, e.g. `20 USD`: a config that is expected to cost more is invalid. Default: no limit. */
    budget: z.optional(budget),
    /** What monitors have that do not say otherwise. Default none. */
    defaults: z.optional(z.unknown()),
    /** What to watch. */
    monitors: z.array(z.unknown(), "must be a list: write monitors: [http('api', 'https://…')]"),
    /** Whom to tell, by the names that routes use. Default nobody. */
    channels: z.prefault(z.record(nameSuchAs('ops: slack()'), z.unknown()), {}),
    /** Who is told what: the first route that matches owns the incident. Default: every channel gets everything. */
    routes: z.optional(
      z
        .array(z.unknown(), 'must be a list of routes: write routes: [{ notify: ["ops"] }]')
        .check(
          z.minLength(1, 'must have at least one route: leave routes out, and every channel gets everything'),
        ),
    ),
    /** Who is told when nobody acknowledges, step by step, by the names that routes use. Default none. */
    escalations: z.prefault(z.record(nameSuchAs('platform: { steps: […] }'), z.unknown()), {}),
    /** Who can be on call, by the names that rotations and escalations use. Default nobody. */
    people: z.prefault(z.record(nameSuchAs("ana: { contacts: ['ana-push'] }"), z.unknown()), {}),
    /** Whose turn it is to be on call, by the names that escalations use. Default none. */
    rotations: z.prefault(z.record(nameSuchAs('platform: { zone, layers: […] }'), z.unknown()), {}),
    /** Incidents that keep others from being told while they last. Default none. */
    inhibitions: z.prefault(
      z.array(z.unknown(), 'must be a list: write inhibitions: [{ source, target, equal }]'),
      [],
    ),
    /** Planned work: meanwhile nobody is told of these monitors, and the time is outside of their uptime. Default none. */
    maintenance: z.prefault(
      z.array(z.unknown(), 'must be a list: write maintenance: [{ monitors, cron, duration }]'),
      [],
    ),
    /** Time after its end within which an incident that fires again is the same one, up to 1d; `0s` begins a new one each time. Default 10m. */
    reopenWithin: z.prefault(span('reopenWithin', 0, unitMs.d, '10m'), '10m'),
    /** Whether an incident shows what CloudFormation, CodeDeploy and ECS deployed in the half hour before it, in the Region of the stack. Default true. */
    deployments: z.prefault(z.boolean(), true),
    /** Time within which somebody is to acknowledge an incident, by its severity; shown and measured, and nobody is told when it passes (for that there are escalations). */
    responseTargets: z.prefault(
      z.strictObject({
        /** 1m to 30d, or `'never'`: no target. Default 5m. */
        critical: z.prefault(responseTarget('critical'), '5m'),
        /** Default 30m. */
        high: z.prefault(responseTarget('high'), '30m'),
        /** Default 1d. */
        warning: z.prefault(responseTarget('warning'), '1d'),
        /** Default `'never'`. */
        info: z.prefault(responseTarget('info'), 'never'),
      }),
      {},
    ),
    /** Who is told of every incident by SNS, without a channel or a route. Default nobody. */
    subscribers: z.optional(z.unknown()),
    /** Who is told, directly by SNS, when Tocsin itself is broken. Default: the addresses of all email channels. */
    selfContact: z.optional(
      z.strictObject({
        /** Default: the addresses of all email channels. */
        email: z.optional(z.array(emailAddress)),
        /** Phone numbers in international form. Default none. */
        sms: z.prefault(z.array(phoneNumber), []),
      }),
    ),
  },
  'must be an object: write export default defineConfig({ … })',
);
