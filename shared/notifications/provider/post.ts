import http from 'node:http';
import https from 'node:https';
import { SecretUnusable } from '../errors.ts';
import type { Answer, SendContext } from '../kind.ts';
import { isLoopbackHost, vetLiteral, vettedLookup } from './vetted-lookup.ts';

/** Bytes of an answer that are read; the connection is cut after them. */
const maxAnswerBytes = 65_536;

/** Characters of an answer that are kept. */
const keptCharacters = 1_000;

/** What is posted: JSON or a form as text, with the headers it needs besides. */
export interface Posted {
  body: string;
  headers?: Record<string, string>;
}

/** Posts JSON to the URL that a secret holds, under the rules of `post`. */
export const postJson = async (secret: string, body: unknown, context: SendContext): Promise<Answer> =>
  postToSecret(secret, jsonOf(body), context);

/**
 * Posts to the URL that a secret holds, under the rules of `post`. Throws `SecretUnusable` besides.
 * @param query added to the URL's own
 */
export async function postToSecret(
  secret: string,
  posted: Posted,
  context: SendContext,
  query: Record<string, string> = {},
): Promise<Answer> {
  const url = webhookUrl(secret, await context.readSecret(secret), context.allowLoopback);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return brief(await post(url, posted, context));
}

/** Posts to a provider's own address, which is no secret; locally to the outbox, which passes it on. */
export async function postToProvider(address: string, posted: Posted, context: SendContext): Promise<Answer> {
  return brief(await post(providerUrl(address, context), posted, context));
}

/** `postToProvider` with the whole answer, at most 64 kB of it. */
export const askProvider = (address: string, posted: Posted, context: SendContext): Promise<Answer> =>
  post(providerUrl(address, context), posted, context);

/** JSON as it is posted. */
export const jsonOf = (body: unknown, headers: Record<string, string> = {}): Posted => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
});

/** A form as it is posted. */
export const formOf = (fields: Record<string, string>): Posted => ({
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

const brief = (answer: Answer): Answer => ({ ...answer, body: answer.body.slice(0, keptCharacters) });

function providerUrl(address: string, { outbox }: SendContext): URL {
  if (outbox === undefined) return new URL(address);
  const url = new URL(outbox);
  url.searchParams.set('to', address);
  return url;
}

/**
 * One POST, https to public addresses only; loopback too where the context allows it. Redirects are not followed: they are an
 * answer. Throws `AddressForbidden`, or what the socket or `signal` reports.
 */
function post(url: URL, { body, headers = {} }: Posted, context: SendContext): Promise<Answer> {
  const local = context.allowLoopback && isLoopbackHost(url.hostname);
  if (!local) vetLiteral(url.hostname);
  const { Agent, request } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ autoSelectFamilyAttemptTimeout: 1_000, ...(!local && { lookup: vettedLookup }) });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Tocsin' },
        agent,
        signal: context.signal,
      },
      (incoming) => readAnswer(incoming).then(resolve, reject),
    );
    outgoing.on('error', reject);
    outgoing.end(body);
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
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
