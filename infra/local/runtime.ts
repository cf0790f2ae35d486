import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../shared/config/config.ts';
import { createActivity } from './activity.ts';
import { configOf } from './channel-secrets.ts';
import { type RuntimeClock, realClock } from './clock.ts';
import { deploy } from './deployment.ts';
import { type Answerer, type Listening, listen, text } from './listen.ts';
import type { Logs } from './logs.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import type { Runtime } from './service.ts';
import type { OutboxEntry } from './services/outbox.ts';
import { synthesize } from './synth.ts';
import { loadStacks, type Stack } from './template.ts';
import { createWorld, type World } from './world.ts';

const account = '000000000000';

export interface Options {
  /** A synthesized `cdk.out`; synthesized from `config` when undefined. */
  template?: string;
  /** The project's own `tocsin.config.ts` when undefined. */
  config?: string;
  /** Of console and API; the AWS endpoint takes the next one. 0 (default) takes any two. */
  port?: number;
  /** Where state survives a restart, and what is synthesized lies; without it everything but the template is in memory. */
  stateDir?: string;
  /** Forgets what an earlier run left there. */
  fresh?: boolean;
  /** A clock that is moved by hand, from this time (epoch milliseconds) on. The machine's clock when undefined. */
  manualFrom?: number;
  /** Secrets by environment name, e.g. `SLACK_WEBHOOK`. */
  secrets?: Record<string, string | undefined>;
  region?: string;
  log?(line: string): void;
}

export interface Running {
  /** `http://localhost:<port>`: console, API and `/local/…`. */
  url: string;
  /** `http://127.0.0.1:<port>`: for AWS clients. */
  endpoint: string;
  clock: RuntimeClock;
  /** Unset on the machine's clock. */
  manual: ManualClock | undefined;
  /** For those who look behind the HTTP interfaces. */
  world: World;
  logs: Logs;
  /** What the functions run on; undefined when none carries it. */
  config: Config | undefined;
  outbox(): OutboxEntry[];
  stop(): Promise<void>;
}

/**
 * Runs the synthesized template on this machine. Resolves when everything is made and the first schedules are due.
 * Throws `SynthesisFailed`, `CannotDeploy`, and where a port is taken.
 */
export async function start(options: Options = {}): Promise<Running> {
  const log = options.log ?? (() => {});
  const report = (error: unknown) => log(`ERROR ${error instanceof Error ? error.stack : String(error)}`);
  const activity = createActivity();
  const manual =
    options.manualFrom === undefined ? undefined : manualClock(options.manualFrom, activity, report);
  const clock = manual ?? realClock(report);

  // The ports come first: addresses are part of what is made, and state must not be touched while another runs on it.
  const ports = await openPorts(options.port ?? 0, report);
  const scratch = mkdtempSync(join(tmpdir(), 'tocsin-'));
  let world: World | undefined;
  const stop = async () => {
    world?.lambda.stop();
    clock.stop();
    await ports.close();
    await world?.close();
    rmSync(scratch, { recursive: true });
  };
  try {
    const stateDir = prepareState(options);
    const stacks = await findStacks(options, scratch, log);
    const [stack] = stacks;
    const region = options.region ?? stack.region ?? 'us-east-1';
    const runtime: Runtime = { clock, region, account, stateDir, log };
    const addresses = { url: ports.url, endpoint: ports.endpoint };
    const secrets = options.secrets ?? {};
    world = await createWorld({ runtime, activity, manual, stack, addresses, secrets });
    ports.serve(world.people, world.machines);
    await deploy(stacks, world);
    const { logs, outbox } = world;
    return { ...addresses, clock, manual, world, logs, config: configOf(stack), outbox: outbox.list, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Ports {
  url: string;
  endpoint: string;
  /** Until then everything is answered 503. */
  serve(people: Answerer, machines: Answerer): void;
  close(): Promise<void>;
}

async function openPorts(port: number, report: (error: unknown) => void): Promise<Ports> {
  const starting: Answerer = () => text(503, 'still starting');
  let people = starting;
  let machines = starting;
  const first = await listen({ port, ownPages: true, report }, (request) => people(request));
  let second: Listening;
  try {
    second = await listen({ port: port && port + 1, ownPages: false, report }, (request) =>
      machines(request),
    );
  } catch (error) {
    await first.close();
    throw error;
  }
  return {
    url: `http://localhost:${first.port}`,
    endpoint: `http://127.0.0.1:${second.port}`,
    serve: (forPeople, forMachines) => {
      people = forPeople;
      machines = forMachines;
    },
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
}

function prepareState({ stateDir, fresh }: Options): string | undefined {
  if (stateDir && fresh) rmSync(stateDir, { recursive: true, force: true });
  if (stateDir) mkdirSync(stateDir, { recursive: true });
  return stateDir;
}

/** The main stack first: all others know it by name, so depend on it. */
async function findStacks(
  { template, config, stateDir }: Options,
  scratch: string,
  log: (line: string) => void,
): Promise<[main: Stack, ...others: Stack[]]> {
  const directory = resolve(template ?? join(stateDir ?? scratch, 'cdk.out'));
  if (!template) {
    const warnings = await synthesize(directory, config);
    if (warnings) log(warnings);
  }
  const [main, ...others] = loadStacks(directory);
  if (!main) throw new Error(`${directory} has no stack: synthesize one with npx cdk synth`);
  return [main, ...others];
}
