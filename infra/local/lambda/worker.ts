/** Entry of a worker thread: one function, one invocation at a time, as Lambda's own runtime does. */
import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { captureOutput } from './captured-output.ts';
import type { FromWorker, FunctionError, Outcome, ToWorker, WorkerData } from './messages.ts';
import { cutNetwork } from './worker-network.ts';
import { installTime } from './worker-time.ts';

type Handler = (event: unknown, context: object) => unknown;

const { codeDirectory, handler, onlyPort, time } = workerData as WorkerData;
const port = parentPort!;
const send = (message: FromWorker) => port.postMessage(message);

const flushOutput = captureOutput((line) => send({ kind: 'line', line }));
if (onlyPort !== undefined) cutNetwork(onlyPort);
const fire = time ? installTime(time, send) : () => {};

let received = 0;
let loaded: Handler | undefined;

/*
 * The port is let go while a message is handled, so the event loop empties, and `beforeExit` comes, exactly when
 * the function does nothing but wait for the runtime: no socket, no lookup, no work in another thread.
 */
port.on('message', (message: ToWorker) => {
  received++;
  port.unref();
  if (message.kind === 'fire') fire(message.timer);
  else void invoke(message).then((outcome) => send({ kind: 'ended', outcome }));
});
port.unref();
process.on('beforeExit', () => {
  port.ref();
  send({ kind: 'idle', received });
});

async function invoke({ event, context }: Extract<ToWorker, { kind: 'invoke' }>): Promise<Outcome> {
  try {
    loaded ??= load();
    const { deadline, ...known } = context;
    const getRemainingTimeInMillis = () => deadline - Date.now();
    const payload = await loaded(event, { ...known, functionVersion: '$LATEST', getRemainingTimeInMillis });
    // Lambda answers JSON: what JSON cannot say is lost here as well.
    const json = JSON.stringify(payload);
    return { ok: true, payload: json === undefined ? null : JSON.parse(json) };
  } catch (error) {
    const described = describe(error);
    process.stderr.write(`ERROR Invoke Error ${JSON.stringify(described)}\n`);
    return { ok: false, error: described };
  } finally {
    flushOutput();
  }
}

function load(): Handler {
  const dot = handler.lastIndexOf('.');
  const module = join(codeDirectory, handler.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map((suffix) => module + suffix).find((path) => existsSync(path));
  if (!file) throw new Error(`handler ${handler}: there is no ${module}.js, .mjs or .cjs`);
  const exported = createRequire(file)(file)[handler.slice(dot + 1)];
  if (typeof exported !== 'function') throw new Error(`handler ${handler}: ${file} exports no such function`);
  return exported;
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

// On Lambda a .js file without a package.json beside it is CommonJS; here the project's own package.json would decide.
const asset = pathToFileURL(codeDirectory + '/').href;
if (!existsSync(join(codeDirectory, 'package.json'))) {
  registerHooks({
    load: (url, context, next) =>
      next(url, url.startsWith(asset) && url.endsWith('.js') ? { ...context, format: 'commonjs' } : context),
  });
}
