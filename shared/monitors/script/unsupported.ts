import { unsupportedError } from './contract.ts';

/** Refuses what a spec asks for and we do not have, so that nothing passes that was not looked at. */
export function unsupported(what: string, known: readonly string[]): never {
  const error = new Error(`${what} is not supported in a script monitor; there are ${known.join(', ')}`);
  error.name = unsupportedError;
  throw error;
}

/** The same object, which refuses members that it does not have. */
export const onlyKnown = <Known extends object>(
  known: Known,
  prefix: string,
  told: readonly string[] = Object.keys(known),
): Known =>
  new Proxy(known, {
    get(target, name) {
      // Whoever awaits an object asks for `then`.
      if (typeof name === 'string' && name !== 'then' && !(name in target))
        unsupported(`${prefix}${name}`, told);
      return Reflect.get(target, name);
    },
  });
