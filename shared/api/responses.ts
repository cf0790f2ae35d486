import { Hono } from 'hono';
import type { Config } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { type MaintenanceWindow, periodsFrom, type StartedWindow } from '../maintenance/window.ts';
import type { Interval } from '../responses/intervals.ts';
import { type ResponseReport, reportOf } from '../responses/responses.ts';
import { queriedTime } from './body.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';

/** Days of a report where nothing else is asked for, and at most: what is older is not kept. */
const usualDays = 30;
const mostDays = 400;

/** An incident that began longer than this before a span is not looked for, milliseconds; one that is still open is. */
const lookBackMs = 31 * unitMs.d;

/** Times of one maintenance window that are looked at. */
const mostPeriods = 1_000;

/** How incidents were answered: MTTA, MTTR, MTBF, and whether in time. */
export function responseRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();
  api.get('/', async (c) => {
    const to = queriedTime(c, 'to') ?? ports.now();
    const from = queriedTime(c, 'from') ?? to - usualDays * unitMs.d;
    if (from >= to || to - from > mostDays * unitMs.d)
      throw new ApiError('invalid-request', `\`from\` is before \`to\`, by ${mostDays} days at most`);
    return c.json(reportResource(await gatherReport(ports, { from, to }, c.req.query('service'))));
  });
  return api;
}

/** How incidents of a span were answered, all of them or those of a service. */
export async function gatherReport(
  ports: Pick<Ports, 'listIncidentsBetween' | 'listOpenIncidents' | 'maintenance' | 'config' | 'now'>,
  span: Interval,
  service?: string,
): Promise<ResponseReport> {
  const { config } = ports;
  const [listed, open, started] = await Promise.all([
    ports.listIncidentsBetween(span.from - lookBackMs, span.to),
    ports.listOpenIncidents(),
    ports.maintenance.readWindows(),
  ]);
  const all = new Map([...open, ...listed].map((incident) => [incident.id, incident]));
  const concerns = (labels: Record<string, string>) => service === undefined || labels.service === service;
  return reportOf({
    incidents: [...all.values()].filter(({ labels }) => concerns(labels)),
    targets: config.responseTargets,
    maintenance: plannedWork(
      config.monitors.filter(({ labels }) => concerns(labels)),
      [...config.maintenance, ...started],
      span,
    ),
    span,
    now: ports.now(),
  });
}

/** Times in which all of the monitors were worked on. */
function plannedWork(
  monitors: Config['monitors'],
  windows: readonly (MaintenanceWindow | StartedWindow)[],
  { from, to }: Interval,
): Interval[] {
  const ofAll = (window: MaintenanceWindow | StartedWindow) =>
    monitors.length > 0 && monitors.every(({ id }) => window.monitors.includes(id));
  return windows.filter(ofAll).flatMap((window) => {
    if ('from' in window) return [{ from: window.from, to: window.to }];
    // One begins when the one before is over: there are not more than fit.
    const most = Math.min(mostPeriods, Math.ceil((to - from) / window.duration) + 1);
    return periodsFrom(window, from, most).filter((period) => period.from < to);
  });
}

/** Means that are unknown are null: there is nothing to average. */
function reportResource({ from, to, mtbf, bySeverity, byService, ...all }: ResponseReport) {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...withMeans(all),
    mtbf: mtbf ?? null,
    bySeverity: bySeverity.map(withMeans),
    byService: byService.map((row) => ({ ...withMeans(row), service: row.service ?? null })),
  };
}

const withMeans = <Row extends { mtta?: number; mttr?: number }>(row: Row) => ({
  ...row,
  mtta: row.mtta ?? null,
  mttr: row.mttr ?? null,
});
