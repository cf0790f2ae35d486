/** A command of the command line: one file in this folder, one line in `commands.ts`. */
export interface Command {
  /** What it does, in one line of the help. */
  summary: string;
  /** What may follow its name, e.g. `[--config FILE]`. */
  usage: string;
  /** @throws UsageError where the arguments make no sense */
  run(args: string[]): Promise<ExitCode>;
}

/** 0 good, 1 something is down or invalid, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** The command line makes no sense. The message says what is wrong with it. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/** What was asked for cannot be done. The message says why, and its last line what to run or write next. Ends with exit code 1. */
export class CommandError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
  }
}
