import { type Context, Hono } from 'hono';
import { ApiError } from '../api/errors.ts';
import { gatherTrail } from '../api/gather-trail.ts';
import { listedIncidents, listedRuns, maxCommentLength, readSeverity } from '../api/incidents.ts';
import type { Ports } from '../api/ports.ts';
import { draftOf } from '../api/post-mortem.ts';
import type { Signed } from '../api/session.ts';
import type { Action } from '../incidents/apply.ts';
import { IncidentPage } from './incident-page.tsx';
import { IncidentsPage } from './incidents-page.tsx';
import type { Surroundings } from './layout.tsx';
import { incidentPath } from './links.tsx';

/** Pages of incidents, and the forms by which people act. */
export function incidentPages(
  ports: Ports,
  surroundings: (c: Context<Signed>) => Surroundings,
  actorOf: (c: Context<Signed>) => string,
): Hono<Signed> {
  const pages = new Hono<Signed>();

  pages.get('/incidents', async (c) => {
    const incidents = await ports.listIncidents(listedIncidents);
    return c.html(<IncidentsPage incidents={incidents} surroundings={surroundings(c)} />);
  });

  pages.get('/incidents/:id', async (c) => {
    const record = await ports.readIncident(c.req.param('id'));
    if (!record) throw new ApiError('not-found', `There is no incident “${c.req.param('id')}”.`);
    const [trail, meanwhile] = await Promise.all([
      gatherTrail(ports, record),
      ports.readMeanwhile(record.incident.id, listedRuns),
    ]);
    const { dashboardUrl } = ports;
    return c.html(
      <IncidentPage
        record={record}
        trail={trail}
        meanwhile={meanwhile}
        people={ports.config.people}
        draft={draftOf(ports, record.incident)}
        surroundings={surroundings(c)}
        dashboardUrl={dashboardUrl}
      />,
    );
  });

  const act = (path: string, actionOf: (form: Form, actor: string) => Action) =>
    pages.post(`/incidents/:id/${path}`, async (c) => {
      const id = c.req.param('id');
      await ports.act(id, actionOf(formOf(await c.req.parseBody()), actorOf(c)));
      return c.redirect(incidentPath(id), 303);
    });

  act('acknowledge', (_, actor) => ({ type: 'acknowledge', actor }));
  act('unacknowledge', (_, actor) => ({ type: 'unacknowledge', actor }));
  act('resolve', (_, actor) => ({ type: 'resolve', actor }));
  act('reopen', (_, actor) => ({ type: 'reopen', actor }));
  act('assign', ({ assignee }, actor) => ({ type: 'assign', actor, ...(assignee && { assignee }) }));
  act('severity', ({ severity }, actor) => ({ type: 'severity', actor, severity: readSeverity(severity) }));
  act('comments', ({ text = '' }, actor) => {
    if (text === '' || text.length > maxCommentLength)
      throw new ApiError('invalid-request', `A comment has 1 to ${maxCommentLength} characters.`);
    return { type: 'comment', actor, text };
  });

  return pages;
}

type Form = Partial<Record<string, string>>;

/** Texts of a form, without spaces around them. */
const formOf = (body: Record<string, unknown>): Form =>
  Object.fromEntries(
    Object.entries(body).flatMap(([field, text]) => (typeof text === 'string' ? [[field, text.trim()]] : [])),
  );
