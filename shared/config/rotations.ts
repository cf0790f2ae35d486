import * as z from 'zod/mini';
import type { Person, Rotation, RotationLayer } from '../oncall/rotation.ts';
import { type Fields, isFields, readSound, withoutUndefined } from './fields.ts';
import { resolveLocalHours, zoneFault } from './hours.ts';
import type { Findings } from './issues.ts';
import { refuseUnknown } from './match.ts';
import { itemsAt, type Path, valueAt } from './problems.ts';
import { fieldsAt } from './shape.ts';

/** What of a person may be said. */
export const personSchema = z.strictObject(
  {
    /** How others call them. Default: the name in `people`. */
    name: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(100))),
    /** Channels that reach this person, all of which are told. Default none: then escalation goes on to the next step. */
    contacts: z.prefault(z.array(z.string(), "must be a list of channels: write contacts: ['ana-push']"), []),
    /** Slack member id, `U012AB3CD`: who clicks in Slack is this person. Default none. */
    slack: z.optional(
      z
        .string()
        .check(z.regex(/^[UW][A-Z0-9]{5,20}$/, "must be a Slack member id: write slack: 'U012AB3CD'")),
    ),
  },
  "must be a person: write { contacts: ['ana-push'] }",
);

/** Length of a turn: `12h`, `1d`, `1w`. */
export type Turn = `${number}${'h' | 'd' | 'w'}`;

const hoursPerUnit = { h: 1, d: 24, w: 168 };

/** A year. */
const longestTurn = 366 * 24;

const turn = z.pipe(
  z.custom<Turn>((value) => {
    const { count, unit } = turnOf(value);
    return count > 0 && count * hoursPerUnit[unit] <= longestTurn;
  }, "must be whole hours, days or weeks up to a year: write turn: '1w'"),
  z.transform((value: Turn): RotationLayer['turn'] => {
    const { count, unit } = turnOf(value);
    return unit === 'h'
      ? { unit: 'hours', count }
      : { unit: 'days', count: unit === 'w' ? count * 7 : count };
  }),
);

/** Its parts; 0 where it is none. */
function turnOf(value: unknown): { count: number; unit: keyof typeof hoursPerUnit } {
  const [, count = 0, unit = 'h'] = (typeof value === 'string' && /^(\d{1,4})([hdw])$/.exec(value)) || [];
  return { count: Number(count), unit: unit as keyof typeof hoursPerUnit };
}

const start = z
  .string("must be a local time: write start: '2026-01-05T09:00'")
  .check(z.refine(isLocalTime, "must be a day and time that exist: write start: '2026-01-05T09:00'"));

/** A date that comes back as it went in has a day that its month has. */
function isLocalTime(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

const layerSchema = z.strictObject({
  /** People in the order of their turns. */
  people: z
    .array(z.string(), "must be a list of people: write people: ['ana', 'ben']")
    .check(z.minLength(1, "must name at least one person: write people: ['ana', 'ben']")),
  /** The first hand-over, by the clock: `2026-01-05T09:00`. Before it the layer has nobody. */
  start,
  /** Length of a turn: `12h`, `1d`, `1w`. */
  turn,
  /** When the layer counts, `'Mon-Fri 22:00-06:00'` or a list of such. Default: always. */
  hours: z.optional(
    z.union(
      [z.string(), z.array(z.string()).check(z.minLength(1))],
      "must be times or a list of them: write hours: 'Mon-Fri 09:00-18:00'",
    ),
  ),
});

/** What a rotation may say. */
export const rotationSchema = z.strictObject(
  {
    /** IANA time zone of the hand-overs: they are at the same time by the clock, summer and winter. */
    zone: z.string("must be a time zone: write zone: 'Europe/Madrid'"),
    /** Who takes turns. A later layer stands above an earlier one, where it has somebody. */
    layers: z
      .array(layerSchema, 'must be a list of layers: write layers: [{ people, start, turn }]')
      .check(z.minLength(1, 'must have at least one layer: write layers: [{ people, start, turn }]')),
  },
  'must be a rotation: write { zone, layers: [{ people, start, turn }] }',
);

/** People of a file, those that have the right form. */
export function resolvePeople(file: Fields, channels: string[], findings: Findings): Person[] {
  const people = isFields(file.people) ? Object.entries(file.people) : [];
  return people.flatMap(([id, fields]) => {
    const at = ['people', id];
    const { data, error } = personSchema.safeParse(fields);
    findings.reportIssues(error, at, (path) => fieldsAt(personSchema, path));
    const own = data ?? readSound(personSchema, fields, error);
    if (!own) return [];
    refuseUnknown('channel', own.contacts, channels, (i) => [...at, 'contacts', i], findings);
    return [withoutUndefined({ id, ...own, name: own.name ?? id }) as Person];
  });
}

/** Rotations of a file, those that have the right form. */
export function resolveRotations(file: Fields, people: string[], findings: Findings): Rotation[] {
  const rotations = isFields(file.rotations) ? Object.entries(file.rotations) : [];
  return rotations.flatMap(([id, fields]) => {
    const at = ['rotations', id];
    const { data, error } = rotationSchema.safeParse(fields);
    findings.reportIssues(error, at, (path) => fieldsAt(rotationSchema, path));
    const zone = valueAt(['zone'], fields);
    const fault = typeof zone === 'string' ? zoneFault(zone) : undefined;
    if (fault) findings.report([...at, 'zone'], fault);
    const layers = itemsAt(['layers'], fields).flatMap((layer, i) => {
      const parsed = layerSchema.safeParse(layer);
      return parsed.success ? [layerOf(parsed.data, [...at, 'layers', i], people, findings)] : [];
    });
    return data ? [{ id, zone: data.zone, layers }] : [];
  });
}

function layerOf(
  { hours, ...layer }: z.infer<typeof layerSchema>,
  at: Path,
  people: string[],
  findings: Findings,
): RotationLayer {
  refuseUnknown('person', layer.people, people, (i) => [...at, 'people', i], findings);
  const times = hours === undefined ? undefined : resolveLocalHours(hours, [...at, 'hours'], findings);
  return { ...layer, ...(times && { hours: times }) };
}
