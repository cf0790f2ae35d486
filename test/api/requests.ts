import type { Hono } from 'hono';
import { createApp } from '../../shared/api/app.ts';
import type { Ports } from '../../shared/api/ports.ts';
import { fixturePorts, token } from './fixtures.ts';

export const host = 'console.example.com';

/** The fixture system's application, and requests to it that carry the token. */
export function open(more: Partial<Ports> = {}) {
  const app = createApp(fixturePorts(more));
  return { app, get: (path: string) => send(app, path), post: poster(app) };
}

/** A request as API Gateway hands it on: with a `Host`. */
export const send = async (app: Hono, path: string, init: RequestInit = {}): Promise<Response> =>
  app.request(`https://${host}${path}`, {
    ...init,
    headers: { host, authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
  });

const poster =
  (app: Hono) =>
  (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    send(app, path, {
      method: 'POST',
      headers,
      ...(body !== undefined && {
        body: body instanceof URLSearchParams || typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
