import http from 'node:http';
import https from 'node:https';
import { SecretUnusable } from './errors.ts';
import type { Answer, SendContext } from './kind.ts';
import { isLoopbackHost, vetLiteral, vettedLookup } from './vetted-lookup.ts';

/** Bytes of an answer that are read; the connection is cut after them. */
const maxAnswerBytes = 16_384;

/** Characters of an answer that are kept. */
const keptCharacters = 1_000;

/**
 * Posts JSON to the URL that a secret holds. https to public addresses only; loopback too where the context allows it. Redirects are
 * not followed: they are an answer. Throws `SecretUnusable`, `AddressForbidden`, or what the socket or `signal` reports.
 */
export async function postJson(secret: string, body: unknown, context: SendContext): Promise<Answer> {
  const url = webhookUrl(secret, await context.readSecret(secret), context.allowLoopback);
  const local = context.allowLoopback && isLoopbackHost(url.hostname);
  if (!local) vetLiteral(url.hostname);
  const { Agent, request } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ autoSelectFamilyAttemptTimeout: 1_000, ...(!local && { lookup: vettedLookup }) });
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(text),
          'user-agent': 'Tocsin',
        },
        agent,
        signal: context.signal,
      },
      (incoming) => readAnswer(incoming).then(resolve, reject),
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

/** The secret's value as a URL we post to. The value is in no error. */
function webhookUrl(secret: string, value: string, allowLoopback: boolean): URL {
  const text = value.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url?.protocol === 'http:' && allowLoopback && isLoopbackHost(url.hostname);
  if (url && (url.protocol === 'https:' || local)) return url;
  throw new SecretUnusable(secret, 'is no https:// URL');
}

async function readAnswer(incoming: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxAnswerBytes) break;
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8').slice(0, keptCharacters),
  };
}
