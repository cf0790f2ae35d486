import type { WholeIncident } from '../aws/incident-table.ts';
import { formatDuration } from '../duration.ts';
import type { Run } from '../history/history.ts';
import type { Alert, Incident, TimelineEntry } from '../incidents/incident.ts';
import type { Trail } from '../notifications/delivery/trail.ts';
import type { Person } from '../oncall/rotation.ts';
import { Changes, Documents } from './changes.tsx';
import { Evidence } from './evidence.tsx';
import { IncidentActions } from './incident-actions.tsx';
import { IncidentFacts } from './incident-facts.tsx';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { Meanwhile } from './meanwhile.tsx';
import { SeverityTag, StatusBadge } from './state.tsx';
import { Ago, Moment } from './time.tsx';

interface IncidentPageProps {
  record: WholeIncident;
  trail: readonly Trail[];
  /** Checks because of it, the newest first. */
  meanwhile: readonly Run[];
  people: readonly Person[];
  /** Of a status post. */
  draft: string;
  surroundings: Surroundings;
  dashboardUrl?: string | undefined;
}

/** An incident: what happened, what was seen, who was told, and what a person can do about it. */
export function IncidentPage({
  record,
  trail,
  meanwhile,
  people,
  draft,
  surroundings,
  dashboardUrl,
}: IncidentPageProps) {
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
      <Withheld incident={incident} />
      <IncidentActions incident={incident} people={people} />
      <IncidentFacts incident={incident} people={people} now={now} dashboardUrl={dashboardUrl} />
      <section class="panel">
        <h2>Evidence</h2>
        {incident.evidence ? (
          <Evidence evidence={incident.evidence} now={now} />
        ) : (
          <Empty>No failing check was seen: this incident comes from an alarm alone.</Empty>
        )}
      </section>
      <Meanwhile incident={incident} runs={meanwhile} now={now} />
      <Changes incident={incident} />
      <Timeline entries={timeline} now={now} />
      <Told trail={trail} now={now} />
      <Alerts alerts={alerts} now={now} />
      <Documents incident={incident} draft={draft} />
    </Layout>
  );
}

/** Why people hear nothing of it, where they would. */
const Withheld = ({ incident: { suppressed, flapping } }: { incident: Incident }) => (
  <>
    {suppressed && <p class="banner idle">Nobody is told of it now: {suppressed.text}.</p>}
    {flapping && <p class="banner warn">It comes and goes. Nobody is told until it rests.</p>}
  </>
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
        <table class="told">
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
