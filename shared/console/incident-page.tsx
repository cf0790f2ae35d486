import type { WholeIncident } from '../aws/incident-table.ts';
import { formatDuration } from '../duration.ts';
import type { Alert, Incident, TimelineEntry } from '../incidents/incident.ts';
import type { Trail } from '../notifications/trail.ts';
import { Evidence } from './evidence.tsx';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { incidentPath, monitorPath, OutwardLink } from './links.tsx';
import { silencePath } from './silences-page.tsx';
import { SeverityTag, StatusBadge } from './state.tsx';
import { Ago, Moment } from './time.tsx';

interface IncidentPageProps {
  record: WholeIncident;
  trail: readonly Trail[];
  surroundings: Surroundings;
  dashboardUrl?: string | undefined;
}

/** An incident: what happened, what was seen, who was told, and what a person can do about it. */
export function IncidentPage({ record, trail, surroundings, dashboardUrl }: IncidentPageProps) {
  const { incident, alerts, timeline } = record;
  const { now } = surroundings;
  return (
    <Layout title={incident.title} section="/incidents" surroundings={surroundings}>
      <p class="crumbs">
        <a href="/incidents">Incidents</a>
      </p>
      <h1>{incident.title}</h1>
      <p class="line">
        <StatusBadge status={incident.status} /> <SeverityTag severity={incident.severity} />
        <span class="soft">
          opened <Ago at={incident.openedAt} now={now} />
          {incident.resolvedAt !== undefined &&
            `, lasted ${formatDuration(incident.resolvedAt - incident.openedAt)}`}
        </span>
      </p>
      {incident.description && <p class="description">{incident.description}</p>}
      {incident.suppressed && <p>Nobody is told of it now: {incident.suppressed.text}.</p>}
      <Actions incident={incident} />
      <Facts incident={incident} dashboardUrl={dashboardUrl} />
      <section class="panel">
        <h2>Evidence</h2>
        {incident.evidence ? (
          <Evidence evidence={incident.evidence} now={now} />
        ) : (
          <Empty>No failing check was seen: this incident comes from an alarm alone.</Empty>
        )}
      </section>
      <Timeline entries={timeline} now={now} />
      <Told trail={trail} now={now} />
      <Alerts alerts={alerts} now={now} />
    </Layout>
  );
}

const Actions = ({ incident }: { incident: Incident }) => {
  const { id, status } = incident;
  return (
    <section class="actions" aria-label="Actions">
      {status === 'triggered' && (
        <form method="post" action={`${incidentPath(id)}/acknowledge`}>
          <button type="submit" class="primary">
            Acknowledge
          </button>
        </form>
      )}
      {status !== 'resolved' && (
        <form method="post" action={`${incidentPath(id)}/resolve`}>
          <button type="submit">Resolve</button>
        </form>
      )}
      {status !== 'resolved' && (
        <a class="button" href={silencePath(incident)}>
          Silence
        </a>
      )}
      <form method="post" action={`${incidentPath(id)}/comments`} class="comment">
        <label for="text">Comment</label>
        <input
          id="text"
          name="text"
          required
          maxlength={2_000}
          autocomplete="off"
          placeholder="What you know or did"
        />
        <button type="submit">Add</button>
      </form>
    </section>
  );
};

/** Labels that every incident is given; the page shows what they say elsewhere. */
const givenLabels = ['severity', 'type', 'monitor'];

const ownLabels = ({ labels }: Incident) =>
  Object.entries(labels).filter(([label]) => !givenLabels.includes(label));

const Facts = ({ incident, dashboardUrl }: { incident: Incident; dashboardUrl?: string | undefined }) => (
  <dl class="facts panel">
    <div>
      <dt>About</dt>
      <dd>
        {incident.subject.type === 'monitor' ? (
          <a href={monitorPath(incident.subject.id)}>{`monitor ${incident.subject.id}`}</a>
        ) : (
          `${incident.subject.type} ${incident.subject.id}`
        )}
      </dd>
    </div>
    {ownLabels(incident).map(([label, value]) => (
      <div>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
    {incident.acknowledgedBy && (
      <div>
        <dt>Acknowledged by</dt>
        <dd>{incident.acknowledgedBy}</dd>
      </div>
    )}
    {incident.resolvedBy && (
      <div>
        <dt>Resolved by</dt>
        <dd>{incident.resolvedBy}</dd>
      </div>
    )}
    {incident.runbook && (
      <div>
        <dt>Runbook</dt>
        <dd>
          <OutwardLink to={incident.runbook} />
        </dd>
      </div>
    )}
    {dashboardUrl && (
      <div>
        <dt>Metrics</dt>
        <dd>
          <OutwardLink to={dashboardUrl}>CloudWatch dashboard</OutwardLink>
        </dd>
      </div>
    )}
  </dl>
);

const Timeline = ({ entries, now }: { entries: readonly TimelineEntry[]; now: number }) => (
  <section class="panel">
    <h2>Timeline</h2>
    <ol class="timeline">
      {entries.map(({ at, actor, text, type }) => (
        <li class={type}>
          <Moment at={at} now={now} />
          <span>
            {text} <small>{actor}</small>
          </span>
        </li>
      ))}
    </ol>
  </section>
);

const Told = ({ trail, now }: { trail: readonly Trail[]; now: number }) => (
  <section class="panel">
    <h2>Who was told, and who was not</h2>
    {trail.length === 0 ? (
      <Empty>Nobody: no route of the config names a channel for this incident.</Empty>
    ) : (
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Channel</th>
              <th scope="col">What</th>
              <th scope="col">Result</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {trail.map((entry) => (
              <TrailRow entry={entry} now={now} />
            ))}
          </tbody>
        </table>
      </div>
    )}
  </section>
);

const TrailRow = ({ entry, now }: { entry: Trail; now: number }) => {
  const { at, channel, type, state, status, reason, why, attempts } = entry;
  const asked = attempts > 1 ? `${attempts} attempts` : undefined;
  return (
    <tr>
      <td>{at === undefined ? '—' : <Moment at={at} now={now} />}</td>
      <td>{channel}</td>
      <td>{type ?? '—'}</td>
      <td class={`result ${state}`}>{state.replace('-', ' ')}</td>
      <td>{[status, reason, why, asked].filter((part) => part !== undefined).join(' · ')}</td>
    </tr>
  );
};

const Alerts = ({ alerts, now }: { alerts: readonly Alert[]; now: number }) => (
  <section class="panel">
    <h2>Alerts</h2>
    <ul class="alerts">
      {alerts.map(({ name, reason, startedAt, endedAt }) => (
        <li>
          <strong>{name}</strong>{' '}
          <span class="soft">
            <Moment at={startedAt} now={now} />
            {endedAt === undefined ? ', still firing' : `, for ${formatDuration(endedAt - startedAt)}`}
          </span>
          <p>{reason}</p>
        </li>
      ))}
    </ul>
  </section>
);
