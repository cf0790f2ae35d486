import { Hono } from 'hono';
import * as z from 'zod/mini';
import type { Run } from '../history/history.ts';
import { actor, boundedText, caller, moment, quoted, readBody } from './body.ts';
import { deploymentRoutes } from './deployments.ts';
import { ApiError } from './errors.ts';
import { gatherMonitor, gatherMonitors } from './gather.ts';
import { incidentRoutes } from './incidents.ts';
import { maintenanceRoutes } from './maintenance.ts';
import { oncallRoutes } from './oncall.ts';
import { pause, resume } from './pause.ts';
import type { Ports } from './ports.ts';
import { documentRoutes } from './post-mortem.ts';
import {
  alarmResource,
  heartbeatResource,
  monitorDetailResource,
  monitorResource,
  runResource,
} from './resources.ts';
import { responseRoutes } from './responses.ts';
import { run } from './run.ts';
import type { Signed } from './session.ts';
import { silenceRoutes } from './silences.ts';
import { testAlertRoutes } from './test-alert.ts';

/** Longest reason of a pause, in characters. */
export const maxReasonLength = 200;

const pauseBody = z.strictObject({
  actor,
  reason: z.optional(boundedText(maxReasonLength, 'a reason')),
  until: z.optional(moment('until')),
});
const runBody = z.strictObject({ actor, location: z.optional(z.string('`location` is the id of one')) });
const resumeBody = z.strictObject({});

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

  api.route('/incidents', incidentRoutes(ports));
  api.route('/silences', silenceRoutes(ports));
  api.route('/maintenance', maintenanceRoutes(ports));

  api.route('/deployments', deploymentRoutes(ports));
  api.route('/incidents', documentRoutes(ports));
  api.route('/responses', responseRoutes(ports));
  api.route('/oncall', oncallRoutes(ports));
  api.route('/test-alert', testAlertRoutes(ports));

  api.get('/alarms', async (c) => c.json({ alarms: (await ports.describeAlarms()).map(alarmResource) }));

  api.all('*', (c) => {
    throw new ApiError('not-found', `${c.req.method} ${c.req.path} is no part of this API`);
  });

  return api;
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
