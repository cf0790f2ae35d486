import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { AttemptFailed } from '../failure.ts';

export interface Body {
  /** Decompressed. */
  body: Buffer;
  /** True when the answer was longer than what was read. */
  cut: boolean;
  /** A content encoding we cannot decode: the body is as it came. */
  unknownEncoding?: string;
}

/** Node's decoder of each `content-encoding`: stopped at the cap like plain bodies are, so a small bomb stays small. */
const decoders = {
  gzip: 'createUnzip',
  'x-gzip': 'createUnzip',
  deflate: 'createUnzip',
  br: 'createBrotliDecompress',
  zstd: 'createZstdDecompress',
} as const;

/**
 * Reads a body until it ends or is longer than `maxBody` bytes. Rejects with the connection's error, or with `AttemptFailed` where
 * the body is not in the encoding it claims.
 */
export async function readBody(response: IncomingMessage, maxBody: number): Promise<Body> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return collect(response, response, maxBody);
  if (!Object.hasOwn(decoders, encoding))
    return { ...(await collect(response, response, maxBody)), unknownEncoding: encoding };
  // Loaded when it is needed: it would be a twentieth of the probe's cold start, and few targets compress unasked.
  const decoder = process.getBuiltinModule('node:zlib')[decoders[encoding as keyof typeof decoders]]();
  const body = collect(response, response.pipe(decoder), maxBody);
  const broken = new Promise<never>((_, reject) =>
    decoder.once('error', (cause) =>
      reject(new AttemptFailed('protocol-error', `the body is not valid ${encoding}`, { cause })),
    ),
  );
  return Promise.race([body, broken]);
}

function collect(response: IncomingMessage, content: Readable, maxBody: number): Promise<Body> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (cut: boolean) => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      resolve({ body: cut ? body.subarray(0, maxBody) : body, cut });
    };
    response.on('error', reject);
    content.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBody) return;
      done(true);
      response.destroy();
      content.destroy();
    });
    content.on('end', () => done(false));
  });
}
