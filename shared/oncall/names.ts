import type { Person } from './rotation.ts';

/** What a person of the config is called; anybody else by what was given. */
export const nameOf = (people: readonly Person[], id: string): string =>
  people.find((person) => person.id === id)?.name ?? id;

/** Whether a person of the config goes by this name: what they are called, or their id. */
export const isCalled = (people: readonly Person[], id: string, name: string): boolean =>
  name === id || people.some((person) => person.id === id && person.name === name);
