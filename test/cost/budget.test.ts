import { defineConfig, http } from 'tocsin';
import { expect, test } from 'vitest';
import { resolve } from '../../shared/config/resolve.ts';
import { overBudget } from '../../shared/cost/budget.ts';
import { estimate } from '../../shared/cost/estimate.ts';
import { priced } from './configs.ts';

const config = priced({ monitors: 20 });
const { total } = estimate(config, { freeTier: true });

test('a budget holds what it names', () => {
  expect(overBudget(config, total)).toBeUndefined();
  expect(overBudget(config, total - 0.01)).toBeDefined();
});

test('what exceeds it is told: by how much, what for, and what would be enough', () => {
  const advice = overBudget(config, total - 2)!;
  expect(advice.allowed).toContain(`at least ${total.toFixed(2)} USD`);
  expect(advice.allowed).toContain('2.00 USD more than the budget, above all metrics ');
  expect(advice.fix).toContain(`write budget: '${Math.ceil(total)} USD'`);
  expect(advice.fix).toContain("or level: 'lean', which comes to ");
});

test('an amount with cents is understood, and what runs here only is not in it', () => {
  const file = (localOnly: boolean) =>
    defineConfig({
      name: 'acme',
      budget: '1.75 USD',
      monitors: [http('api', { url: 'https://api.example.com', localOnly })],
    });
  expect(resolve(file(true), { local: true })).toHaveProperty('config');
  expect(resolve(file(false), { local: true })).toHaveProperty('problems');
});
