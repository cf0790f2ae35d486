import { validateHeaderName } from 'node:http';
import * as z from 'zod/mini';
import { jsonSchema } from '../json-schema.ts';
import { certificatePem, tlsFields } from '../network/tls-settings.ts';

const secretReference = z.strictObject({ secret: z.string() });

/** Text, or a reference to a secret. */
const textOrSecret = z.union([z.string(), secretReference]);

const url = z.string().check(
  z.refine(
    (text) => ['http:', 'https:'].includes(protocolOf(text) ?? ''),
    "must be a URL that starts with http:// or https://: write 'https://www.example.com/'",
  ),
  z.refine(
    (text) => !URL.canParse(text) || !(new URL(text).username || new URL(text).password),
    'must not hold a user name or password: write auth: { basic: { username, password: secret(…) } }',
  ),
);

const iamAction = z
  .string()
  .check(z.regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, 'must be one action: write execute-api:Invoke'));

const exactArn = z
  .string()
  .check(
    z.regex(
      /^arn:[^\s*?]+$/,
      'must be an exact ARN, as a probe may ask for its target and nothing else: write arn:aws:execute-api:eu-central-1:123456789012:a1b2c3/prod/GET/health',
    ),
  );

const headerName = z.string().check(z.refine(isHeaderName, 'must be a header name such as x-api-key'));

const headerValue = z.union([
  z
    .string()
    .check(z.refine((text) => !/[^\t\x20-\x7e\x80-\xff]/.test(text), 'must be one line of Latin-1 text')),
  secretReference,
]);

/** OAuth 2.0 client credentials. */
export const oauth2Settings = z.strictObject({
  /** Where tokens are asked for. */
  tokenUrl: url,
  /** Text: it is not kept secret. */
  clientId: z.string().check(z.minLength(1)),
  /** A secret. */
  clientSecret: secretReference,
  /** What the token is for, separated by spaces. Default: what the server gives. */
  scope: z.optional(z.string()),
  /** More parameters of the request for a token, such as `audience`. Default none. */
  parameters: z._default(z.record(z.string(), z.string()), {}),
  /** Where in that request id and secret are: `header` (Basic authentication) or `body`. Default header. */
  sendSecretIn: z._default(z.enum(['header', 'body']), 'header'),
});

export type OAuth2Settings = z.infer<typeof oauth2Settings>;

/** AWS Signature Version 4. */
export const sigv4Settings = z
  .strictObject({
    /** The service's name in signatures: `execute-api`, `lambda`, `s3`, `es`. */
    service: z.string().check(z.regex(/^[a-z0-9-]+$/, 'must be a name such as execute-api')),
    /** AWS Region of the target. */
    region: z
      .string()
      .check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS Region: write region: 'eu-central-1'")),
    /**
     * What the probe's role is allowed, in the Regions and accounts that the ARNs name. Default nothing: the target's own policy lets
     * the role in.
     */
    allow: z.optional(
      z.strictObject({
        /** Such as `execute-api:Invoke`, `lambda:InvokeFunctionUrl`, `s3:GetObject`. */
        actions: z.array(iamAction).check(z.minLength(1)),
        /** ARNs of the target, without wildcards. */
        resources: z.array(exactArn).check(z.minLength(1)),
      }),
    ),
  })
  .check(
    z.check(({ value: { service, allow }, issues }) => {
      for (const [i, action] of (allow?.actions ?? []).entries())
        if (action.includes(':') && !action.startsWith(`${service}:`))
          issues.push({
            code: 'custom',
            input: action,
            path: ['allow', 'actions', i],
            message: `must be an action of ${service}, which the request is signed for: write ${service}:…`,
          });
    }),
  );

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
      z.strictObject({
        /**
         * A bearer token by OAuth 2.0 client credentials: kept until it ends, asked for once more when it is refused with 401. The time
         * that takes is not the target's. No token is `down`, with the reason `token-failed`.
         */
        oauth2: oauth2Settings,
      }),
      z.strictObject({
        /**
         * AWS Signature Version 4, with the probe's own role; `npm run tocsin -- check` signs with the AWS credentials it is given.
         * `npm start` has neither, and the monitor is unknown there.
         */
        sigv4: sigv4Settings,
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
   * JSON Schema that the body must be as, draft 2020-12 or, where its `$schema` says so, draft-07: adds `schema == valid` to what is
   * expected. Known formats are checked, `$ref` stays inside. Default none.
   */
  schema: z.optional(jsonSchema),
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

export type SigV4Settings = z.infer<typeof sigv4Settings>;

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
