import { Hono } from 'hono';
import * as z from 'zod/mini';
import { endWindow, startWindow, windowLimits } from '../maintenance/starting.ts';
import {
  type MaintenanceWindow,
  type Period,
  periodsFrom,
  type StartedWindow,
} from '../maintenance/window.ts';
import { actor, boundedText, caller, moment, readBody, span } from './body.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';

const body = z.strictObject({
  monitors: z.array(boundedText(64, 'a monitor'), '`monitors` is a list of ids'),
  from: z.optional(moment('from')),
  to: z.optional(moment('to')),
  for: z.optional(span('for')),
  comment: z.optional(boundedText(windowLimits.comment, 'a comment')),
  actor,
});

/** Maintenance windows: those of the config are shown, others may be begun and ended. */
export function maintenanceRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.get('/', async (c) => c.json({ windows: (await listWindows(ports)).map(windowResource) }));

  api.post('/', async (c) => {
    const {
      monitors,
      from = ports.now(),
      to,
      for: lasts,
      comment,
      actor: by = caller(c),
    } = await readBody(c, body);
    if ((to === undefined) === (lasts === undefined))
      throw new ApiError('invalid-request', 'give `to` or `for`: when it ends, or how long it lasts');
    const window = await startWindow(ports.maintenance, {
      monitors,
      from,
      to: to ?? from + lasts!,
      by,
      ...(comment && { comment }),
    });
    return c.json(windowResource(listed(window)), 201);
  });

  api.delete('/:id', async (c) =>
    c.json(windowResource(listed(await endWindow(ports.maintenance, c.req.param('id'))))),
  );

  return api;
}

/** A window and its time: the current one or the next. */
export interface ListedWindow extends Period {
  id: string;
  monitors: readonly string[];
  comment?: string;
  /** Who began it; absent where the config did. */
  by?: string;
}

/** Windows that are on or to come: of those in the config, each with its next time. In the order of their beginnings. */
export async function listWindows({
  config,
  maintenance,
  now,
}: Pick<Ports, 'config' | 'maintenance' | 'now'>): Promise<ListedWindow[]> {
  const at = now();
  const started = (await maintenance.readWindows()).filter(({ to }) => to > at);
  const planned = config.maintenance.flatMap((window) =>
    periodsFrom(window, at, 1).map((period) => planOf(window, period)),
  );
  return [...started.map(listed), ...planned].sort((a, b) => a.from - b.from);
}

const listed = ({ id, monitors, from, to, by, comment }: StartedWindow): ListedWindow => ({
  id,
  monitors,
  from,
  to,
  by,
  ...(comment && { comment }),
});

const planOf = ({ id, monitors, comment }: MaintenanceWindow, { from, to }: Period): ListedWindow => ({
  id,
  monitors,
  from,
  to,
  ...(comment && { comment }),
});

const iso = (at: number) => new Date(at).toISOString();

const windowResource = ({ from, to, ...window }: ListedWindow) => ({
  ...window,
  from: iso(from),
  to: iso(to),
});
