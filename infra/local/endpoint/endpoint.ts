import type { LambdaHost } from '../lambda/host.ts';
import { type Answerer, json, type LocalRequest, type LocalResponse } from '../listen.ts';
import type { Attempt } from '../policy.ts';
import { type Service, ServiceError } from '../service.ts';
import { attemptsOf, type Place } from './permissions.ts';
import { type AwsCall, decoded, readCall } from './request.ts';
import { encodeAnswer, encodeRefusal } from './response.ts';

export interface EndpointOptions {
  place: Place;
  /** By signing name. */
  services: Record<string, Service>;
  lambda: LambdaHost;
  /** Why this caller may not do that; undefined when it may. */
  refusal(caller: string, attempt: Attempt): string | undefined;
  /** What is posted to `/outbox/<channel>`. */
  capture(channel: string, request: LocalRequest): Promise<LocalResponse>;
  /** Runs a function that is not of the stack, by its ARN. Undefined where it knows none. */
  runOutside?(arn: string, payload: unknown): LocalResponse | undefined;
  log(line: string): void;
}

/** The AWS endpoint: for SDK clients, the `aws` command and our own signed requests, all unchanged. */
export function awsEndpoint(options: EndpointOptions): Answerer {
  return async (request) => {
    const channel = /^\/outbox\/([^/]+)$/.exec(request.url.pathname)?.[1];
    let call: AwsCall | undefined;
    try {
      if (channel && request.method === 'POST') return await options.capture(decoded(channel), request);
      call = readCall(request);
      return await answer(call, options);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return encodeRefusal(call?.protocol ?? protocolOf(request), error);
    }
  };
}

async function answer(call: AwsCall, options: EndpointOptions): Promise<LocalResponse> {
  authorize(call, options);
  if (call.service === 'lambda') return invoke(call.input, options);
  const service = options.services[call.service];
  if (!service)
    throw new ServiceError('UnknownOperationException', `the local runtime has no ${call.service}`);
  return encodeAnswer(call, await service.handle(call));
}

function authorize(call: AwsCall, { place, refusal, log }: EndpointOptions): void {
  // A probe is asked in its own Region; for all else one Region stands for all.
  const there = call.service === 'lambda' ? { ...place, region: call.region } : place;
  for (const attempt of attemptsOf(call.service, call.operation, call.input, there)) {
    const refused = refusal(call.caller, attempt);
    if (refused === undefined) continue;
    const message = `${call.caller} is not authorized to perform ${attempt.action} on ${attempt.resource}: ${refused}`;
    log(`ACCESS DENIED: ${message}`);
    throw new ServiceError(
      call.service === 'sns' ? 'AuthorizationError' : 'AccessDeniedException',
      message,
      403,
    );
  }
}

/** Lambda's own answers: nothing for an event, else the payload, with a header when it is an error. */
async function invoke(
  input: AwsCall['input'],
  { lambda, runOutside }: EndpointOptions,
): Promise<LocalResponse> {
  const outside = typeof input.Arn === 'string' ? runOutside?.(input.Arn, input.Payload) : undefined;
  if (outside) return outside;
  const name = String(input.FunctionName);
  if (input.InvocationType === 'Event') {
    lambda.invokeLater(name, input.Payload);
    return { status: 202 };
  }
  const outcome = await lambda.invoke(name, input.Payload);
  if (outcome.ok) return json(200, outcome.payload);
  const failed = json(200, outcome.error);
  return { ...failed, headers: { ...failed.headers, 'x-amz-function-error': 'Unhandled' } };
}

const protocolOf = ({ headers }: LocalRequest) =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'query' : 'json';
