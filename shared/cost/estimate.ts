import type { Config } from '../config/config.ts';
import { type Price, type PriceName, prices, tieredUsd } from './prices.ts';
import { type Usage, usageOf } from './usage.ts';

/** One line of a bill. */
export interface Item {
  id: string;
  what: string;
  /** Name of the price: what kind of thing it is. */
  of: PriceName;
  quantity: number;
  unit: string;
  /** USD of one unit. */
  price: number;
  /** USD a month; negative where AWS gives something back. */
  usd: number;
  monitor?: string;
  location?: string;
}

export interface Estimate {
  /** USD a month: the sum of the items. */
  total: number;
  items: Item[];
}

/**
 * What AWS bills in a month for the stack of a config, at list prices of us-east-1. Monitors that are `localOnly` are not in it.
 * @param options.freeTier subtract what every account gets for nothing, without an end, as if it ran nothing else
 */
export function estimate(config: Config, { freeTier }: { freeTier: boolean }): Estimate {
  const deployed = { ...config, monitors: config.monitors.filter(({ localOnly }) => !localOnly) };
  const usages = usageOf(deployed);
  const items = [...usages.map(itemOf), ...reductionsOf(usages, freeTier)].filter(
    ({ quantity }) => quantity !== 0,
  );
  return { total: items.reduce((sum, { usd }) => sum + usd, 0), items };
}

function itemOf({ price: of, ...usage }: Usage): Item {
  const { unit, usd } = prices[of];
  return { ...usage, of, unit, price: usd, usd: usage.quantity * usd };
}

/** What AWS gives back, by kind of thing: cheaper prices of large quantities, and what is free. */
function reductionsOf(usages: Usage[], freeTier: boolean): Item[] {
  const byPrice = Map.groupBy(usages, ({ price }) => price);
  return [...byPrice].flatMap(([name, those]) => {
    const price: Price = prices[name];
    const used = those.reduce((sum, { quantity }) => sum + quantity, 0);
    const free = freeTier ? Math.min(used, price.free ?? 0) : 0;
    const cheaper = tieredUsd(price, used) - used * price.usd;
    return [
      ...reduction('volume', name, `lower price of many ${plural(price.unit)}`, used, cheaper),
      ...reduction(
        'free',
        name,
        `free ${plural(price.unit)}`,
        free,
        tieredUsd(price, used - free) - tieredUsd(price, used),
      ),
    ];
  });
}

function reduction(id: string, of: PriceName, what: string, quantity: number, usd: number): Item[] {
  if (usd === 0) return [];
  return [{ id: `${id}/${of}`, what, of, quantity, unit: prices[of].unit, price: usd / quantity, usd }];
}

const plural = (unit: string) => (unit === 'GB' ? unit : `${unit}s`);

/** What kinds of things come to, what AWS gives back subtracted; the dearest first. */
export function totalsByName({ items }: Estimate): { name: string; usd: number }[] {
  const byName = Map.groupBy(items, ({ of }) => prices[of].name);
  return [...byName]
    .map(([name, those]) => ({ name, usd: those.reduce((sum, { usd }) => sum + usd, 0) }))
    .sort((a, b) => b.usd - a.usd);
}
