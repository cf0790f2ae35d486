import { type Context, Hono } from 'hono';
import { told } from '../api/errors.ts';
import type { Ports } from '../api/ports.ts';
import { formatDuration } from '../duration.ts';
import type { Incident } from '../incidents/incident.ts';
import { type MailLink, mailKey, mailPath, readMailToken, sendsLinks } from '../notifications/email/link.ts';
import { cut, oneLine } from '../notifications/text.ts';
import { Layout, type Surroundings } from './layout.tsx';
import { incidentPath } from './links.tsx';
import { SeverityTag, StatusBadge } from './state.tsx';
import { Ago } from './time.tsx';

/** Characters of the name that whoever acts may give. */
const maxNameLength = 60;

/**
 * Where links of mails lead, without signing in: who has the mail may do what its link says, to its incident, for a day. To look at a
 * link does nothing, as programs look at links in mails as well; the button on its page does.
 */
export function mailLinkRoutes(ports: Ports): Hono {
  const pages = new Hono();
  if (!sendsLinks(ports.config)) return pages;
  const surroundings = (): Surroundings => ({ system: ports.config.name, now: ports.now(), local: false });
  const refuse = (c: Context, refusal: string) =>
    c.html(<RefusedPage refusal={refusal} surroundings={surroundings()} />, 410);

  pages.get(mailPath, async (c) => {
    const token = c.req.query('token') ?? '';
    const asked = await examine(token, ports);
    if (typeof asked === 'string') return refuse(c, asked);
    return c.html(<LinkPage {...asked} token={token} surroundings={surroundings()} />);
  });

  pages.post(mailPath, async (c) => {
    const { token, name } = await c.req.parseBody();
    const asked = await examine(String(token), ports);
    if (typeof asked === 'string') return refuse(c, asked);
    const { link, isDone } = asked;
    if (!isDone) await ports.act(link.incident, { type: link.action, actor: actorOf(link, name) });
    return c.redirect(`${mailPath}?token=${encodeURIComponent(String(token))}`, 303);
  });

  pages.onError((error, c) => {
    const { message, status } = told(error, mailPath, ports.report);
    return c.html(<RefusedPage refusal={`${message}.`} surroundings={surroundings()} />, status);
  });

  return pages;
}

interface Asked {
  link: MailLink;
  incident: Incident;
  /** It is as the link would have it, whoever did that. */
  isDone: boolean;
}

/** What a link asks for, and of which incident; or why it is good no more. */
async function examine(token: string, { readSecret, readIncident, now }: Ports): Promise<Asked | string> {
  const link = readMailToken(await readSecret(mailKey), token);
  if (!link) return 'This link is not whole. Copy all of it from the mail.';
  if (link.until <= now()) return 'This link is more than a day old. A newer mail has a newer one.';
  const { incident } = (await readIncident(link.incident)) ?? {};
  if (!incident) return 'The incident of this link is no more.';
  if ((incident.reopened ?? 0) !== link.reopened)
    return 'The incident was opened again since this mail. The newest mail has the link for it.';
  return { link, incident, isDone: isDone(link, incident) };
}

const isDone = ({ action }: MailLink, { status }: Incident) =>
  status === 'resolved' || (action === 'acknowledge' && status === 'acknowledged');

function actorOf({ to }: MailLink, name: unknown): string {
  const given = typeof name === 'string' ? cut(oneLine(name), maxNameLength) : '';
  return given ? `${given} (mail to ${to})` : `${to} (mail)`;
}

type LinkPageProps = Asked & { token: string; surroundings: Surroundings };

const words = { acknowledge: 'Acknowledge', resolve: 'Resolve' };

const LinkPage = ({ link, incident, isDone, token, surroundings }: LinkPageProps) => (
  <Layout title={incident.title} section="" surroundings={surroundings}>
    <h1>{incident.title}</h1>
    <p class="line">
      <StatusBadge status={incident.status} /> <SeverityTag severity={incident.severity} />
      <span class="soft">
        opened <Ago at={incident.openedAt} now={surroundings.now} />
      </span>
    </p>
    {isDone ? (
      <p>{doneText(incident, surroundings.now)}</p>
    ) : (
      <form method="post" action={mailPath} class="sign-in panel">
        <input type="hidden" name="token" value={token} />
        <label for="name">Your name</label>
        <input id="name" name="name" maxlength={maxNameLength} autocomplete="name" aria-describedby="why" />
        <small id="why">Optional. Stands in the timeline, beside {link.to}.</small>
        <button type="submit" class="primary">
          {words[link.action]}
        </button>
      </form>
    )}
    <p class="soft">
      <a href={incidentPath(incident.id)}>All about it</a>, for who can sign in
    </p>
  </Layout>
);

function doneText({ acknowledgedBy, acknowledgedAt, resolvedBy, resolvedAt }: Incident, now: number): string {
  const ago = (at = now) => `${formatDuration(now - at)} ago`;
  if (resolvedBy === undefined) return `Acknowledged ${ago(acknowledgedAt)}: ${acknowledgedBy}.`;
  if (resolvedBy === 'recovered') return `Recovered ${ago(resolvedAt)}. There is nothing left to do.`;
  return `Resolved ${ago(resolvedAt)}: ${resolvedBy}.`;
}

const RefusedPage = ({ refusal, surroundings }: { refusal: string; surroundings: Surroundings }) => (
  <Layout title="Nothing was done" section="" surroundings={surroundings}>
    <h1>Nothing was done</h1>
    <p>{refusal}</p>
    <p>
      <a href="/incidents">All incidents</a>, for who can sign in
    </p>
  </Layout>
);
