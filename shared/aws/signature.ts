import aws4 from 'aws4';
import type { Aws } from './environment.ts';

/** Who signs. */
export type Credentials = Pick<Aws, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;

export interface Unsigned {
  url: URL;
  method: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: string;
}

/** Headers that sign a request with Signature Version 4, by lower-case name, those that it signs among them. */
export function signatureHeaders(
  credentials: Credentials,
  { service, region }: { service: string; region: string },
  { url, method, headers, body }: Unsigned,
): Record<string, string> {
  const { host = url.host, 'content-type': type, 'content-length': length } = headers;
  const signed = aws4.sign(
    {
      method,
      host,
      path: url.pathname + url.search,
      service,
      region,
      headers: { host, ...(type && { 'content-type': type }), ...(length && { 'content-length': length }) },
      body,
    },
    credentials,
  );
  const entries = Object.entries(signed.headers ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}
