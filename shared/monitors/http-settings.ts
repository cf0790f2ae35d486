import { validateHeaderName } from 'node:http';
import * as z from 'zod/mini';
import { certificatePem, tlsFields } from './tls-settings.ts';

const secretReference = z.strictObject({ secret: z.string() });

/** Text, or a reference to a secret. */
const textOrSecret = z.union([z.string(), secretReference]);

const url = z.string().check(
  z.refine(
    (text) => ['http:', 'https:'].includes(protocolOf(text) ?? ''),
    'must be a URL that starts with http:// or https://',
  ),
  z.refine(
    (text) => !URL.canParse(text) || !(new URL(text).username || new URL(text).password),
    'must not hold a user name or password: write auth: { basic: { username, password: secret(…) } }',
  ),
);

const headerName = z.string().check(z.refine(isHeaderName, 'must be a header name such as x-api-key'));

const headerValue = z.union([
  z
    .string()
    .check(z.refine((text) => !/[^\t\x20-\x7e\x80-\xff]/.test(text), 'must be one line of Latin-1 text')),
  secretReference,
]);

/** What an HTTP(S) monitor may be given besides what all monitors share. */
export const httpSettings = z.strictObject({
  /** Where the request goes: http or https. */
  url,
  /** Default GET. */
  method: z._default(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']), 'GET'),
  /** By name; a value may be `secret('name')`. Default none (`user-agent: Tocsin` and `accept` are sent unless given). */
  headers: z._default(z.record(headerName, headerValue), {}),
  /**
   * Text, or any other JSON value, which is sent as JSON with its content type; text anywhere in it may be `secret('name')`.
   * Default none.
   */
  body: z.optional(z.json()),
  /** Credentials; sent to the first origin only, never after a redirect to another. Default none. */
  auth: z.optional(
    z.union([
      z.strictObject({
        /** Basic authentication. */
        basic: z.strictObject({
          /** Text: it is not kept secret. */
          username: z.string(),
          /** Better a secret than text. */
          password: textOrSecret,
        }),
      }),
      z.strictObject({
        /** The token of `authorization: Bearer …`; better a secret than text. */
        bearer: textOrSecret,
      }),
    ]),
  ),
  /** Redirects to follow, 0 to 20; with 0 the redirect itself is the answer. Default 5. */
  redirects: z._default(z.int().check(z.minimum(0), z.maximum(20)), 5),
  /** Bytes of the body that are read (after decompression), up to 10 MB; the rest is not fetched. Default 1,000,000. */
  maxBody: z._default(z.int().check(z.minimum(0), z.maximum(10_000_000)), 1_000_000),
  /** 4, 6, or `any`: IPv4 addresses first, then IPv6. Default 4: Lambda has no IPv6 outside a VPC. */
  ipFamily: z._default(z.union([z.literal(4), z.literal(6), z.literal('any')]), 4),
  /**
   * The target is expected to refuse: up when it answers with 4xx or 5xx and `expect` holds as well, which by default asks only for
   * the certificate. No answer at all is no refusal: a connection that fails or is too slow is down, as always. Default false.
   */
  shouldFail: z.optional(z.boolean()),
  /** How the server's TLS is asked for and judged. */
  tls: z._default(
    z
      .strictObject({
        ...tlsFields,
        /** PEM of the certificate to show where the server asks for one, with those of its issuers. Default none. */
        cert: z.optional(certificatePem('cert')),
        /** PEM of the private key of `cert`, a secret. Default none. */
        key: z.optional(secretReference),
      })
      .check(
        z.refine(
          ({ cert, key }) => (cert === undefined) === (key === undefined),
          "must be with a certificate and its key, or with neither: write tls: { cert: readFileSync('cert.pem', 'utf8'), key: secret('client-key') }",
        ),
      ),
    { verify: true },
  ),
});

export type HttpSettings = z.infer<typeof httpSettings>;

function protocolOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).protocol : undefined;
}

function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch {
    return false;
  }
}
