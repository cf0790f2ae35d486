import * as z from 'zod/mini';
import { hostOf, mayBeWithinReach } from '../monitors/network/network.ts';
import type { Config, Location, Monitor } from './config.ts';
import { type Fields, isFields } from './fields.ts';
import type { Findings } from './issues.ts';
import type { Path } from './problems.ts';
import { fieldsAt } from './shape.ts';

/** Where checks run from unless the file says otherwise: the Region of the stack. */
export const home: Location = { id: 'home' };

export const region = z
  .string("must be an AWS Region: write region: 'eu-central-1'")
  .check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS Region: write region: 'eu-central-1'"));

const idOf = (prefix: string, example: string) =>
  z
    .string(`must be an id such as ${example}`)
    .check(z.regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be an id such as ${example}`));

const listOf = (prefix: string, most: number) =>
  z
    .array(idOf(prefix, `${prefix}-0a1b2c3d4e5f60718`), `must be a list of ids: write ['${prefix}-…']`)
    .check(z.minLength(1, `must be at least one id: write ['${prefix}-…']`), z.maxLength(most));

/** A Region. */
export const regionSettings = z.strictObject({
  /** AWS Region the probe runs in. Default: that of the stack. */
  region: z.optional(region),
});

/** A network of the team's own. Lambda's own limits: 16 subnets, 5 security groups. */
export const networkSettings = z.strictObject({
  /** AWS Region the network is in. Default: that of the stack. */
  region: z.optional(region),
  /** The network. */
  vpcId: idOf('vpc', 'vpc-0a1b2c3d4e5f60718'),
  /** Private subnets, best in several zones, with a way to SQS and SSM: a NAT gateway or interface endpoints. */
  subnets: listOf('subnet', 16),
  /** Security groups of the probe: what they let out can be watched. */
  securityGroups: listOf('sg', 5),
});

const kinds = { region: regionSettings, vpc: networkSettings };

/** Short, because functions and roles are named after it. */
const id = /^[a-z0-9][a-z0-9-]{0,15}$/;

/** Locations of a file, without those that cannot be. */
export function resolveLocations(file: Fields, findings: Findings): Location[] {
  if (file.locations === undefined) return [home];
  const path: Path = ['locations'];
  const locations = isFields(file.locations) ? Object.entries(file.locations) : [];
  if (locations.length === 0)
    findings.report(path, { allowed: 'at least one location', fix: 'write locations: { home: location() }' });
  const resolved = locations.flatMap(([id, fields]) => resolveLocation(id, fields, findings) ?? []);
  refuseUnknownHome(file, resolved, findings);
  return resolved;
}

function resolveLocation(name: string, fields: unknown, findings: Findings): Location | undefined {
  const path: Path = ['locations', name];
  if (!id.test(name)) {
    const fix = 'write frankfurt: location(…)';
    findings.report(path, {
      allowed: 'a name of at most 16 lower-case letters, digits and dashes, as functions are named after it',
      fix,
    });
  }
  const { kind, ...settings } = isFields(fields) ? fields : {};
  if (kind !== 'region' && kind !== 'vpc') {
    findings.report(path, {
      allowed: 'a location made by location(…) or location.vpc(…)',
      fix: "write frankfurt: location({ region: 'eu-central-1' })",
    });
    return undefined;
  }
  const parsed = kinds[kind].safeParse(settings);
  findings.reportIssues(parsed.error, path, (inner) => fieldsAt(kinds[kind], inner));
  if (!parsed.success) return undefined;
  const { region, ...network } = parsed.data;
  const isNetwork = 'vpcId' in network;
  return { id: name, ...(region && { region }), ...(isNetwork && { network }) } as Location;
}

/** Whoever sends home from another Region must know where that is. */
function refuseUnknownHome(file: Fields, locations: Location[], findings: Findings): void {
  if (file.region !== undefined) return;
  const elsewhere = locations.find(({ region }) => region !== undefined);
  if (elsewhere || file.deadMan !== undefined)
    findings.report(['region'], {
      allowed: `the Region of the stack itself, as ${elsewhere ? `locations.${elsewhere.id}` : 'deadMan'} names one`,
      fix: "write region: 'eu-west-1'",
    });
}

/** Whom the locations ask unless the file says otherwise: three networks that have nothing to do with one another. */
export const defaultWitness = [
  'https://checkip.amazonaws.com',
  'https://www.google.com',
  'https://www.cloudflare.com',
];

/** A witness that no location can reach would never say anything. Under `npm start` all are within reach. */
export function refuseFarWitnesses(
  urls: readonly string[],
  locations: readonly Location[],
  local: boolean,
  findings: Findings,
): void {
  const reach = local ? 'local' : locations.some(({ network }) => network) ? 'private' : 'public';
  for (const [i, url] of urls.entries())
    if (!mayBeWithinReach(hostOf(new URL(url)), reach))
      findings.report(['witness', i], {
        allowed: reach === 'private' ? 'a public host, or one in a network' : 'a public host',
        fix: `write witness: ['${defaultWitness[0]}']`,
      });
}

/** A second Region must be another one. */
export function refuseNearDeadMan(file: Fields, findings: Findings): void {
  const { deadMan } = file;
  if (!isFields(deadMan) || deadMan.region === undefined || deadMan.region !== file.region) return;
  findings.report(['deadMan', 'region'], {
    allowed: 'a Region other than that of the stack: it watches from outside',
    fix: `write deadMan: { region: '${file.region === 'eu-central-1' ? 'eu-west-1' : 'eu-central-1'}' }`,
  });
}

/** Votes that decide where nobody says how many: more than half. */
export const majority = (locations: number) => Math.floor(locations / 2) + 1;

/** The Region a location's probe runs in; undefined for that of the stack, whose own name may be unknown. */
export const regionAwayFromHome = (config: Pick<Config, 'region'>, location: Location): string | undefined =>
  location.region === config.region ? undefined : location.region;

/** What checks of a monitor may connect to: private addresses only where every location is inside a network. */
export function reachOf(
  locations: readonly Location[],
  monitor: Pick<Monitor, 'locations'>,
): 'public' | 'private' {
  const own = locations.filter(({ id }) => monitor.locations.includes(id));
  return own.length > 0 && own.every(({ network }) => network) ? 'private' : 'public';
}
