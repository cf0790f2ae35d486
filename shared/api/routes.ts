import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import type { WholeIncident } from '../aws/incident-table.ts';
import type { Run } from '../history/history.ts';
import type { Action } from '../incidents/apply.ts';
import { actor, boundedText, caller, moment, quoted, readBody } from './body.ts';
import { deploymentRoutes } from './deployments.ts';
import { ApiError } from './errors.ts';
import { gatherMonitor, gatherMonitors } from './gather.ts';
import { gatherTrail } from './gather-trail.ts';
import { maintenanceRoutes } from './maintenance.ts';
import { oncallRoutes } from './oncall.ts';
import { pause, resume } from './pause.ts';
import type { Ports } from './ports.ts';
import {
  alarmResource,
  heartbeatResource,
  incidentDetailResource,
  incidentResource,
  monitorDetailResource,
  monitorResource,
  runResource,
  trailResource,
} from './resources.ts';
import { run } from './run.ts';
import type { Signed } from './session.ts';
import { silenceRoutes } from './silences.ts';

/** Incidents that a list shows: the newest. */
export const listedIncidents = 200;

/** Longest comment, in characters. */
export const maxCommentLength = 2_000;

/** Longest reason of a pause, in characters. */
export const maxReasonLength = 200;

const comment = boundedText(maxCommentLength, 'a comment');
const acknowledgeBody = z.strictObject({ actor });
const pauseBody = z.strictObject({
  actor,
  reason: z.optional(boundedText(maxReasonLength, 'a reason')),
  until: z.optional(moment('until')),
});
const runBody = z.strictObject({ actor, location: z.optional(z.string('`location` is the id of one')) });
const resumeBody = z.strictObject({});
const resolveBody = z.strictObject({ actor, text: z.optional(comment) });
const commentBody = z.strictObject({ actor, text: comment });

const statuses = ['triggered', 'acknowledged', 'resolved'] as const;

/** The JSON API, to be mounted at `/api`. */
export function apiRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.get('/monitors', async (c) => {
    const histories = await gatherMonitors(ports);
    return c.json({ monitors: histories.map(({ summary, windows }) => monitorResource(summary, windows)) });
  });

  api.get('/monitors/:id', async (c) => c.json(await monitorDetail(ports, c.req.param('id'))));

  api.post('/monitors/:id/pause', async (c) => {
    const { actor, reason, until } = await readBody(c, pauseBody);
    const end = until === undefined ? {} : { until };
    await pause(ports, c.req.param('id'), { by: actor ?? caller(c), ...(reason && { reason }), ...end });
    return c.json(await monitorDetail(ports, c.req.param('id')));
  });

  api.post('/monitors/:id/resume', async (c) => {
    await readBody(c, resumeBody);
    await resume(ports, c.req.param('id'));
    return c.json(await monitorDetail(ports, c.req.param('id')));
  });

  api.post('/monitors/:id/run', async (c) => {
    const { actor, location } = await readBody(c, runBody);
    const id = await run(ports, c.req.param('id'), location, actor ?? caller(c));
    c.header('location', `/api/runs/${id}`);
    return c.json(runResource(await findRun(ports, id)), 202);
  });

  api.get('/runs/:id', async (c) => c.json(runResource(await findRun(ports, c.req.param('id')))));

  api.get('/incidents', async (c) => {
    const wanted = wantedStatus(c.req.query('status'));
    const incidents = await ports.listIncidents(listedIncidents);
    const shown = wanted ? incidents.filter(({ status }) => status === wanted) : incidents;
    return c.json({ incidents: shown.map(incidentResource) });
  });

  api.get('/incidents/:id', async (c) => c.json(await incidentDetail(ports, c.req.param('id'))));

  api.get('/incidents/:id/deliveries', async (c) => {
    const whole = await findIncident(ports, c.req.param('id'));
    return c.json({ deliveries: (await gatherTrail(ports, whole)).map(trailResource) });
  });

  api.post('/incidents/:id/acknowledge', async (c) => {
    const { actor } = await readBody(c, acknowledgeBody);
    return act(ports, c, { type: 'acknowledge', actor: actor ?? caller(c) });
  });

  api.post('/incidents/:id/resolve', async (c) => {
    const { actor, text } = await readBody(c, resolveBody);
    return act(ports, c, { type: 'resolve', actor: actor ?? caller(c), ...(text && { text }) });
  });

  api.post('/incidents/:id/comments', async (c) => {
    const { actor, text } = await readBody(c, commentBody);
    return act(ports, c, { type: 'comment', actor: actor ?? caller(c), text });
  });

  api.route('/silences', silenceRoutes(ports));
  api.route('/maintenance', maintenanceRoutes(ports));

  api.route('/deployments', deploymentRoutes(ports));
  api.route('/oncall', oncallRoutes(ports));

  api.get('/alarms', async (c) => c.json({ alarms: (await ports.describeAlarms()).map(alarmResource) }));

  api.all('*', (c) => {
    throw new ApiError('not-found', `${c.req.method} ${c.req.path} is no part of this API`);
  });

  return api;
}

function wantedStatus(text: string | undefined): (typeof statuses)[number] | undefined {
  if (text === undefined) return undefined;
  const status = statuses.find((known) => known === text);
  if (!status)
    throw new ApiError('invalid-request', `status is ${quoted(text)}; allowed are ${statuses.join(', ')}`);
  return status;
}

async function monitorDetail(ports: Ports, id: string) {
  const [history, evidence] = await Promise.all([gatherMonitor(ports, id), ports.readEvidence(id)]);
  if (!history) throw new ApiError('not-found', `no monitor has the id ${quoted(id)}; see /api/monitors`);
  const { summary, windows, heartbeat } = history;
  return {
    ...monitorDetailResource(summary, windows, evidence),
    ...(heartbeat && { heartbeat: heartbeatResource(heartbeat) }),
  };
}

async function findRun(ports: Ports, id: string): Promise<Run> {
  const found = await ports.readRun(id);
  if (!found) throw new ApiError('not-found', `no run has the id ${quoted(id)}; they are kept for an hour`);
  return found;
}

async function findIncident(ports: Ports, id: string): Promise<WholeIncident> {
  const found = await ports.readIncident(id);
  if (!found) throw new ApiError('not-found', `no incident has the id ${quoted(id)}; see /api/incidents`);
  return found;
}

const incidentDetail = async (ports: Ports, id: string) =>
  incidentDetailResource(await findIncident(ports, id));

async function act(ports: Ports, c: Context, action: Action): Promise<Response> {
  const id = c.req.param('id') ?? '';
  await ports.act(id, action);
  return c.json(await incidentDetail(ports, id));
}
