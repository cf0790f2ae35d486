import type { Config } from '../config/config.ts';
import type { Target } from '../routing/route.ts';
import { onCall } from './oncall.ts';
import type { Override } from './rotation.ts';

/** Who can be told, as far as the config says. */
export type Roster = Pick<Config, 'channels' | 'people' | 'rotations'>;

/** Id of the person that a target means at a moment; undefined for a channel, and where nobody is on call. */
export function personOf(
  target: Target,
  { people, rotations }: Roster,
  overrides: readonly Override[],
  at: number,
): string | undefined {
  const isKnown = (id: string) => people.some((person) => person.id === id);
  if ('person' in target) return isKnown(target.person) ? target.person : undefined;
  const rotation = 'rotation' in target && rotations.find(({ id }) => id === target.rotation);
  if (!rotation) return undefined;
  // Who has left since cannot stand in for anybody: then it is whoever's turn it is.
  return onCall(
    rotation,
    overrides.filter(({ person }) => isKnown(person)),
    at,
  );
}

/**
 * Ids of the channels that a target means at a moment: a channel itself, a person's contacts, or those of whoever is on call. None where
 * the target is no more, nobody is on call, or the person has no contacts: then somebody else is to be told.
 */
export function channelsOf(
  target: Target,
  roster: Roster,
  overrides: readonly Override[],
  at: number,
): string[] {
  const person = personOf(target, roster, overrides, at);
  const named =
    'channel' in target ? [target.channel] : (roster.people.find(({ id }) => id === person)?.contacts ?? []);
  return named.filter((channel) => roster.channels.some(({ id }) => id === channel));
}
