import type { LocalRequest } from '../listen.ts';
import { ServiceError } from '../service.ts';
import { decodeQuery } from './query-protocol.ts';

/** How a request came, and so how its answer goes. */
export type Protocol = 'json' | 'query' | 'rest';

/** A request of an AWS client, whatever the wire format. */
export interface AwsCall {
  protocol: Protocol;
  /** Signing name: `sqs`, `sns`, `monitoring`, `dynamodb`, `ssm`, `ses`, `events`, `lambda`. */
  service: string;
  operation: string;
  input: Record<string, unknown>;
  /** Region that the request is signed for. */
  region: string;
  /** Access key id. */
  caller: string;
}

/** Signing name by the prefix of `X-Amz-Target`. */
const targets: Record<string, string> = {
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  GraniteServiceVersion20100801: 'monitoring',
  DynamoDB_20120810: 'dynamodb',
  AWSEvents: 'events',
};

const sendEmail = /^\/v2\/email\/outbound-emails$/;
const accountOfSes = /^\/v2\/email\/account$/;
const emailIdentity = /^\/v2\/email\/identities\/([^/]+)$/;
const invokeFunction = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Throws `ServiceError` for an unsigned request and one of no service known here. */
export function readCall(request: LocalRequest): AwsCall {
  const { service: scope, region, caller } = credentialOf(request);
  const text = request.body.toString('utf8');
  const [prefix, operation] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (prefix && operation) {
    const service = Object.hasOwn(targets, prefix) ? targets[prefix] : undefined;
    if (!service) throw unknown(prefix);
    return { protocol: 'json', service, operation, input: parseInput(text), region, caller };
  }
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return { protocol: 'query', service: scope, ...decodeQuery(text), region, caller };
  const rest = { protocol: 'rest', region, caller } as const;
  const path = request.url.pathname;
  if (request.method === 'POST' && sendEmail.test(path))
    return { ...rest, service: 'ses', operation: 'SendEmail', input: parseInput(text) };
  if (request.method === 'GET' && accountOfSes.test(path))
    return { ...rest, service: 'ses', operation: 'GetAccount', input: {} };
  const identity = emailIdentity.exec(path)?.[1];
  if (request.method === 'GET' && identity) {
    const input = { EmailIdentity: decoded(identity) };
    return { ...rest, service: 'ses', operation: 'GetEmailIdentity', input };
  }
  const invoked = invokeFunction.exec(path)?.[1];
  if (request.method === 'POST' && invoked) return { ...rest, ...invocation(invoked, request, text) };
  throw unknown(`${scope}: ${request.method} ${path}`);
}

function invocation(path: string, { headers }: LocalRequest, text: string) {
  const name = decoded(path);
  const isArn = name.startsWith('arn:');
  const input = {
    // An ARN may end with an alias or a version.
    FunctionName: name.split(':').at(isArn ? 6 : -1),
    ...(isArn && { Arn: name }),
    InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse',
    Payload: parseJson(text),
  };
  return { service: 'lambda', operation: 'Invoke', input };
}

/** What Signature Version 4 says about who calls what; the signature itself is not checked. */
function credentialOf({ headers }: LocalRequest): Pick<AwsCall, 'service' | 'region' | 'caller'> {
  const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '');
  if (!scope) throw new ServiceError('MissingAuthenticationToken', 'the request is not signed', 403);
  return { caller: scope[1]!, region: scope[2]!, service: scope[3]! };
}

function parseInput(text: string): Record<string, unknown> {
  const input = parseJson(text);
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new ServiceError('SerializationException', 'the body is no JSON object');
  return input as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new ServiceError('SerializationException', 'the body is not JSON');
  }
}

/** A part of a path. Throws `ServiceError` where its escapes are none. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ServiceError('ValidationException', `${part} is not percent-encoded`);
  }
}

const unknown = (what: string) =>
  new ServiceError('UnknownOperationException', `the local runtime has no ${what}`, 404);
