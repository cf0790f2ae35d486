import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { observationResource } from '../../../shared/api/resources.ts';
import type { Credentials } from '../../../shared/aws/signature.ts';
import { validateJson } from '../../../shared/conditions/json-schema.ts';
import type { Config, Monitor } from '../../../shared/config/config.ts';
import { atOnce } from '../../../shared/monitors/at-once.ts';
import { findChromium } from '../../../shared/monitors/browser/chromium.ts';
import { type CheckContext, check as checkNow } from '../../../shared/monitors/check.ts';
import { loadDrivers } from '../../../shared/monitors/drivers.ts';
import { monitorKind, monitorKinds } from '../../../shared/monitors/index.ts';
import { createResolve } from '../../../shared/monitors/network/resolver.ts';
import { isOurFault, type Observation } from '../../../shared/monitors/observation.ts';
import { probeTypeOf } from '../../../shared/monitors/shards.ts';
import type { Step } from '../../../shared/monitors/transcript.ts';
import { nearest } from '../../../shared/nearest.ts';
import { bundleScripts } from '../../browser-assets.ts';
import { type Command, CommandError, UsageError } from '../command.ts';
import { localSecrets } from '../local-secrets.ts';
import { configFile, configOption, readArguments } from '../options.ts';
import { readConfig } from '../read-config.ts';
import { linesOf, type Paint, summaryOf } from './lines.ts';

/** Checks monitors of the config now, on this machine, by the code that the probes run. */
export const check: Command = {
  summary: 'checks monitors now, from this machine; exit code 1 if one is down or could not be checked',
  usage: '[ID …] [--json] [--debug] [--config FILE]',
  async run(args) {
    const { values, positionals } = readArguments(args, {
      ...configOption,
      json: { type: 'boolean' },
      debug: { type: 'boolean' },
    });
    const file = configFile(values.config);
    const config = await readConfig(file, { local: true });
    const monitors = chosen(config, positionals);
    using assets = temporaryFolder();
    await bundleScripts(monitors, dirname(file), assets.path);
    const checked = await checkAll(config, monitors, assets.path, values.debug ?? false);
    console.log(values.json ? JSON.stringify(checked.map(resourceOf), undefined, 2) : transcript(checked));
    return checked.some(({ observation }) => isFailure(observation)) ? 1 : 0;
  },
};

/** A monitor, and what its check saw. */
export interface Checked {
  monitor: Monitor;
  observation: Observation;
  /** Every step of each attempt, where they were asked for. */
  transcripts?: Step[][];
}

/** What could not be checked may be down. */
const isFailure = (observation: Observation) => observation.outcome === 'down' || isOurFault(observation);

/** Those of these ids, in the config's order; without ids all that are not paused by the config. */
function chosen({ monitors }: Config, ids: readonly string[]): Monitor[] {
  const known = monitors.map(({ id }) => id);
  const pinged = monitors.find(({ id, kind }) => ids.includes(id) && !monitorKind(kind));
  if (pinged)
    throw new UsageError(`${pinged.id} is a ${pinged.kind}, which tells by itself: it cannot be checked`);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const like = nearest(unknown, known);
    const hint = like ? `did you mean ${like}?` : `there are: ${known.join(', ')}`;
    throw new UsageError(`the config has no monitor ${unknown}: ${hint}`);
  }
  const wanted = monitors.filter(({ id, kind, enabled }) =>
    ids.length > 0 ? ids.includes(id) : enabled && monitorKind(kind) !== undefined,
  );
  if (wanted.length > 0) return wanted;
  throw new CommandError('the config has no monitor to check\nnpm run tocsin -- validate');
}

/** @param assets folder with the bundles of scripts */
async function checkAll(
  config: Config,
  monitors: Monitor[],
  assets: string,
  debug: boolean,
): Promise<Checked[]> {
  await loadDrivers(monitorKinds, monitors);
  const inNetworks = new Set(config.locations.filter(({ network }) => network).map(({ id }) => id));
  const credentials = givenCredentials();
  const chromium = findChromium(process.env);
  const shared = {
    kinds: monitorKinds,
    now: () => Date.now(),
    readSecret: localSecrets(),
    validateJson,
    ...(credentials && { credentials }),
    browser: { assets, ...(chromium && { chromium }) },
  };
  const resolve = createResolve();
  const look = async (monitor: Monitor): Promise<Checked> => {
    const transcripts: Step[][] = [];
    // As in the local runtime, this machine stands in for the team's networks.
    const isOurs = monitor.localOnly || monitor.locations.some((id) => inNetworks.has(id));
    const context: CheckContext = {
      ...shared,
      network: { reach: isOurs ? 'local' : 'public', resolve },
      ...(debug && { transcribe: (_: string, taken: Step[]) => void transcripts.push(taken) }),
    };
    return { monitor, observation: await checkNow(monitor, context), ...(debug && { transcripts }) };
  };
  const { light = [], heavy = [] } = Object.groupBy(monitors, (monitor) =>
    probeTypeOf(monitor) === 'probe' ? 'light' : 'heavy',
  );
  const checked = await atOnce(light, look);
  // On AWS each has a function of its own: browsers that start together would make pages look slow.
  for (const monitor of heavy) checked.push(await look(monitor));
  return checked.toSorted((a, b) => monitors.indexOf(a.monitor) - monitors.indexOf(b.monitor));
}

/** Gone when it is of no use any more. */
function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-check-'));
  // Bundles find the driver of the browser here.
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(path, 'node_modules'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Who runs this stands in for the role of a probe. */
function givenCredentials(): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}

function transcript(checked: readonly Checked[]): string {
  // Asks the stream whether it is a terminal, and NO_COLOR.
  const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });
  const width = Math.max(...checked.map(({ monitor }) => monitor.id.length));
  return [
    ...checked.flatMap((one) => linesOf(one, width, paint)),
    '',
    summaryOf(checked.map(({ observation }) => observation)),
  ].join('\n');
}

/** The fields are those of `docs/checking.md`. */
function resourceOf({ monitor, observation, transcripts }: Checked) {
  // A picture is for those who look at the console.
  const { monitor: id, attempts, screenshot: _, ...seen } = observationResource(observation);
  return {
    monitor: id,
    name: monitor.name,
    kind: monitor.kind,
    ...seen,
    attempts: attempts.map((attempt, n) => ({
      ...attempt,
      ...(transcripts && { transcript: transcripts[n] }),
    })),
  };
}
