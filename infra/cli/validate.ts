import { dirname } from 'node:path';
import type { Config, Location, Monitor } from '../../shared/config/config.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { durationLiteral } from '../../shared/duration.ts';
import { graceOf } from '../../shared/heartbeats/schedule.ts';
import { isHeartbeat } from '../../shared/heartbeats/shards.ts';
import type { HeartbeatSettings } from '../../shared/monitors/heartbeat/settings.ts';
import { matchText } from '../../shared/routing/matcher.ts';
import type { Route } from '../../shared/routing/route.ts';
import { loadConfigFile } from '../config-file.ts';
import type { Command } from './command.ts';
import { configFile, configOption, readOptions } from './options.ts';

/** Checks a config file and shows what it says. */
export const validate: Command = {
  summary: 'checks the config file and shows what it says',
  usage: '[--config FILE]',
  async run(args) {
    const file = configFile(readOptions(args, configOption).config);
    const resolved = resolve(await loadConfigFile(file), { local: true, from: dirname(file) });
    if ('problems' in resolved) {
      const { problems } = resolved;
      console.error(problems.map(formatProblem).join('\n\n'));
      console.error(`\n${file} has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
      return 1;
    }
    for (const warning of resolved.warnings) console.error(`warning: ${formatProblem(warning)}\n`);
    console.log(summarize(resolved.config).join('\n'));
    console.log(`\n${file} is valid`);
    return 0;
  },
};

function summarize({ name, locations, monitors, channels, routes }: Config): string[] {
  return [
    `${name}: ${count(monitors, 'monitor')}, ${count(channels, 'channel')}, ${count(routes, 'route')}`,
    ...section('locations', locations.length > 1 ? locations.map(locationRow) : []),
    ...section('monitors', monitors.map(monitorRow)),
    ...section(
      'channels',
      channels.map(({ id, kind }) => [id, kind]),
    ),
    ...section(
      'routes',
      routes.flatMap((route) => routeRows(route)),
    ),
  ];
}

const count = (items: unknown[], noun: string) => `${items.length} ${noun}${items.length === 1 ? '' : 's'}`;

const locationRow = ({ id, region, network }: Location): string[] => [
  id,
  `${region ?? 'Region of the stack'}${network ? `, network ${network.vpcId}` : ''}`,
];

function monitorRow(monitor: Monitor): string[] {
  const { id, kind, alert, expect, enabled, localOnly, locations, confirmFrom = [], quorum } = monitor;
  const voters = [...locations, ...confirmFrom.map((location) => `${location} on demand`)];
  const notes = [
    ...(enabled ? [] : ['paused']),
    ...(localOnly ? ['local only'] : []),
    ...(voters.length > 1 ? [`${quorum} of ${voters.join(', ')}`] : []),
  ];
  return [
    id,
    kind,
    rhythmOf(monitor),
    [alert, alert.degraded]
      .flatMap((each) => (each ? `${each.severity} after ${each.failing} of ${each.of}` : []))
      .join(', degraded '),
    expect.map(({ line }) => line).join(', '),
    ...(notes.length ? [`(${notes.join(', ')})`] : []),
  ];
}

/** How often it is checked; of a heartbeat how often its job must ping. */
const rhythmOf = (monitor: Monitor): string =>
  isHeartbeat(monitor) ? scheduleText(monitor.settings) : `every ${durationLiteral(monitor.every)}`;

function scheduleText(settings: HeartbeatSettings): string {
  const { period, cron, zone } = settings;
  const due = cron === undefined ? `every ${durationLiteral(period ?? 0)}` : `${cron} ${zone}`;
  return `${due}, grace ${durationLiteral(graceOf(settings))}`;
}

/** A route and those inside of it, each level further in. */
const routeRows = ({ match, notify, routes, ...terms }: Route, level = 0): string[][] => [
  [
    `${'  '.repeat(level)}${matchText(match)}`,
    [`→ ${notify.join(', ') || 'nobody'}`, ...termsOf(terms)].join(', '),
  ],
  ...routes.flatMap((inner) => routeRows(inner, level + 1)),
];

const termsOf = ({ continue: goesOn, hours, digest, escalate }: Partial<Route>): string[] => [
  ...(digest ? ['once a day'] : []),
  ...(hours ? ['at its hours'] : []),
  ...(escalate ? [`escalated by ${escalate}`] : []),
  ...(goesOn ? ['and goes on'] : []),
];

/** A heading and rows in columns, the last not padded; nothing where there are no rows. */
function section(heading: string, rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
  return ['', heading, ...lines.map((line) => `  ${line.trimEnd()}`)];
}
