import type { Config, Level } from '../../shared/config/config.ts';
import { isFields } from '../../shared/config/fields.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { besides } from '../../shared/cost/besides.ts';
import { cheaperWays } from '../../shared/cost/cheaper.ts';
import { type Estimate, estimate, totalsByName } from '../../shared/cost/estimate.ts';
import { pricesOf } from '../../shared/cost/prices.ts';
import { services, servicesOf } from '../../shared/cost/services.ts';
import { loadConfigFile } from '../config-file.ts';
import { type Command, CommandError, UsageError } from './command.ts';
import { configFile, configOption, readOptions } from './options.ts';

const levels: Level[] = ['lean', 'standard', 'detailed'];

/** Items of the bill that are shown. */
const shown = 8;

/** Says what AWS is expected to bill for a config. */
export const cost: Command = {
  summary: 'what AWS is expected to bill in a month, and what the same costs elsewhere',
  usage: '[--json] [--config FILE] [--level lean|standard|detailed]',
  async run(args) {
    const {
      config: file,
      json,
      level,
    } = readOptions(args, {
      ...configOption,
      json: { type: 'boolean' },
      level: { type: 'string' },
    });
    const config = await readUnbudgeted(configFile(file), level);
    console.log(json ? JSON.stringify(asJson(config), null, 2) : asText(config).join('\n'));
    return 0;
  },
};

/** The config of a file as it runs on AWS; that it is over its budget is a reason to look at the price, not to refuse it. */
async function readUnbudgeted(file: string, level: string | undefined): Promise<Config> {
  if (level !== undefined && !levels.some((known) => known === level))
    throw new UsageError(`--level must be ${levels.join(', ')}, got ${level}`);
  const written = await loadConfigFile(file);
  const asked = isFields(written) ? { ...written, ...(level && { level }) } : written;
  const budgeted = resolve(asked, { local: false });
  if ('config' in budgeted) return budgeted.config;
  const told = budgeted.problems.map(formatProblem).join('\n\n');
  const resolved = resolve(isFields(asked) ? { ...asked, budget: undefined } : asked, { local: false });
  if (!('config' in resolved)) throw new CommandError(`${told}\n\nnpm run tocsin -- validate`);
  console.error(`warning: ${told}\n`);
  return resolved.config;
}

/** What a month costs, as data: money in USD. */
function asJson(config: Config) {
  const { total, items } = estimate(config, { freeTier: true });
  return {
    total: round(total),
    currency: 'USD',
    region: 'us-east-1',
    pricesOf,
    level: config.level,
    beforeFreeTier: round(estimate(config, { freeTier: false }).total),
    levels: Object.fromEntries(levels.map((level) => [level, round(totalAt(config, level))])),
    monitors: sums(items, 'monitor'),
    locations: sums(items, 'location'),
    besides: besides(config),
    elsewhere: services.map(({ usd, ...service }) => ({ ...service, usd: usd(watched(config)) ?? null })),
    items,
  };
}

/** To a millionth of a dollar. */
const round = (usd: number) => Math.round(usd * 1e6) / 1e6;

/** What is for one monitor, or one location, alone. */
function sums(items: Estimate['items'], by: 'monitor' | 'location'): Record<string, number> {
  const groups = Map.groupBy(
    items.filter((item) => item[by] !== undefined),
    (item) => item[by]!,
  );
  return Object.fromEntries(
    [...groups].map(([id, those]) => [id, round(those.reduce((sum, { usd }) => sum + usd, 0))]),
  );
}

const totalAt = (config: Config, level: Level) => estimate({ ...config, level }, { freeTier: true }).total;

const watched = ({ monitors }: Config) => monitors.filter(({ enabled }) => enabled);

function asText(config: Config): string[] {
  const expected = estimate(config, { freeTier: true });
  const listed = estimate(config, { freeTier: false });
  const count = watched(config).length;
  return [
    `${config.name}: ${money(expected.total).trim()} USD a month for ${count} ${count === 1 ? 'monitor' : 'monitors'}`,
    `list prices of us-east-1, ${pricesOf}, less what AWS gives every account for nothing (${money(listed.total).trim()} USD without that)`,
    '',
    'By level',
    ...levels.map(
      (level) =>
        `  ${money(totalAt(config, level))}  ${level}${level === config.level ? ' (this config)' : ''}`,
    ),
    '',
    'What it is made of',
    ...totalsByName(expected)
      .filter(({ usd }) => usd >= 0.005)
      .map(({ name, usd }) => `  ${money(usd)}  ${name}`),
    '',
    'Biggest items, before what is free',
    ...biggest(listed),
    ...section(`The same monitors elsewhere, list prices of ${servicesOf}`, elsewhere(watched(config))),
    ...section(
      'Cheaper',
      cheaperWays(config).map(({ change, total }) => `  ${money(total)}  with ${change}`),
    ),
    ...section(
      'Besides',
      besides(config).map((line) => `  ${line}`),
    ),
    '',
    'What it takes for granted: docs/costs.md',
  ];
}

/** Nothing where nothing is watched. */
const elsewhere = (monitors: Config['monitors']) =>
  monitors.length === 0
    ? []
    : services.map(({ name, terms, usd }) => {
        const price = usd(monitors);
        return `  ${price === undefined ? 'none'.padStart(9) : money(price)}  ${name.padEnd(22)} ${terms}`;
      });

function biggest({ items }: Estimate): string[] {
  const positive = items.filter(({ usd }) => usd > 0).sort((a, b) => b.usd - a.usd);
  const rest = positive.slice(shown);
  const sum = rest.reduce((total, { usd }) => total + usd, 0);
  return [
    ...positive.slice(0, shown).map(({ what, usd }) => `  ${money(usd)}  ${what}`),
    ...(rest.length > 0 ? [`  ${money(sum)}  ${rest.length} more: --json lists them`] : []),
  ];
}

const section = (heading: string, lines: string[]) => (lines.length > 0 ? ['', heading, ...lines] : []);

const money = (usd: number) => usd.toFixed(2).padStart(9);
