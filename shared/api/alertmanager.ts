import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { incidentPath } from '../console/links.tsx';
import type { Matcher } from '../routing/route.ts';
import {
  type AlertShape,
  alertShape,
  isAbout,
  postedSilence,
  silenceShape,
  statusShape,
  wantedOf,
} from '../silences/alertmanager.ts';
import { fitWithin } from '../silences/matchers.ts';
import { expireSilence, setSilence } from '../silences/silencing.ts';
import { caller, readBody } from './body.ts';
import { told } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';
import { findSilence, listSilences, readMatchers } from './silences.ts';

/** Alertmanager's API of silences and alerts, version 2, at `/api/v2`: enough for `amtool silence`, `amtool alert` and dashboards. */
export function alertmanagerRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();
  api.get('/status', (c) => c.json(statusShape(ports.now())));
  api.get('/receivers', (c) => c.json(ports.config.channels.map(({ id }) => ({ name: id }))));
  api.get('/alerts', async (c) => c.json(await alerts(ports, c)));

  api.get('/alerts/groups', async (c) => {
    const shown = await alerts(ports, c);
    const receivers = new Set(shown.flatMap((alert) => alert.receivers.map(({ name }) => name)));
    const of = (name: string) => shown.filter((alert) => alert.receivers.some((one) => one.name === name));
    return c.json([...receivers].map((name) => ({ labels: {}, receiver: { name }, alerts: of(name) })));
  });

  api.get('/silences', async (c) => c.json(await silences(ports, c)));
  api.post('/silences', async (c) => c.json({ silenceID: await post(ports, c) }));
  api.get('/silence/:id', async (c) => {
    const silence = await findSilence(ports, c.req.param('id'));
    return c.json(silenceShape(silence, ports.now()));
  });
  api.delete('/silence/:id', async (c) => {
    await expireSilence(ports.silences, c.req.param('id'));
    return c.body(null, 200);
  });
  return answerErrors(api, ports, (message) => message);
}

/** What is left of version 1, at `/api/v1`, for programs that never moved on. */
export function oldAlertmanagerRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();
  const success = (data: unknown) => ({ status: 'success', data });
  api.get('/alerts', async (c) => {
    const shown = await alerts(ports, c);
    return c.json(
      success(shown.map((alert) => ({ ...alert, receivers: alert.receivers.map(({ name }) => name) }))),
    );
  });
  api.get('/silences', async (c) => c.json(success(await silences(ports, c))));
  api.post('/silences', async (c) => c.json(success({ silenceId: await post(ports, c) })));
  api.get('/silence/:id', async (c) => {
    const silence = await findSilence(ports, c.req.param('id'));
    return c.json(success(silenceShape(silence, ports.now())));
  });
  api.delete('/silence/:id', async (c) => {
    await expireSilence(ports.silences, c.req.param('id'));
    return c.json({ status: 'success' });
  });
  return answerErrors(api, ports, (error, status) => ({
    status: 'error',
    errorType: status < 500 ? 'bad_data' : 'server_error',
    error,
  }));
}

/** Errors in the form that clients of each version read. */
function answerErrors(
  api: Hono<Signed>,
  { report }: Ports,
  shape: (message: string, status: ContentfulStatusCode) => string | object,
): Hono<Signed> {
  const answer = (error: Error, c: Context) => {
    const { message, status } = told(error, c.req.path, report);
    return c.json(shape(message, status), status);
  };
  api.onError(answer);
  return api;
}

async function post(ports: Ports, c: Context<Signed>): Promise<string> {
  const posted = await readBody(c, postedSilence);
  const silence = await setSilence(ports.silences, wantedOf(posted, caller(c)), posted.id || undefined);
  return silence.id;
}

async function silences(ports: Ports, c: Context) {
  const filter = filterOf(c);
  const listed = await listSilences(ports);
  return listed
    .filter((silence) => isAbout(silence, filter))
    .map((silence) => silenceShape(silence, ports.now()));
}

/** Open incidents, as far as the query wants those that are told, silenced, or held back otherwise. */
async function alerts(ports: Ports, c: Context): Promise<AlertShape[]> {
  const filter = filterOf(c);
  const wants = (what: string) => c.req.query(what) !== 'false';
  const [open, listed] = await Promise.all([ports.listOpenIncidents(), listSilences(ports)]);
  return open
    .map((incident) =>
      alertShape(incident, listed, new URL(incidentPath(incident.id), c.req.url).href, ports.now()),
    )
    .filter(
      ({ labels, status }) =>
        fitWithin(filter, labels) &&
        (status.state !== 'active' || wants('active')) &&
        (status.silencedBy.length === 0 || wants('silenced')) &&
        (status.inhibitedBy.length === 0 || wants('inhibited')),
    );
}

const filterOf = (c: Context): Matcher[] => (c.req.queries('filter') ?? []).flatMap(readMatchers);
