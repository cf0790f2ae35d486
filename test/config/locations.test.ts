import { defineConfig, http, location, type MonitorInput } from 'tocsin';
import { describe, expect, it } from 'vitest';
import { majority, reachOf, regionAwayFromHome } from '../../shared/config/locations.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';

const network = { vpcId: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };

const resolved = (monitor: MonitorInput, more: Partial<Parameters<typeof defineConfig>[0]> = {}) => {
  const file = defineConfig({
    name: 'acme',
    region: 'eu-west-1',
    locations: {
      home: location(),
      frankfurt: location({ region: 'eu-central-1' }),
      office: location.vpc(network),
    },
    ...more,
    monitors: [monitor],
  });
  const result = resolve(file, { local: false });
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n\n'));
  return result.config;
};

const site = (more: object = {}) => http('site', { url: 'https://site.example.com', ...more });

describe('locations', () => {
  it('are the Region of the stack alone unless the file names some', () => {
    const { config } = resolve(defineConfig({ name: 'acme', monitors: [site()] }), { local: false }) as {
      config: ReturnType<typeof resolved>;
    };
    expect(config.locations).toEqual([{ id: 'home' }]);
    expect(config.monitors[0]).toMatchObject({ locations: ['home'], quorum: 1 });
    expect(config).toMatchObject({ stacks: 1 });
    expect(config).not.toHaveProperty('region');
    expect(config).not.toHaveProperty('deadMan');
  });

  it('are Regions and networks', () => {
    expect(resolved(site(), { deadMan: { region: 'us-east-1' }, stacks: 4 })).toMatchObject({
      region: 'eu-west-1',
      stacks: 4,
      deadMan: { region: 'us-east-1' },
      locations: [{ id: 'home' }, { id: 'frankfurt', region: 'eu-central-1' }, { id: 'office', network }],
    });
  });

  it.each([
    ['all of them', {}, {}, ['home', 'frankfurt', 'office'], 2],
    ['those it names', { locations: ['frankfurt', 'home'] }, {}, ['home', 'frankfurt'], 2],
    ['those of the defaults', {}, { locations: ['home'] }, ['home'], 1],
    ['its own before the defaults’', { locations: ['office'] }, { locations: ['home'] }, ['office'], 1],
    ['as many as it wants', { quorum: '1 of 3' }, {}, ['home', 'frankfurt', 'office'], 1],
    ['as many as the defaults want', {}, { quorum: '3 of 3' }, ['home', 'frankfurt', 'office'], 3],
  ] as const)('check a monitor from %s', (_, own, defaults, locations, quorum) => {
    const written = structuredClone(defaults) as object;
    expect(resolved(site(own), { defaults: written }).monitors[0]).toMatchObject({ locations, quorum });
  });

  it('let a private host be watched from inside a network alone', () => {
    const cart = http('cart', { url: 'http://10.0.0.8/health', locations: ['office'] });
    expect(resolved(cart).monitors[0]).toMatchObject({ locations: ['office'], localOnly: false });
  });
});

it.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
])('more than half of %i is %i', (locations, votes) => {
  expect(majority(locations)).toBe(votes);
});

it.each([
  [undefined, undefined, undefined],
  ['eu-west-1', undefined, undefined],
  ['eu-west-1', 'eu-west-1', undefined],
  ['eu-west-1', 'eu-central-1', 'eu-central-1'],
])('for a stack in %s, a location in %s is away in %s', (region, of, away) => {
  expect(regionAwayFromHome({ ...(region && { region }) }, { id: 'a', ...(of && { region: of }) })).toBe(
    away,
  );
});

it.each([
  [['a'], 'public'],
  [['n'], 'private'],
  [['a', 'n'], 'public'],
  [[], 'public'],
])('a monitor checked from %j may have targets that are %s', (locations, reach) => {
  expect(reachOf([{ id: 'a' }, { id: 'n', network }], { locations })).toBe(reach);
});
