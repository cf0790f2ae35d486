import { Hono } from 'hono';
import * as z from 'zod/mini';
import { parseDuration, unitMs } from '../duration.ts';
import { nameOf } from '../oncall/names.ts';
import { nowAndNext, type Shift, shiftsOf } from '../oncall/oncall.ts';
import { addOverride, removeOverride } from '../oncall/overriding.ts';
import type { Override, Person, Rotation } from '../oncall/rotation.ts';
import { momentOf } from '../wall-time.ts';
import { actor, boundedText, caller, moment, readBody, span } from './body.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';

/** Time ahead whose shifts are told. */
const aheadMs = 14 * unitMs.d;

const body = z.strictObject({
  rotation: boundedText(100, '`rotation`'),
  person: boundedText(100, '`person`'),
  from: z.optional(moment('from')),
  to: z.optional(moment('to')),
  for: z.optional(span('for')),
  actor,
});

/** Who is on call, and overrides. */
export function oncallRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.get('/', async (c) => {
    const rosters = await listRosters(ports);
    return c.json({ rotations: rosters.map((roster) => rosterResource(roster, ports.config.people)) });
  });

  api.post('/overrides', async (c) => {
    const { actor: by = caller(c), rotation, person, for: lasts, ...times } = await readBody(c, body);
    const now = ports.now();
    const from = times.from ?? now;
    if ((lasts === undefined) === (times.to === undefined))
      throw new ApiError('invalid-request', 'give `to` or `for`: when it ends, or how long it lasts');
    const to = times.to ?? from + (lasts ?? 0);
    const override = await addOverride(
      ports.overrides,
      ports.config,
      { rotation, person, from, to, by },
      now,
    );
    return c.json(overrideResource(override), 201);
  });

  api.delete('/overrides/:id', async (c) =>
    c.json(overrideResource(await removeOverride(ports.overrides, c.req.param('id')))),
  );

  return api;
}

/** The override that a form of the console asks for: its time is that of the rotation's zone. */
export function wantedOverride(
  form: Record<string, unknown>,
  { config, now }: Pick<Ports, 'config' | 'now'>,
  by: string,
): Omit<Override, 'id'> {
  const text = (field: string) => (typeof form[field] === 'string' ? form[field] : '');
  const rotation = config.rotations.find(({ id }) => id === text('rotation'));
  const wall = Date.parse(`${text('from')}Z`);
  const from = Number.isNaN(wall) || !rotation ? now() : momentOf(rotation.zone, wall);
  const to = from + (parseDuration(text('lasts')) ?? 0);
  return { rotation: text('rotation'), person: text('person'), from, to, by };
}

/** A rotation as it is now. */
export interface Roster {
  rotation: Rotation;
  now?: Shift;
  next?: Shift;
  /** Of the next two weeks. */
  shifts: Shift[];
  /** Those that are not over. */
  overrides: Override[];
}

/** Every rotation of the config, in its order. An override of somebody who has left counts for nothing. */
export async function listRosters({
  config,
  overrides,
  now,
}: Pick<Ports, 'config' | 'overrides' | 'now'>): Promise<Roster[]> {
  if (config.rotations.length === 0) return [];
  const at = now();
  const known = new Set(config.people.map(({ id }) => id));
  const made = (await overrides.readOverrides()).filter(({ person, to }) => known.has(person) && to > at);
  return config.rotations.map((rotation) => ({
    rotation,
    ...nowAndNext(rotation, made, at),
    shifts: shiftsOf(rotation, made, at, at + aheadMs),
    overrides: made.filter((override) => override.rotation === rotation.id),
  }));
}

const iso = (at: number) => new Date(at).toISOString();

function rosterResource({ rotation, now, next, shifts, overrides }: Roster, people: readonly Person[]) {
  const shiftResource = ({ person, from, to, override }: Shift) => ({
    person,
    name: nameOf(people, person),
    from: iso(from),
    to: iso(to),
    ...(override !== undefined && { override }),
  });
  return {
    id: rotation.id,
    zone: rotation.zone,
    ...(now && { now: shiftResource(now) }),
    ...(next && { next: shiftResource(next) }),
    shifts: shifts.map(shiftResource),
    overrides: overrides.map(overrideResource),
  };
}

const overrideResource = ({ id, rotation, person, from, to, by }: Override) => ({
  id,
  rotation,
  person,
  from: iso(from),
  to: iso(to),
  by,
});
