import { Worker } from 'node:worker_threads';
import type { Activity } from '../activity.ts';
import type { Clock } from '../clock.ts';
import type {
  FromWorker,
  FunctionError,
  InvocationContext,
  Outcome,
  ToWorker,
  WorkerData,
} from './messages.ts';
import { javaScriptUrl } from './worker-code.ts';

/** A thread that holds one function and runs one invocation at a time. */
export interface FunctionWorker {
  /** Never rejects: what goes wrong is in the outcome. */
  invoke(event: unknown, context: InvocationContext): Promise<Outcome>;
  /** False once the thread has ended; it takes no further invocation. */
  alive(): boolean;
  /** Ends the thread; an invocation under way has no outcome any more. */
  stop(): void;
}

export interface WorkerOptions extends WorkerData {
  environment: Record<string, string>;
  memoryMb: number;
  timeoutMs: number;
  clock: Clock;
  activity: Activity;
  onLine(line: string): void;
}

export function startWorker(options: WorkerOptions): FunctionWorker {
  const { clock, activity, timeoutMs } = options;
  const thread = openThread(options);
  const timers = new Map<number, { cancel(): void }>();
  let sent = 0;
  let alive = true;
  let settle: ((outcome: Outcome) => void) | undefined;
  let busy = notBusy;

  const post = (message: ToWorker) => {
    sent++;
    thread.postMessage(message);
  };

  /** The thread works until it says it is idle. A manual clock stands still meanwhile, so this deadline is real. */
  const work = () => {
    busy.end();
    const end = activity.begin();
    const stuck = options.time && setTimeout(() => fail(timedOut(timeoutMs)), timeoutMs);
    busy = {
      end: () => {
        clearTimeout(stuck);
        end();
      },
    };
  };

  const finish = (outcome: Outcome) => {
    settle?.(outcome);
    settle = undefined;
    busy.end();
  };

  const stop = () => {
    alive = false;
    settle = undefined;
    for (const timer of timers.values()) timer.cancel();
    void thread.terminate();
    busy.end();
  };

  const fail = (error: FunctionError) => {
    finish({ ok: false, error });
    stop();
  };

  const setTimer = (timer: number, at: number) => {
    const fire = () => {
      timers.delete(timer);
      if (!alive) return;
      if (settle) work();
      post({ kind: 'fire', timer });
    };
    timers.set(timer, clock.at(at, fire));
  };

  const clearTimer = (timer: number) => {
    timers.get(timer)?.cancel();
    timers.delete(timer);
  };

  thread.on('message', (message: FromWorker) => {
    if (message.kind === 'line') options.onLine(message.line);
    else if (message.kind === 'timer') setTimer(message.timer, message.at);
    else if (message.kind === 'clear') clearTimer(message.timer);
    else if (message.kind === 'ended') finish(message.outcome);
    else if (message.received === sent) busy.end();
  });
  thread.on('error', (error: unknown) => {
    options.onLine(`ERROR Uncaught Exception ${error instanceof Error ? error.stack : String(error)}`);
    fail(exited(error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
  });
  thread.on('exit', (code) => fail(exited(`exit status ${code}`)));

  const invoke = (event: unknown, context: InvocationContext) =>
    new Promise<Outcome>((resolve) => {
      const deadline = clock.at(context.deadline, () => {
        options.onLine(`${context.awsRequestId} ${timedOut(timeoutMs).errorMessage}`);
        fail(timedOut(timeoutMs));
      });
      settle = (outcome) => {
        deadline.cancel();
        resolve(outcome);
      };
      work();
      post({ kind: 'invoke', event, context });
    });

  return { invoke, alive: () => alive, stop };
}

const workerUrl = javaScriptUrl(new URL('./worker.ts', import.meta.url));

const notBusy = { end: () => {} };

function openThread({
  environment,
  memoryMb,
  codeDirectory,
  handler,
  onlyPort,
  time,
}: WorkerOptions): Worker {
  const workerData: WorkerData = { codeDirectory, handler, onlyPort, time };
  return new Worker(workerUrl, {
    workerData,
    env: environment,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Small young generations keep a dozen functions within the memory of one browser tab.
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 2 },
  });
}

const timedOut = (ms: number): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `Task timed out after ${(ms / 1_000).toFixed(2)} seconds`,
  trace: [],
});

const exited = (why: string): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `Runtime exited with error: ${why}`,
  trace: [],
});
