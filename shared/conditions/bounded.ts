import type { Context, Script } from 'node:vm';

/** Where work is done that may have to be stopped: made for the first of it, for most checks have none. */
let sandbox: { context: Context; script: Script } | undefined;

function openSandbox() {
  const { createContext, Script } = process.getBuiltinModule('node:vm');
  return { context: createContext({}), script: new Script('work()') };
}

/** How often work is begun again that a busy machine gave no time to. */
const longestWait = 16;

/**
 * Does work that could take for ever, such as matching a pattern, and stops it once it has had `limit` milliseconds of the processor:
 * undefined then. Time in which the machine was busy with something else does not count, up to 16 times as much. Work that is
 * stopped is begun anew, so it must have no effect. Throws what it throws.
 */
export function bounded<Result>(limit: number, work: () => Result): { result: Result } | undefined {
  sandbox ??= openSandbox();
  const { context, script } = sandbox;
  for (let time = limit; time <= limit * longestWait; time *= 2) {
    const before = process.threadCpuUsage();
    context.work = work;
    try {
      return { result: script.runInContext(context, { timeout: time }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const { user, system } = process.threadCpuUsage(before);
      if ((user + system) / 1_000 >= limit * enough) return undefined;
    } finally {
      context.work = undefined;
    }
  }
  return undefined;
}

/** Of the limit: the clock that stops work and the one that counts its time are not the same. */
const enough = 0.9;
