import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import type { WholeIncident } from '../aws/incident-table.ts';
import type { Action } from '../incidents/apply.ts';
import { type Severity, severities } from '../severity.ts';
import { actor, boundedText, caller, quoted, readBody } from './body.ts';
import { ApiError } from './errors.ts';
import { gatherTrail } from './gather-trail.ts';
import type { Ports } from './ports.ts';
import { incidentDetailResource, incidentResource, meanwhileResource, trailResource } from './resources.ts';
import type { Signed } from './session.ts';

/** Incidents that a list shows: the newest. */
export const listedIncidents = 200;

/** Checks made because of an incident that are shown with it: the latest. */
export const listedRuns = 10;

/** Longest comment, in characters. */
export const maxCommentLength = 2_000;

const comment = boundedText(maxCommentLength, 'a comment');
const severityWords = `\`severity\` is one of ${severities.join(', ')}`;

const justBody = z.strictObject({ actor });
const remarkBody = z.strictObject({ actor, text: z.optional(comment) });
const commentBody = z.strictObject({ actor, text: comment });
const assignBody = z.strictObject({
  actor,
  /** Of somebody of the config's people, where it has any; `null` for nobody. */
  assignee: z.union(
    [boundedText(100, '`assignee`'), z.null()],
    '`assignee` is the id of a person, or null for nobody',
  ),
});
const severityBody = z.strictObject({
  actor,
  severity: z.enum(severities, { error: severityWords }),
  text: z.optional(comment),
});

/** What people do to an incident: the last part of the path, and what becomes of the body. */
const actions: Record<string, (c: Context<Signed>) => Promise<Action>> = {
  acknowledge: async (c) => ({ type: 'acknowledge', ...by(c, await readBody(c, justBody)) }),
  unacknowledge: async (c) => ({ type: 'unacknowledge', ...by(c, await readBody(c, justBody)) }),
  resolve: async (c) => ({ type: 'resolve', ...remark(c, await readBody(c, remarkBody)) }),
  reopen: async (c) => ({ type: 'reopen', ...remark(c, await readBody(c, remarkBody)) }),
  assign: async (c) => {
    const { assignee, ...rest } = await readBody(c, assignBody);
    return { type: 'assign', ...by(c, rest), ...(assignee !== null && { assignee }) };
  },
  comments: async (c) => {
    const { text, ...rest } = await readBody(c, commentBody);
    return { type: 'comment', ...by(c, rest), text };
  },
  severity: async (c) => {
    const { severity, ...rest } = await readBody(c, severityBody);
    return { type: 'severity', ...remark(c, rest), severity };
  },
};

interface Remark {
  actor?: string | undefined;
  text?: string | undefined;
}

const by = (c: Context<Signed>, { actor = caller(c) }: Remark) => ({ actor });

const remark = (c: Context<Signed>, said: Remark) => ({
  ...by(c, said),
  ...(said.text !== undefined && { text: said.text }),
});

const statuses = ['triggered', 'acknowledged', 'resolved'] as const;

/** Incidents, who was told of them, and what people do to them. */
export function incidentRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.get('/', async (c) => {
    const wanted = wantedStatus(c.req.query('status'));
    const incidents = await ports.listIncidents(listedIncidents);
    const shown = wanted ? incidents.filter(({ status }) => status === wanted) : incidents;
    return c.json({ incidents: shown.map(incidentResource) });
  });

  api.get('/:id', async (c) => {
    const whole = await findIncident(ports, c.req.param('id'));
    const runs = await ports.readMeanwhile(whole.incident.id, listedRuns);
    return c.json({ ...incidentDetailResource(whole), meanwhile: runs.map(meanwhileResource) });
  });

  api.get('/:id/deliveries', async (c) => {
    const whole = await findIncident(ports, c.req.param('id'));
    return c.json({ deliveries: (await gatherTrail(ports, whole)).map(trailResource) });
  });

  for (const [path, actionOf] of Object.entries(actions))
    api.post(`/:id/${path}`, async (c) => {
      const id = c.req.param('id');
      await ports.act(id, await actionOf(c));
      return c.json(incidentDetailResource(await findIncident(ports, id)));
    });

  return api;
}

/** A severity that a person wrote. @throws ApiError where it is none */
export function readSeverity(text: unknown): Severity {
  const severity = severities.find((known) => known === text);
  if (!severity) throw new ApiError('invalid-request', severityWords);
  return severity;
}

function wantedStatus(text: string | undefined): (typeof statuses)[number] | undefined {
  if (text === undefined) return undefined;
  const status = statuses.find((known) => known === text);
  if (!status)
    throw new ApiError('invalid-request', `status is ${quoted(text)}; allowed are ${statuses.join(', ')}`);
  return status;
}

/** @throws ApiError where there is none */
export async function findIncident(ports: Ports, id: string): Promise<WholeIncident> {
  const found = await ports.readIncident(id);
  if (!found) throw new ApiError('not-found', `no incident has the id ${quoted(id)}; see /api/incidents`);
  return found;
}
