import http from 'node:http';
import { pathToFileURL } from 'node:url';
import { page } from './page.ts';

/** What can be wrong with the demo site. */
export const faults = ['none', 'errors', 'latency', 'memory'] as const;

export type Fault = (typeof faults)[number];

/** Milliseconds an answer takes under `latency`: longer than the shipped config's `responseTime < 2s`. */
const slowMs = 3_000;

/** What `memory` really allocates. */
const pressureBytes = 64 * 1024 * 1024;

/** Longest body of a control request. */
const maxBodyBytes = 1_000;

export interface DemoSite {
  url: string;
  close(): Promise<void>;
}

/** Starts the demo site on loopback. Port 0 takes a free one; throws, naming it, for one that is taken. */
export async function startDemoSite(port: number): Promise<DemoSite> {
  const condition = healthyCondition();
  const server = http.createServer((request, response) => {
    answer(condition, request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) sendJson(response, 500, { error: 'the demo site failed' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? new Error(`port ${port} is taken: the demo site needs it`) : error,
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as { port: number };
  return {
    url: `http://localhost:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Condition {
  fault: Fault;
  /** Held so that the memory is really gone. */
  ballast: Buffer | undefined;
}

const healthyCondition = (): Condition => ({ fault: 'none', ballast: undefined });

async function answer(condition: Condition, request: http.IncomingMessage, response: http.ServerResponse) {
  const { pathname } = new URL(request.url ?? '/', 'http://demo.invalid');
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /_control') return sendJson(response, 200, controlState(condition, request));
  if (route === 'POST /_control') return control(condition, request, response);
  if (condition.fault === 'latency') await new Promise((resolve) => setTimeout(resolve, slowMs));
  if (route === 'GET /health') return sendHealth(condition, response);
  if (route === 'GET /') return sendHtml(response, page(condition.fault));
  sendJson(response, 404, { error: `nothing at ${pathname}; try /, /health or /_control` });
}

async function control(condition: Condition, request: http.IncomingMessage, response: http.ServerResponse) {
  if (!sameOrigin(request))
    return sendJson(response, 403, { error: 'only pages of this site may switch it' });
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const wanted = requestedFault(await readBody(request), isForm);
  if (!wanted) return sendJson(response, 400, { error: `fault must be one of ${faults.join(', ')}` });
  condition.fault = wanted;
  condition.ballast = wanted === 'memory' ? Buffer.alloc(pressureBytes, 1) : undefined;
  if (!isForm) return sendJson(response, 200, controlState(condition, request));
  response.writeHead(303, { location: '/' }).end();
}

const controlState = ({ fault }: Condition, { socket }: http.IncomingMessage) => ({
  fault,
  url: `http://localhost:${socket.localPort}`,
});

/** Whether no page of elsewhere asks, not even one whose name was rebound to this machine. */
function sameOrigin({ headers, socket }: http.IncomingMessage): boolean {
  const hosts = [`localhost:${socket.localPort}`, `127.0.0.1:${socket.localPort}`];
  const { host = '', origin } = headers;
  return hosts.includes(host) && (origin === undefined || hosts.some((own) => origin === `http://${own}`));
}

function requestedFault(body: string, isForm: boolean): Fault | undefined {
  const wanted = isForm ? new URLSearchParams(body).get('fault') : faultInJson(body);
  return faults.find((fault) => fault === wanted);
}

function faultInJson(body: string): unknown {
  try {
    return JSON.parse(body)?.fault;
  } catch {
    return undefined;
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    body += chunk;
    if (body.length > maxBodyBytes) return '';
  }
  return body;
}

/** The shape that many health endpoints have: an overall status and one entry for each dependency. */
function sendHealth({ fault, ballast }: Condition, response: http.ServerResponse) {
  const database =
    fault === 'errors' ? { status: 'unhealthy', latency: null } : { status: 'healthy', latency: 4 };
  const memory = {
    status: ballast ? 'unhealthy' : 'healthy',
    residentBytes: process.memoryUsage.rss(),
    pressureBytes: ballast?.length ?? 0,
  };
  const checks = { database, memory };
  const status = Object.values(checks).some((check) => check.status === 'unhealthy')
    ? 'unhealthy'
    : 'healthy';
  sendJson(response, status === 'healthy' ? 200 : 503, {
    status,
    checks,
    version: '1.4.2',
    timestamp: new Date().toISOString(),
  });
}

function sendJson(response: http.ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function sendHtml(response: http.ServerResponse, body: string) {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(body);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const site = await startDemoSite(Number(process.argv[2] ?? process.env.PORT ?? 4510));
    console.log(`demo site on ${site.url}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
