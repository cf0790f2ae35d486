import { describe, expect, test } from 'vitest';
import { estimate } from '../../shared/cost/estimate.ts';
import { priced } from './configs.ts';

/**
 * What an account pays that runs nothing else: AWS's free tier is subtracted. Without it ten standard monitors cannot cost 8 USD:
 * their metrics (6.00), their alarms (1.00) and one key (1.00) alone come to that.
 */
describe('a month with Slack and email costs at most', () => {
  test.each([
    [0, 'standard', 3.5],
    [10, 'standard', 8],
    [10, 'lean', 5],
    [100, 'standard', 75],
    [100, 'lean', 15],
    [10_000, 'lean', 1_150],
  ] as const)('%i one-minute monitors at level %s: %d USD', (monitors, level, goal) => {
    expect(estimate(priced({ monitors, level }), { freeTier: true }).total).toBeLessThanOrEqual(goal);
  });
});

test('an estimate of ten thousand monitors is made while one waits', () => {
  const config = priced({ monitors: 10_000, level: 'lean' });
  const start = performance.now();
  estimate(config, { freeTier: true });
  expect(performance.now() - start).toBeLessThan(3_000);
});
