import type { Clock } from './clock.ts';

/** What every emulated service may use of the runtime. */
export interface Runtime {
  clock: Clock;
  region: string;
  account: string;
  /** Directory that survives restarts; undefined keeps everything in memory. */
  stateDir: string | undefined;
  /** One line for the person who runs this. */
  log(line: string): void;
}

/** One request of an AWS client. Input and output have the members of the JSON protocol, whatever the wire format. */
export interface Call {
  /** As in the service's model, e.g. `SendMessage`. */
  operation: string;
  input: Record<string, unknown>;
  /** Access key id; names the function that calls, undefined for an unsigned request. */
  caller: string | undefined;
}

export type Answer = Record<string, unknown>;

export interface Service {
  /** Answers, or throws `ServiceError` to refuse. */
  handle(call: Call): Answer | Promise<Answer>;
}

/** A refusal with AWS's own code; the endpoint renders it in the protocol of the request. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error in the JSON protocols, e.g. `CancellationReasons`. */
  readonly members: Answer;
  constructor(code: string, message: string, status = 400, members: Answer = {}) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
