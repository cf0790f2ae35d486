import type { IncomingHttpHeaders } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Mask } from '../../../shared/masking.ts';
import { redactor } from '../../../shared/notifications/delivery/redact.ts';
import type { Outbox } from './outbox.ts';
import { readableText } from './readable-text.ts';

export interface WebhookRequest {
  /** Of the outbox; its parameters but `to` are meant for the receiver. */
  url: URL;
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

/** What a channel is told with. */
export interface ChannelAddress {
  /** Where its messages really go, a secret or not; undefined where what it takes is not set. */
  url: string | undefined;
  /** Values of its secrets that are set. */
  secrets: string[];
}

/**
 * Takes what a channel posts to `/outbox/<channel>`: forwards it to where it really goes and passes the answer back, or answers itself
 * what the provider would, where no secret is set. Both are recorded, without secrets. Where the answer repeats one, it is masked: the
 * function that asked does not know what to mask.
 * @param addressOf given the provider's own address where the channel has one, which the request names in `to`
 */
export function webhookCapture(
  outbox: Outbox,
  addressOf: (channel: string, provider: string | undefined) => ChannelAddress,
) {
  return async (channel: string, request: WebhookRequest): Promise<WebhookAnswer> => {
    const provider = request.url.searchParams.get('to') ?? undefined;
    const { url, secrets } = addressOf(channel, provider);
    const mask = redactor(secrets);
    const answer = url ? await forward(url, request, mask) : captured(provider, request.body);
    const body = mask(request.body);
    outbox.record({
      channel,
      to: [provider ?? 'webhook'],
      subject: undefined,
      text: readableText(body),
      request: { method: request.method, headers: without(request.headers, secretHeaders), body },
      response: {
        status: answer.status,
        body: answer.body.slice(0, keptCharacters),
        delivery: url ? 'forwarded' : 'captured',
      },
    });
    return answer;
  };
}

/** As a provider answers whose next request depends on it. */
function captured(provider: string | undefined, body: string): WebhookAnswer {
  if (!provider?.startsWith('https://slack.com/api/'))
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };
  const [, channel = 'C0'] = /"channel":"(\w+)"/.exec(body) ?? [];
  const [, ts = '1.000001'] = /"ts":"([\d.]+)"/.exec(body) ?? [];
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ok: true, channel, ts }),
  };
}

/** A receiver that cannot be reached is a bad gateway. Its address is a secret and therefore in no answer. */
async function forward(address: string, request: WebhookRequest, mask: Mask): Promise<WebhookAnswer> {
  const url = new URL(address);
  for (const [name, value] of request.url.searchParams) if (name !== 'to') url.searchParams.set(name, value);
  try {
    const { status, headers, body } = await post(url, request);
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
      // Notifications are rare: no connection waits for the next.
      agent: false,
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
