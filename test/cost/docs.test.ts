import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as assumed from '../../shared/cost/assumptions.ts';
import { estimate } from '../../shared/cost/estimate.ts';
import { prices } from '../../shared/cost/prices.ts';
import { priced } from './configs.ts';

const docs = readFileSync('docs/costs.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');

const usd = (wanted: Parameters<typeof priced>[0], freeTier: boolean) =>
  estimate(priced(wanted), { freeTier }).total.toFixed(2);

test.each([
  ['nothing', { monitors: 0 }],
  ['10 every minute, `standard`', { monitors: 10 }],
  ['10 every minute, `lean`', { monitors: 10, level: 'lean' }],
  ['10 every ten seconds, `standard`', { monitors: 10, every: 10_000 }],
  ['100 every minute, `standard`', { monitors: 100 }],
  ['100 every minute, `lean`', { monitors: 100, level: 'lean' }],
  ['10,000 every minute, `lean`', { monitors: 10_000, level: 'lean' }],
] as const)('the documents tell what %s comes to', (what, wanted) => {
  const row = `| ${what} | ${usd(wanted, true)} | ${usd(wanted, false)} |`;
  expect(docs).toContain(row);
  expect(readme).toContain(row);
});

test('the documents name every price and where it is from', () => {
  for (const { usd, unit, source } of Object.values(prices)) {
    const scale = usd < 0.001 ? 1e6 : 1;
    const text = `${Number((usd * scale).toPrecision(6))} for ${scale > 1 ? `a million ${unit}s` : `one ${unit}`}`;
    expect(docs).toContain(text);
    expect(docs).toContain(source);
  }
});

test('the documents name every assumption with its value', () => {
  const numbers = Object.entries(assumed).filter(([, value]) => typeof value === 'number');
  for (const [name, value] of numbers) expect(docs).toContain(`| \`${name}\` | ${value} |`);
});
