import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Monitor } from '../config/config.ts';
import { secretsIn } from '../config/secret.ts';
import { isTimeout, lateFailure, networkFailureOf, sentenceOf } from './browser/failure.ts';
import { type TakenStep, timed } from './browser/steps.ts';
import { measureVisit, pageProperties, unmet, type Visiting } from './browser/visit.ts';
import { browser } from './browser.ts';
import type { MonitorKind, ProbeContext } from './kind.ts';
import { hostOf } from './network/network.ts';
import {
  type DeclaredTest,
  type ScriptModule,
  type ScriptVisit,
  unsupportedError,
} from './script/contract.ts';
import { type ScriptSettings, scriptSettings } from './script/settings.ts';

/** Pages as the team's own Playwright code uses them: a function, or a spec. */
export const script: MonitorKind<ScriptSettings> = {
  kind: 'script',
  driver: browser.driver!,
  loadDriver: browser.loadDriver!,
  deployedDriver: browser.deployedDriver!,
  settings: scriptSettings,
  shorthand: 'file',
  every: browser.every!,
  timeout: browser.timeout!,
  properties: pageProperties,
  // What must hold is said by the script.
  defaultExpect: () => [],
  // Where it goes is said there as well, and vetted when it is connected to.
  hosts: () => [],
  secrets: ({ variables }) => [...new Set(secretsIn(variables))],
  files: ({ file }) => [file],
  async measure(monitor, context, before) {
    const module = await loadScript(monitor.id, context);
    return measureVisit(
      monitor,
      context,
      before,
      async () => module.tests[0]?.options() ?? {},
      (visiting) => play(module, monitor, visiting),
    );
  },
};

/** The folder of bundles of scripts in an asset. */
export const scriptsFolder = 'scripts';

/** Loads a script, once for as long as the function lives. Throws where it cannot be. */
async function loadScript(id: string, { browser: place }: ProbeContext): Promise<ScriptModule> {
  if (!place?.assets) throw new Error('there are no scripts here');
  const file = pathToFileURL(join(place.assets, scriptsFolder, `${id}.cjs`));
  const loaded: { default: ScriptModule } = await import(file.href);
  return loaded.default;
}

/** What a script does, as steps that are taken until one fails. */
async function play(
  { script: exported, tests }: ScriptModule,
  monitor: Monitor<ScriptSettings>,
  visiting: Visiting,
): Promise<TakenStep[]> {
  const variables = await variablesOf(monitor.settings, visiting);
  if (tests.length > 0) return runTests(tests, variables, visiting);
  const own = functionOf(exported, monitor.settings.file);
  const { page } = await visiting.open();
  return act(monitor.settings.file, page, visiting, (step) =>
    own({ page, context: page.context(), variables, step }),
  );
}

async function variablesOf({ variables }: ScriptSettings, { readSecret }: Visiting) {
  const read = Object.entries(variables).map(
    async ([name, value]) =>
      [name, typeof value === 'string' ? value : await readSecret(value.secret)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

type Script = (visit: ScriptVisit) => Promise<unknown>;

function functionOf(exported: Record<string, unknown>, file: string): Script {
  const functions = Object.values(exported).filter((one) => typeof one === 'function');
  const chosen = typeof exported.default === 'function' ? exported.default : functions[0];
  if (chosen === undefined || (chosen !== exported.default && functions.length > 1))
    throw new Error(
      `${file} must export one function by default, export default async function ({ page }) { … }, or be a Playwright spec; it exports ${Object.keys(exported).join(', ') || 'nothing'}`,
    );
  return chosen as Script;
}

async function runTests(
  tests: readonly DeclaredTest[],
  variables: Record<string, string>,
  visiting: Visiting,
): Promise<TakenStep[]> {
  const taken: TakenStep[] = [];
  let isWell = true;
  for (const test of tests) {
    if (!isWell) {
      taken.push({ name: test.name, outcome: 'unknown' });
      continue;
    }
    const options = test.options();
    const { page } = await visiting.open(options);
    const context = page.context();
    const fixtures = {
      page,
      context,
      request: context.request,
      browserName: 'chromium',
      baseURL: options.baseURL,
      variables,
    };
    const steps = await act(test.name, page, visiting, (step) => test.run({ ...fixtures, step }));
    isWell = steps.every(({ outcome }) => outcome === 'up');
    taken.push(...steps);
  }
  return taken;
}

/** Runs the team's code: the steps that it names itself, and itself as the last, which fails with what it throws. */
async function act(
  name: string,
  page: Awaited<ReturnType<Visiting['open']>>['page'],
  visiting: Visiting,
  work: (step: ScriptVisit['step']) => Promise<unknown>,
): Promise<TakenStep[]> {
  const steps: TakenStep[] = [];
  const context = page.context();
  context.setDefaultTimeout(Math.max(1, visiting.left()));
  const step: ScriptVisit['step'] = async (called, inner) => {
    let thrown: unknown;
    const done: { result?: Awaited<ReturnType<typeof inner>> } = {};
    const one = await timed(called, visiting, async () => {
      try {
        done.result = await inner();
      } catch (error) {
        thrown = error;
        throw failureOf(error, visiting);
      }
    });
    steps.push(one);
    if (thrown) throw thrown;
    return done.result!;
  };
  const whole = await timed(name, visiting, () => inTime(() => work(step), visiting));
  // The step that failed says so itself, unless the code made up for it.
  if (whole.outcome === 'down' && steps.some(({ outcome }) => outcome === 'down')) return steps;
  return [...steps.filter(({ outcome }) => outcome === 'up'), whole];
}

/** What the code throws, or that it does not end. */
async function inTime(work: () => Promise<unknown>, visiting: Visiting): Promise<void> {
  const over = AbortSignal.timeout(Math.max(1, Math.floor(visiting.left())));
  const { promise: late, reject } = Promise.withResolvers<never>();
  over.addEventListener('abort', () => reject(unmet('it was not over in time')), { once: true });
  try {
    await Promise.race([work(), late]);
  } catch (error) {
    throw failureOf(error, visiting);
  }
}

/** A page that was waited for in vain because no connection to its host came about. */
function stillConnecting(error: unknown, { proxy }: Visiting['session']): Error | undefined {
  const [, url] = /navigating to "([^"]+)"/.exec((error as Error).message) ?? [];
  const pending = url && URL.canParse(url) && proxy.failure(hostOf(new URL(url)));
  return pending ? lateFailure(url, false, 0, proxy) : undefined;
}

/** What ended the team's code: the network, its own verdict on the page, or what it asks for and we do not have. */
function failureOf(error: unknown, { session }: Visiting): unknown {
  const { name } = error as Error;
  if (name === 'AttemptFailed' || name === unsupportedError) return error;
  const said = sentenceOf(error);
  return (
    networkFailureOf(error, undefined, session.proxy) ??
    stillConnecting(error, session) ??
    unmet(isTimeout(error) ? said.replace(/^TimeoutError: /, '') : said, error)
  );
}
