import type { IncomingHttpHeaders } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { redactor } from '../../../shared/notifications/redact.ts';
import type { Outbox } from './outbox.ts';

export interface WebhookRequest {
  method: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebhookAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Milliseconds a real receiver may take; shorter than a function's own patience. */
const deadlineMs = 9_000;
/** Headers that carry credentials, and those of one connection only. */
const secretHeaders = ['authorization', 'cookie', 'x-api-key', 'proxy-authorization'];
const connectionHeaders = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'accept-encoding',
];
const keptCharacters = 1_000;

/**
 * Takes what a channel posts to `/outbox/<channel>`: forwards it to the channel's real webhook and passes the answer back, or
 * answers 200 `ok` itself where no webhook is set. Both are recorded. Where the answer repeats the webhook, it is masked: the
 * function that asked does not know what to mask.
 * @param realUrl the channel's webhook, a secret; undefined where it is not set
 */
export function webhookCapture(outbox: Outbox, realUrl: (channel: string) => string | undefined) {
  return async (channel: string, request: WebhookRequest): Promise<WebhookAnswer> => {
    const url = realUrl(channel);
    const answer = url ? await forward(url, request) : captured;
    outbox.record({
      channel,
      to: ['webhook'],
      subject: undefined,
      text: readableText(request.body),
      request: {
        method: request.method,
        headers: without(request.headers, secretHeaders),
        body: request.body,
      },
      response: {
        status: answer.status,
        body: answer.body.slice(0, keptCharacters),
        delivery: url ? 'forwarded' : 'captured',
      },
    });
    return answer;
  };
}

const captured: WebhookAnswer = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };

/** A receiver that cannot be reached is a bad gateway. Its address is a secret and therefore in no answer. */
async function forward(url: string, request: WebhookRequest): Promise<WebhookAnswer> {
  const mask = redactor([url]);
  try {
    const { status, headers, body } = await post(new URL(url), request);
    const shown = Object.entries(headers).map(([name, value]) => [name, mask(value)]);
    return { status, headers: Object.fromEntries(shown), body: mask(body) };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return { status: 502, headers: { 'content-type': 'text/plain' }, body: `no answer: ${code ?? name}` };
  }
}

function post(url: URL, request: WebhookRequest): Promise<WebhookAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>();
  const outgoing = (url.protocol === 'https:' ? https : http).request(
    url,
    {
      method: request.method,
      headers: {
        ...without(request.headers, connectionHeaders),
        'content-length': Buffer.byteLength(request.body),
      },
      signal: AbortSignal.timeout(deadlineMs),
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 502,
          headers: without(incoming.headers, connectionHeaders),
          body: Buffer.concat(chunks).toString(),
        }),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end(request.body);
  return promise;
}

function without(headers: IncomingHttpHeaders, names: string[]): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !names.includes(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

/** What chat services show as the message itself; the whole body where it has none of their members. */
function readableText(body: string): string {
  try {
    const { text, content, summary, attachments } = JSON.parse(body) as Record<string, unknown>;
    const fallback = Array.isArray(attachments) ? attachments[0]?.fallback : undefined;
    const found = [text, content, summary, fallback].find((candidate) => typeof candidate === 'string');
    return (found as string | undefined) ?? body;
  } catch {
    return body;
  }
}
