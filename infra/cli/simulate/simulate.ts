import type { Config } from '../../../shared/config/config.ts';
import { severityOf, severityWords } from '../../../shared/config/schema.ts';
import { identify } from '../../../shared/incidents/describe.ts';
import type { Subject } from '../../../shared/incidents/incident.ts';
import { type Known, type Simulation, type Supposed, simulate } from '../../../shared/incidents/simulate.ts';
import { nearest } from '../../../shared/nearest.ts';
import { apiOptions } from '../api.ts';
import { type Command, UsageError } from '../command.ts';
import { configFile, readOptions } from '../options.ts';
import { readConfig } from '../read-config.ts';
import { readKnown } from './known.ts';
import { simulationLines } from './lines.ts';

/** Says who would be told of an incident, when and why, if nobody acknowledged it. */
export const simulateCommand: Command = {
  summary: 'who would be told of an incident, when and why, if nobody acknowledged it',
  usage:
    '--monitor ID | --labels severity=critical,team=web [--at 2026-11-21T03:00Z] [--json] [--live | --url URL] [--config FILE]',
  async run(args) {
    const options = readOptions(args, {
      ...apiOptions,
      monitor: { type: 'string' },
      labels: { type: 'string' },
      at: { type: 'string' },
      json: { type: 'boolean' },
      live: { type: 'boolean' },
    });
    const at = options.at === undefined ? Date.now() : momentOf(options.at);
    const config = await readConfig(configFile(options.config), { local: true });
    const supposed = supposedBy(config, options);
    const isLive = options.live === true || options.url !== undefined;
    const known = isLive ? await readKnown(options) : nothingKnown;
    const simulation = simulate(config, supposed, at, known);
    console.log(
      options.json
        ? JSON.stringify(asJson(supposed, simulation, at), null, 2)
        : simulationLines(config, supposed, simulation, at).join('\n'),
    );
    return simulation.notices.some(({ channels }) => channels.length > 0) ? 0 : 1;
  },
};

const nothingKnown: Known = { overrides: [], silences: [], windows: [] };

function momentOf(text: string): number {
  const at = /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`--at ${text}: it is a time with its zone, 2026-11-21T03:00Z`);
  return at;
}

/** What the incident would be about: a monitor's labels, and those that are given instead of them or besides. */
function supposedBy(
  config: Config,
  { monitor, labels }: { monitor?: string | undefined; labels?: string | undefined },
): Supposed {
  if (monitor === undefined && labels === undefined)
    throw new UsageError('what would it be about? give --monitor or --labels');
  const given = readLabels(labels ?? '');
  const id = monitor ?? given.monitor;
  const known = config.monitors.map((each) => each.id);
  if (id !== undefined && !known.includes(id)) {
    const like = nearest(id, known);
    throw new UsageError(`no monitor is called ${id}: ${like ? `did you mean ${like}` : known.join(', ')}`);
  }
  const subject: Subject = { type: typeNamed(given.type ?? 'monitor'), id: id ?? 'simulated' };
  const own = identify(subject, config);
  const severity = given.severity === undefined ? own.severity : severityNamed(given.severity);
  return { subject, severity, labels: { ...own.labels, ...given, severity } };
}

const types: readonly Subject['type'][] = ['monitor', 'rule', 'slo', 'self', 'alarm'];

function typeNamed(word: string): Subject['type'] {
  const type = types.find((each) => each === word);
  if (!type) throw new UsageError(`type=${word}: it is one of ${types.join(', ')}`);
  return type;
}

function severityNamed(word: string): Supposed['severity'] {
  const severity = severityOf(word);
  if (!severity) throw new UsageError(`severity=${word}: it is one of ${severityWords.join(', ')}`);
  return severity;
}

function readLabels(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, label, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      if (label === undefined || value === undefined)
        throw new UsageError(`--labels ${pair}: labels are written severity=critical,team=web`);
      return [label, value];
    }),
  );
}

const iso = (at: number) => new Date(at).toISOString();

/** The same for programs: times in ISO 8601. */
function asJson({ subject, labels }: Supposed, simulation: Simulation, at: number) {
  const { plan, routes, notices, held, told } = simulation;
  return {
    at: iso(at),
    subject,
    labels,
    routes,
    plan,
    notices: notices.map((notice) => ({
      ...notice,
      at: iso(notice.at),
      channels: notice.channels.map(({ digest, ...channel }) => ({
        ...channel,
        ...(digest !== undefined && { digest: iso(digest) }),
      })),
    })),
    held: held.map((each) => ({
      ...each,
      at: iso(each.at),
      ...(each.until !== undefined && { until: iso(each.until) }),
    })),
    told,
  };
}
