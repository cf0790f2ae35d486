import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { serveHttp } from './servers.ts';

/** A request as a provider gets it. */
export interface Asked {
  /** As if it had come to the provider's own host: what the outbox is told in `to`, where it is. */
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Told {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface FakeProvider {
  /** For a webhook. */
  url: string;
  /** For a provider's fixed address: the context's `outbox`. */
  outbox: string;
  /** Where the outboxes of all channels are. */
  outboxes: string;
  /** Every request, in order. */
  asked: Asked[];
  /** Answers the next request with this instead, and does nothing. */
  next(told: Told): void;
}

/** A provider on loopback that answers by its own rules, except where it is told what to answer next. */
export async function serveProvider(answer: (asked: Asked) => Told): Promise<FakeProvider> {
  const asked: Asked[] = [];
  const planned: Told[] = [];
  const { port } = await serveHttp(async (request, response) => {
    const received = await read(request);
    asked.push(received);
    const { status, headers = {}, body = '' } = planned.shift() ?? answer(received);
    const isText = typeof body === 'string';
    response
      .writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers })
      .end(isText ? body : JSON.stringify(body));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url: `${url}/webhook/decoy-TOKEN-3456789`,
    outbox: `${url}/outbox/ops`,
    outboxes: `${url}/outbox`,
    asked,
    next: (told) => void planned.push(told),
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  return { url: new URL(url.searchParams.get('to') ?? url), headers: request.headers, body };
}
