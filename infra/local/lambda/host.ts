import { randomUUID } from 'node:crypto';
import type { Activity } from '../activity.ts';
import type { Clock } from '../clock.ts';
import { ServiceError } from '../service.ts';
import { startWorker } from './function-worker.ts';
import type { Outcome } from './messages.ts';
import { createPool, type WorkerPool } from './pool.ts';

/** Workers of one function at most; further invocations wait. */
const concurrency = 10;

/** A function as its template describes it. */
export interface FunctionSettings {
  name: string;
  arn: string;
  codeDirectory: string;
  handler: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Record<string, string>;
  logGroup: string;
  /** Unset: `concurrency`. */
  reservedConcurrency: number | undefined;
}

/** What becomes of asynchronous invocations, as `AWS::Lambda::EventInvokeConfig` says. */
export interface AsyncSettings {
  /** 0 to 2. */
  retries: number;
  maxAgeMs: number;
  /** Hears of an event given up, as an on-failure destination does. */
  giveUp(event: unknown, outcome: Outcome): void;
}

export interface LambdaHost {
  define(settings: FunctionSettings): void;
  configureAsync(target: string, settings: AsyncSettings): void;
  /** Invokes and waits for the outcome. Throws for a function that is not there. `target` is a name or an ARN. */
  invoke(target: string, event: unknown): Promise<Outcome>;
  /** Invokes without waiting, with Lambda's retries after one and two minutes. */
  invokeLater(target: string, event: unknown): void;
  /** Throws for a function that is not there. */
  get(target: string): FunctionSettings;
  list(): FunctionSettings[];
  /** From its next invocation on a function reaches nothing but the AWS endpoint, or everything again. */
  cutNetwork(target: string, isCut: boolean): void;
  /** Ends every worker. Invocations under way have no outcome any more. */
  stop(): void;
}

export interface HostOptions {
  clock: Clock;
  activity: Activity;
  /** The manual clock's time. */
  time: SharedArrayBuffer | undefined;
  /** One line a function wrote. */
  onLine(settings: FunctionSettings, line: string): void;
  onInvocation(settings: FunctionSettings, invocation: { outcome: Outcome; durationMs: number }): void;
}

interface Hosted {
  isCut: boolean;
  settings: FunctionSettings;
  pool: WorkerPool;
  asynchronous: AsyncSettings;
}

export function createLambdaHost(options: HostOptions): LambdaHost {
  const { clock, activity, time } = options;
  const hosted = new Map<string, Hosted>();
  let stopped = false;

  const get = (target: string): Hosted => {
    const known = hosted.get(target.startsWith('arn:') ? (target.split(':')[6] ?? '') : target);
    if (!known) throw new ServiceError('ResourceNotFoundException', `there is no function ${target}`, 404);
    return known;
  };

  const define = (settings: FunctionSettings) => {
    const onLine = (line: string) => options.onLine(settings, line);
    const limit = Math.min(concurrency, settings.reservedConcurrency ?? concurrency);
    const endpointPort = Number(new URL(settings.environment.AWS_ENDPOINT_URL ?? 'http://localhost').port);
    const start = () => {
      const onlyPort = known.isCut ? endpointPort : undefined;
      return startWorker({ ...settings, clock, activity, time, onLine, onlyPort });
    };
    const known: Hosted = {
      isCut: false,
      settings,
      pool: createPool(start, limit),
      asynchronous: lambdaDefaults,
    };
    hosted.set(settings.name, known);
  };

  const invoke = (target: string, event: unknown): Promise<Outcome> => {
    if (stopped) return new Promise(() => {});
    const { settings, pool } = get(target);
    return pool.with(async (worker) => {
      const from = clock.now();
      const outcome = await worker.invoke(event, {
        functionName: settings.name,
        invokedFunctionArn: settings.arn,
        memoryLimitInMB: String(settings.memoryMb),
        awsRequestId: randomUUID(),
        logGroupName: settings.logGroup,
        logStreamName: 'local',
        deadline: from + settings.timeoutMs,
      });
      options.onInvocation(settings, { outcome, durationMs: clock.now() - from });
      return outcome;
    });
  };

  const attempt = async (target: string, event: unknown, first: number, tried: number): Promise<void> => {
    const outcome = await invoke(target, event);
    if (outcome.ok) return;
    const { retries, maxAgeMs, giveUp } = get(target).asynchronous;
    const next = clock.now() + tried * 60_000;
    if (tried > retries || next - first > maxAgeMs) return giveUp(event, outcome);
    clock.at(next, () => void attempt(target, event, first, tried + 1));
  };

  return {
    define,
    configureAsync: (target, asynchronous) => {
      get(target).asynchronous = asynchronous;
    },
    invoke,
    invokeLater: (target, event) => {
      get(target);
      void attempt(target, event, clock.now(), 1);
    },
    get: (target) => get(target).settings,
    list: () => [...hosted.values()].map(({ settings }) => settings),
    cutNetwork: (target, isCut) => {
      const known = get(target);
      known.isCut = isCut;
      known.pool.renew();
    },
    stop: () => {
      stopped = true;
      for (const { pool } of hosted.values()) pool.stop();
    },
  };
}

const lambdaDefaults: AsyncSettings = { retries: 2, maxAgeMs: 6 * 3_600_000, giveUp: () => {} };
