/** What a worker thread and the runtime tell each other. Messages of one direction arrive in order. */

/** Given to a worker when it starts. */
export interface WorkerData {
  /** Directory of the function's asset. */
  codeDirectory: string;
  /** `<file>.<export>`, as in the template. */
  handler: string;
  /** Loses its network, but for this port: that of the AWS endpoint. Undefined: it has one. */
  onlyPort: number | undefined;
  /** The manual clock's time; undefined runs on the machine's clock. */
  time: SharedArrayBuffer | undefined;
}

export type ToWorker =
  | { kind: 'invoke'; event: unknown; context: InvocationContext }
  /** A timer of the function is due. */
  | { kind: 'fire'; timer: number };

export type FromWorker =
  /** One line of output. */
  | { kind: 'line'; line: string }
  /** The function waits for the runtime's clock. */
  | { kind: 'timer'; timer: number; at: number }
  | { kind: 'clear'; timer: number }
  /** The invocation ended; its output has been sent before. */
  | { kind: 'ended'; outcome: Outcome }
  /** Nothing keeps the event loop alive, `received` messages of ours being handled. */
  | { kind: 'idle'; received: number };

export interface InvocationContext {
  functionName: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  /** Epoch milliseconds. */
  deadline: number;
}

/** What came of an invocation. */
export type Outcome = { ok: true; payload: unknown } | { ok: false; error: FunctionError };

export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}
