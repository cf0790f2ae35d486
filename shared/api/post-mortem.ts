import { type Context, Hono } from 'hono';
import type { WholeIncident } from '../aws/incident-table.ts';
import type { Incident } from '../incidents/incident.ts';
import { postMortem } from '../post-mortem/post-mortem.ts';
import { statusPost } from '../post-mortem/status-post.ts';
import { isZone } from '../wall-time.ts';
import { quoted } from './body.ts';
import { ApiError } from './errors.ts';
import { gatherTrail } from './gather-trail.ts';
import { findIncident } from './incidents.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';

/** Documents about an incident, in Markdown: what people learn from it, and a draft of what users are told. */
export function documentRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.get('/:id/post-mortem', async (c) => {
    const zone = wantedZone(c, ports);
    const whole = await findIncident(ports, c.req.param('id'));
    const [trail, link] = [await gatherTrail(ports, whole), linkOf(whole)];
    c.header('content-disposition', `attachment; filename="post-mortem-${whole.incident.id}.md"`);
    return markdown(c, postMortem({ whole, trail, ...(link && { link }), ...(zone && { zone }) }));
  });

  api.get('/:id/status-post', async (c) => {
    const { incident } = await findIncident(ports, c.req.param('id'));
    return markdown(c, `${draftOf(ports, incident)}\n`);
  });

  return api;
}

/** A draft of what users are told of an incident now. */
export function draftOf({ config, now }: Pick<Ports, 'config' | 'now'>, incident: Incident): string {
  const { subject } = incident;
  const monitor =
    subject.type === 'monitor' ? config.monitors.find(({ id }) => id === subject.id) : undefined;
  return statusPost(incident, monitor?.name ?? subject.id, now());
}

const markdown = (c: Context, text: string) =>
  c.body(text, 200, { 'content-type': 'text/markdown; charset=utf-8' });

/** The zone asked for, or else that of the first rotation; undefined where there is none. */
function wantedZone(c: Context, { config }: Ports): string | undefined {
  const zone = c.req.query('zone') ?? config.rotations[0]?.zone;
  if (zone === undefined || isZone(zone)) return zone;
  throw new ApiError('invalid-request', `\`zone\` is an IANA time zone, not ${quoted(zone)}`);
}

/** The incident's page, as it was told. */
const linkOf = ({ effects }: WholeIncident): string | undefined =>
  effects.flatMap(({ effect }) => (effect.kind === 'publish' ? (effect.event.links.incident ?? []) : []))[0];
