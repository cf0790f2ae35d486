import * as z from 'zod/mini';
import { tlsFields } from './tls-settings.ts';

/** How a server that speaks a protocol of its own is reached: the same fields for every kind that does. */
export const serverFields = {
  /** True speaks TLS. Default false. */
  secure: z._default(z.boolean(), false),
  /** How TLS is asked for and judged. */
  tls: z._default(z.strictObject(tlsFields), { verify: true }),
  /** 4, 6, or `any`: IPv4 addresses first, then IPv6. Default 4: Lambda has no IPv6 outside a VPC. */
  ipFamily: z._default(z.union([z.literal(4), z.literal(6), z.literal('any')]), 4),
};

export const secretReference = z.strictObject({ secret: z.string() });

const serverSettings = z.strictObject(serverFields);

export type ServerSettings = z.infer<typeof serverSettings>;
