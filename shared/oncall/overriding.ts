import { unitMs } from '../duration.ts';
import { Refusal } from '../refusal.ts';
import type { Override } from './rotation.ts';
import type { Roster } from './targets.ts';

/** What changing overrides needs of the world. */
export interface OverridePorts {
  /** In the order they were made; those that ended lately as well. */
  readOverrides(): Promise<Override[]>;
  putOverride(override: Override): Promise<void>;
  /** Nothing where there is none. */
  deleteOverride(id: string): Promise<void>;
  /** Letters that no other override of this millisecond has. */
  newLetters(): string;
}

/** Milliseconds an override may last. */
const longest = 366 * unitMs.d;

/** Overrides that are not over. */
const most = 200;

/**
 * Puts somebody on call for a time, above all layers of a rotation and above earlier overrides.
 * @throws Refusal where the rotation, the person or the time cannot be
 */
export async function addOverride(
  ports: OverridePorts,
  roster: Pick<Roster, 'people' | 'rotations'>,
  wanted: Omit<Override, 'id'>,
  now: number,
): Promise<Override> {
  refuseWhatCannotBe(roster, wanted, now);
  const open = (await ports.readOverrides()).filter(({ to }) => to > now);
  if (open.length >= most) throw new Refusal('invalid', `there are ${most} overrides already: remove some`);
  // Ids are in the order they were made: the latest of two that overlap counts.
  const id = `${new Date(now).toISOString().replaceAll(/[-:.]/g, '').toLowerCase()}-${ports.newLetters()}`;
  const override = { id, ...wanted };
  await ports.putOverride(override);
  return override;
}

function refuseWhatCannotBe(
  { people, rotations }: Pick<Roster, 'people' | 'rotations'>,
  { rotation, person, from, to }: Omit<Override, 'id'>,
  now: number,
): void {
  const refuse = (message: string) => {
    throw new Refusal('invalid', message);
  };
  const listed = (noun: string, items: { id: string }[]) =>
    items.length ? `there are ${items.map(({ id }) => id).join(', ')}` : `the config has no ${noun}`;
  if (!rotations.some(({ id }) => id === rotation))
    refuse(`no rotation is called ${JSON.stringify(rotation)}: ${listed('rotations', rotations)}`);
  if (!people.some(({ id }) => id === person))
    refuse(`nobody is called ${JSON.stringify(person)}: ${listed('people', people)}`);
  if (to <= from) refuse('its end must come after its start');
  if (to <= now) refuse('its end has passed: name a time to come');
  if (to - from > longest) refuse('an override lasts at most a year');
}

/**
 * Takes an override away: whoever's turn it is is on call again.
 * @throws Refusal where there is none of this id
 */
export async function removeOverride(ports: OverridePorts, id: string): Promise<Override> {
  const override = (await ports.readOverrides()).find((each) => each.id === id);
  if (!override) throw new Refusal('not-found', `no override has the id ${JSON.stringify(id.slice(0, 80))}`);
  await ports.deleteOverride(id);
  return override;
}
