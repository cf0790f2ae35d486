import * as z from 'zod/mini';
import { endpoint } from '../network/endpoint.ts';
import { secretReference, serverFields } from '../network/server-settings.ts';

/** Names that HTTP/2 and gRPC keep for themselves. */
const reserved =
  /^(?:grpc-.*|connection|upgrade|keep-alive|proxy-connection|transfer-encoding|http2-settings|te|host|content-type|content-length)$/;

const metadataName = z.string().check(
  z.regex(/^[a-z0-9_.-]+$/, 'must be a name in lower-case letters, digits, dots and dashes: write x-api-key'),
  z.refine(
    (name) => !reserved.test(name),
    'must be a name that gRPC does not keep for itself: choose another',
  ),
);

const metadataValue = z.union([
  z.string().check(z.regex(/^[\x20-\x7e]*$/, 'must be one line of ASCII text')),
  secretReference,
]);

/** What a gRPC monitor may be given besides what all monitors share. */
export const grpcSettings = z.strictObject({
  /** Host and port: `api.example.com:443`. */
  target: endpoint(),
  /** Service whose health is asked for, by its full name: `shop.v1.Orders`. Default: the whole server. */
  service: z._default(z.string().check(z.maxLength(200)), ''),
  /** Sent with the call, by name; a value may be `secret('name')`. Default none. */
  metadata: z._default(z.record(metadataName, metadataValue), {}),
  ...serverFields,
});

export type GrpcSettings = z.infer<typeof grpcSettings>;
