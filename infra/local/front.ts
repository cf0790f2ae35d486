import * as z from 'zod/mini';
import { formatDuration, parseDuration } from '../../shared/duration.ts';
import { switchDemoSite } from './demo-site.ts';
import type { HttpApi } from './http-api.ts';
import type { LambdaHost } from './lambda/host.ts';
import { type Answerer, json, jsonOf, type LocalRequest, type LocalResponse, text } from './listen.ts';
import { breakLocation } from './locations.ts';
import type { Logs } from './logs.ts';
import type { ManualClock } from './manual-clock.ts';
import type { OutboxEntry } from './services/outbox.ts';

export interface FrontOptions {
  httpApi: HttpApi;
  lambda: LambdaHost;
  /** Bearer token of the API: whoever reaches this port is its administrator. */
  adminToken: string;
  outbox(): OutboxEntry[];
  logs: Logs;
  now(): number;
  /** Unset when the clock is the machine's. */
  manual: ManualClock | undefined;
}

/** The port for people: the HTTP API of the template, and `/local/…` for what AWS has other places for. */
export function front(options: FrontOptions): Answerer {
  const routes: Record<string, Answerer> = {
    'GET /local/outbox': () =>
      json(
        200,
        options.outbox().map((entry) => ({ ...entry, to: entry.to.join(', ') })),
      ),
    'GET /local/clock': () => json(200, clockState(options)),
    'POST /local/clock': (request) => moveClock(request, options),
    'POST /local/location': (request) => breakLocation(request, options.lambda),
    'GET /local/demo': switchDemoSite,
    'POST /local/demo': switchDemoSite,
    'GET /local/logs': ({ url }) =>
      json(200, options.logs.read(url.searchParams.get('function') ?? undefined)),
  };
  return async (request) => {
    const { method, url } = request;
    const own = routes[`${method} ${url.pathname}`];
    if (own) return own(request);
    if (url.pathname.startsWith('/local/'))
      return text(404, `there is no ${method} ${url.pathname}; there are ${Object.keys(routes).join(', ')}`);
    return options.httpApi.handle(authorized(request, options));
  };
}

/** On AWS people bring the token; here the rules of `access.ts` have let them in. */
function authorized(request: LocalRequest, { adminToken }: FrontOptions): LocalRequest {
  if (request.headers.authorization !== undefined) return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${adminToken}` } };
}

const move = z.strictObject({ advance: z.string() });

async function moveClock(request: LocalRequest, options: FrontOptions): Promise<LocalResponse> {
  if (!options.manual) return text(409, 'the clock is the machine’s; start with --clock manual to move it');
  const wanted = move.safeParse(jsonOf(request));
  const ms = wanted.success ? parseDuration(wanted.data.advance) : undefined;
  if (ms === undefined) return text(400, 'send {"advance":"5m"}: a number and ms, s, m, h or d');
  await options.manual.advance(ms);
  return json(200, { ...clockState(options), advanced: formatDuration(ms) });
}

const clockState = ({ now, manual }: FrontOptions) => ({
  now: new Date(now()).toISOString(),
  manual: manual !== undefined,
});
