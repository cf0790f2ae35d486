import type { Advice } from '../conditions/value.ts';
import type { Config } from '../config/config.ts';
import { cheaperWays } from './cheaper.ts';
import { estimate, totalsByName } from './estimate.ts';

/** Kinds of things that a message names. */
const named = 3;

/**
 * What to say when the stack of a config costs more than its budget; undefined when it does not.
 * @param budget USD a month
 */
export function overBudget(config: Config, budget: number): Advice | undefined {
  const expected = estimate(config, { freeTier: true });
  if (expected.total <= budget) return undefined;
  const drivers = totalsByName(expected)
    .slice(0, named)
    .map(({ name, usd }) => `${name} ${usd.toFixed(2)}`);
  const [way] = cheaperWays(config);
  const raise = `write budget: '${Math.ceil(expected.total)} USD'`;
  return {
    allowed:
      `at least ${expected.total.toFixed(2)} USD, what AWS is expected to bill: ` +
      `${(expected.total - budget).toFixed(2)} USD more than the budget, above all ${drivers.join(', ')}`,
    fix: way
      ? `${raise}, or ${way.change}, which comes to ${way.total.toFixed(2)} USD; npm run tocsin -- cost shows all`
      : `${raise}; npm run tocsin -- cost shows all`,
  };
}
