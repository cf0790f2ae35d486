import { describe, expect, test } from 'vitest';
import { tocsin } from '../support/tocsin.ts';

const fixtures = 'test/fixtures/config';
const tenMonitors = ['--config', `${fixtures}/ten-monitors.config.ts`];

describe('cost', () => {
  test('says what a month comes to, at each level, and what the same costs elsewhere', async () => {
    const { code, out } = await tocsin(['cost', ...tenMonitors]);
    expect(code).toBe(0);
    expect(out).toMatch(/^acme: \d+\.\d\d USD a month for 10 monitors\n/);
    for (const line of [
      /^ +\d+\.\d\d {2}lean$/m,
      /^ +\d+\.\d\d {2}standard \(this config\)$/m,
      /^ +\d+\.\d\d {2}detailed$/m,
      /^ +\d+\.\d\d {2}metrics$/m,
      /^ +\d+\.\d\d {2}CloudWatch Synthetics /m,
      /^ +none {2}UptimeRobot /m,
      /^ +\d+\.\d\d {2}with level: 'lean'$/m,
    ])
      expect(out).toMatch(line);
  });

  test('is data with --json: a total that is the sum of its items', async () => {
    const { code, out } = await tocsin(['cost', '--json', ...tenMonitors]);
    const bill = JSON.parse(out);
    expect(code).toBe(0);
    expect(bill).toMatchObject({ currency: 'USD', level: 'standard' });
    expect(bill.total).toBeCloseTo(
      bill.items.reduce((sum: number, { usd }: { usd: number }) => sum + usd, 0),
      4,
    );
    expect(bill.total).toBe(bill.levels.standard);
    expect(Object.keys(bill.monitors)).toHaveLength(10);
    // Failed and ResponseTime, an alarm of high resolution, documents and transfer.
    expect(bill.monitors.website).toBeGreaterThan(0.9);
    expect(bill.monitors.website).toBeLessThan(1);
    expect(Object.keys(bill.locations)).toEqual(['home']);
    expect(bill.elsewhere).toContainEqual(
      expect.objectContaining({ name: 'Checkly', source: expect.stringMatching(/^https:/) }),
    );
  });

  test('compares nothing where nothing is watched', async () => {
    const { out } = await tocsin(['cost']);
    expect(out).toMatch(/^acme: \d+\.\d\d USD a month for 0 monitors\n/);
    expect(out).not.toContain('elsewhere');
  });

  test('answers for another level', async () => {
    const { out } = await tocsin(['cost', '--json', '--level', 'lean', ...tenMonitors]);
    const bill = JSON.parse(out);
    expect(bill.level).toBe('lean');
    expect(bill.total).toBe(bill.levels.lean);
  });

  test('tells of a budget that is exceeded, and answers all the same', async () => {
    const { code, out, error } = await tocsin([
      'cost',
      '--config',
      `${fixtures}/invalid/budget-exceeded.config.ts`,
    ]);
    expect(code).toBe(0);
    expect(error).toContain("warning: budget\n  got      '5 USD'\n");
    expect(out).toContain('USD a month for 8 monitors');
  });

  test('refuses a config that is invalid otherwise', async () => {
    const { code, error } = await tocsin(['cost', '--config', `${fixtures}/invalid/url-missing.config.ts`]);
    expect(code).toBe(1);
    expect(error).toContain('allowed');
  });

  test.each([
    ['--level', 'full'],
    ['--levl', 'lean'],
  ])('refuses %s %s', async (...options) => {
    const { code, error } = await tocsin(['cost', ...options]);
    expect(code).toBe(2);
    expect(error).toContain('usage: npm run tocsin -- cost');
  });
});
