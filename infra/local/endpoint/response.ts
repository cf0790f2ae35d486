import { randomUUID } from 'node:crypto';
import type { LocalResponse } from '../listen.ts';
import type { ServiceError } from '../service.ts';
import { encodeQuery, encodeQueryError } from './query-protocol.ts';
import type { AwsCall, Protocol } from './request.ts';

/** An answer in the protocol of the call. */
export function encodeAnswer(call: AwsCall, output: Record<string, unknown>): LocalResponse {
  const requestId = randomUUID();
  if (call.protocol === 'query') return xml(200, requestId, encodeQuery({ ...call, requestId }, output));
  const type = call.protocol === 'rest' ? 'application/json' : 'application/x-amz-json-1.0';
  return {
    status: 200,
    headers: { 'content-type': type, 'x-amzn-requestid': requestId },
    body: JSON.stringify(output),
  };
}

/** A refusal in that protocol, with the code where clients look for it. */
export function encodeRefusal(
  protocol: Protocol,
  { code, message, status, members }: ServiceError,
): LocalResponse {
  const requestId = randomUUID();
  if (protocol === 'query') return xml(status, requestId, encodeQueryError(code, message, requestId));
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': code,
    },
    body: JSON.stringify({ __type: code, message, Message: message, ...members }),
  };
}

const xml = (status: number, requestId: string, body: string): LocalResponse => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
});
