import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

/** A web server of somebody else on this machine. */
export interface Stranger {
  port: number;
  close(): Promise<void>;
}

/** Serves pages made from their own address: `/form?action=…&enctype=…&name=value` and `/embeds?src=…&src=…`. */
export async function stranger(): Promise<Stranger> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stranger.invalid');
    const make = pages[pathname];
    response.writeHead(make ? 200 : 404, { 'content-type': 'text/html' });
    response.end(make && `<!doctype html><title>A stranger</title>${make(searchParams)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const pages: Record<string, (parameters: URLSearchParams) => string> = {
  '/': () => 'nothing to see',
  '/form': (parameters) => {
    const { action, enctype, ...fields } = Object.fromEntries(parameters);
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
    );
    return `<form method="post" action="${escaped(action)}" enctype="${escaped(enctype)}">${inputs.join('')}<button>Win</button></form>`;
  },
  '/embeds': (parameters) =>
    parameters
      .getAll('src')
      .map(escaped)
      .map((src) => `<img src="${src}"><script src="${src}"></script><iframe src="${src}"></iframe>`)
      .join(''),
};

const escaped = (text = '') =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** What a page learns when it fetches: the answer's kind, status and length, or that it failed. */
export const fetchFrom = (page: Page, url: string, init: RequestInit = {}): Promise<string> =>
  page.evaluate(
    async ({ to, how }) => {
      try {
        const answer = await fetch(to, how as RequestInit);
        return `${answer.type} ${answer.status} with ${(await answer.text()).length} characters`;
      } catch {
        return 'failed';
      }
    },
    { to: url, how: init as unknown },
  );

/** Whether a page's WebSocket gets through. */
export const connectFrom = (page: Page, url: string): Promise<'open' | 'failed'> =>
  page.evaluate(
    (to) =>
      new Promise((resolve) => {
        const socket = new WebSocket(to);
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('failed');
      }),
    url.replace('http:', 'ws:'),
  );
