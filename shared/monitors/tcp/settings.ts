import * as z from 'zod/mini';
import { readValue } from '../../conditions/value.ts';
import { endpoint } from '../network/endpoint.ts';
import { ipFamily, tlsFields } from '../network/tls-settings.ts';

/** A regular expression, kept as its literal; refused where it is one that a condition could not have. */
export const pattern = z.pipe(
  z
    .custom<RegExp>((value) => value instanceof RegExp, 'must be a regular expression: write /^220 /')
    .check(
      z.check(({ value, issues }) => {
        const read = readValue(String(value), 'matches', 'text');
        if ('advice' in read)
          issues.push({
            code: 'custom',
            input: value,
            message: `must be ${read.advice.allowed}: ${read.advice.fix}`,
          });
      }),
    ),
  z.transform(String),
);

const step = z.union([
  z.strictObject({
    /** Waits for a whole line that matches; lines before it are passed over. */
    expect: pattern,
    /** A line that ends the dialogue as a failure, at once. Default none: other lines are passed over. */
    unless: z.optional(pattern),
  }),
  z.strictObject({
    /** Sent as it is: most protocols end a line with `\r\n`. */
    send: z.string().check(z.minLength(1)),
  }),
  z.strictObject({
    /** Goes on over TLS. */
    starttls: z.literal(true),
  }),
]);

/** What a TCP monitor may be given besides what all monitors share. */
export const tcpSettings = z.strictObject({
  /** Host and port: `mail.example.com:25`. */
  target: endpoint(),
  /** What is said and expected, step by step, all within the timeout. Default none: to be connected is enough. */
  dialogue: z._default(z.array(step).check(z.maxLength(50)), []),
  /** True speaks TLS from the first byte. Default false. */
  secure: z._default(z.boolean(), false),
  /** How TLS is asked for and judged, from the first byte or after `starttls`. */
  tls: z._default(z.strictObject(tlsFields), { verify: true }),
  /** 4, 6, or `any`: IPv4 addresses first, then IPv6. Default 4: Lambda has no IPv6 outside a VPC. */
  ipFamily,
});

export type TcpSettings = z.infer<typeof tcpSettings>;
