import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { Outcome } from './lambda/messages.ts';
import { json, type LocalRequest, type LocalResponse, text } from './listen.ts';

/** A route of an HTTP API: `GET /api/incidents/{id}`, `ANY /{proxy+}`, `$default`. */
export interface Route {
  key: string;
  invoke(event: unknown): Promise<Outcome>;
}

export interface HttpApi {
  addRoute(route: Route): void;
  handle(request: LocalRequest): Promise<LocalResponse>;
}

/** API Gateway's HTTP API with Lambda proxy integrations, payload format 2.0. */
export function createHttpApi(clock: Clock, account: string): HttpApi {
  const routes: Route[] = [];
  return {
    addRoute: (route) => {
      routes.push(route);
    },
    async handle(request) {
      const found = bestRoute(routes, request);
      if (!found) return json(404, { message: 'Not Found' });
      const outcome = await found.route.invoke(eventOf(request, found, clock.now(), account));
      return outcome.ok ? responseOf(outcome.payload) : json(500, { message: 'Internal Server Error' });
    },
  };
}

interface Match {
  route: Route;
  parameters: Record<string, string>;
  /** Higher is more specific. */
  rank: number;
}

function bestRoute(routes: Route[], request: LocalRequest): Match | undefined {
  const matches = routes.map((route) => matchRoute(route, request)).filter((match) => match !== undefined);
  return matches.sort((a, b) => b.rank - a.rank)[0];
}

/** API Gateway prefers a full match to a greedy path, and both to `$default`; a named method to `ANY`. */
function matchRoute(route: Route, { method, url }: LocalRequest): Match | undefined {
  if (route.key === '$default') return { route, parameters: {}, rank: 0 };
  const [verb = '', path = ''] = route.key.split(' ');
  if (verb !== 'ANY' && verb !== method) return undefined;
  const source = path
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)\\\+\}/g, '(?<$1>.+)')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const found = new RegExp(`^${source}$`).exec(url.pathname);
  if (!found) return undefined;
  const plain = path.split('/').filter((part) => !part.startsWith('{')).length;
  const rank = 1 + (path.endsWith('+}') ? 0 : 1_000) + 2 * plain + (verb === 'ANY' ? 0 : 1);
  return { route, parameters: { ...found.groups }, rank };
}

function eventOf(request: LocalRequest, { route, parameters }: Match, now: number, account: string) {
  const { method, url, headers, body, remoteAddress } = request;
  const { cookie, ...others } = headers;
  const joined = Object.entries(others).map(([name, value]) => [name, [value].flat().join(',')]);
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  );
  const isText = /^(text\/|application\/(json|x-www-form-urlencoded|.*\+json)|$)/.test(
    headers['content-type'] ?? '',
  );
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie && { cookies: cookie.split(/; */) }),
    headers: Object.fromEntries(joined),
    ...(url.search !== '' && { queryStringParameters: query }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName: url.hostname,
      domainPrefix: 'local',
      http: {
        method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: remoteAddress,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

const response = z.object({
  statusCode: z.int(),
  headers: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  cookies: z.optional(z.array(z.string())),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/** What format 2.0 makes of a payload: without a `statusCode` it is the body, as JSON. */
function responseOf(payload: unknown): LocalResponse {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload))
    return typeof payload === 'string' ? { ...text(200, ''), body: payload } : json(200, payload);
  const parsed = response.safeParse(payload);
  if (!parsed.success) return json(500, { message: 'Internal Server Error' });
  const { statusCode, headers, cookies, body = '', isBase64Encoded } = parsed.data;
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(named),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}
