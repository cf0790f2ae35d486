import type { FromWorker } from './messages.ts';

type Callback = (...values: unknown[]) => void;

/**
 * Puts this thread's `Date`, `setTimeout` and `setInterval` on the runtime's clock. Deadlines of sockets,
 * `AbortSignal.timeout` and `setImmediate` stay real.
 * @param shared the time, as the manual clock writes it
 * @returns runs a timer that is due
 */
export function installTime(
  shared: SharedArrayBuffer,
  send: (message: FromWorker) => void,
): (timer: number) => void {
  const cell = new BigInt64Array(shared);
  const now = () => Number(Atomics.load(cell, 0));
  const timers = new Map<number, { callback: () => void; every: number | undefined }>();
  let last = 0;

  const ask = (timer: number, ms: number) => send({ kind: 'timer', timer, at: now() + ms });

  const start = (callback: Callback, delay: unknown, values: unknown[], repeats: boolean) => {
    const ms = Math.max(1, Number(delay) || 0);
    const timer = ++last;
    timers.set(timer, { callback: () => callback(...values), every: repeats ? ms : undefined });
    ask(timer, ms);
    return handleOf(timer, () => ask(timer, ms));
  };

  const clear = (handle: unknown) => {
    const timer = Number(handle);
    if (timers.delete(timer)) send({ kind: 'clear', timer });
  };

  /** As Node's `Timeout`, of which `ref` and `unref` mean nothing here. */
  const handleOf = (timer: number, refresh: () => void) => {
    const handle = {
      ref: () => handle,
      unref: () => handle,
      hasRef: () => true,
      refresh: () => {
        send({ kind: 'clear', timer });
        refresh();
        return handle;
      },
      close: () => clear(timer),
      [Symbol.toPrimitive]: () => timer,
      [Symbol.dispose]: () => clear(timer),
    };
    return handle;
  };

  Object.assign(globalThis, {
    Date: dateOn(now),
    setTimeout: (callback: Callback, ms?: unknown, ...values: unknown[]) =>
      start(callback, ms, values, false),
    setInterval: (callback: Callback, ms?: unknown, ...values: unknown[]) =>
      start(callback, ms, values, true),
    clearTimeout: clear,
    clearInterval: clear,
  });

  return (timer) => {
    const due = timers.get(timer);
    if (!due) return;
    if (due.every === undefined) timers.delete(timer);
    else ask(timer, due.every);
    due.callback();
  };
}

/** `Date` with another idea of now. */
function dateOn(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
  });
}
