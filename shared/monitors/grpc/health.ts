/**
 * The two messages of gRPC's health protocol, which are too small for a library.
 * https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */

export const healthPath = '/grpc.health.v1.Health/Check';

/** Serving statuses by their numbers. */
export const servingStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

/** Status codes by their numbers. https://grpc.io/docs/guides/status-codes/ */
export const grpcCodes = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** Bytes before each message: whether it is compressed, and its length. */
const prefix = 5;

/** Field 1, with a length, and with a number of variable length. */
const serviceTag = 0x0a;
const statusTag = 0x08;

/** A HealthCheckRequest in its frame; an empty name asks for the whole server. */
export function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([serviceTag, ...varint(name.length)]), name]);
  const frame = Buffer.alloc(prefix + message.length);
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, prefix);
  return frame;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}

/**
 * The status in a HealthCheckResponse in its frame.
 * @throws SyntaxError where the bytes are no such response
 */
export function decodeResponse(frame: Buffer): string {
  if (frame.length < prefix || frame.length !== prefix + frame.readUInt32BE(1))
    throw new SyntaxError('the answer is not one whole message');
  if (frame[0] !== 0) throw new SyntaxError('the answer is compressed');
  const [tag, number, ...more] = frame.subarray(prefix);
  // Zero is not written.
  if (tag === undefined) return servingStatuses[0];
  const status = number === undefined ? undefined : servingStatuses[number];
  if (tag !== statusTag || status === undefined || more.length > 0)
    throw new SyntaxError('the answer is no HealthCheckResponse');
  return status;
}
