import type { Person } from './rotation.ts';

/** What a person of the config is called; anybody else by what was given. */
export const nameOf = (people: readonly Person[], id: string): string =>
  people.find((person) => person.id === id)?.name ?? id;
