import { formatDuration } from '../duration.ts';
import type { Incident } from '../incidents/incident.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { incidentPath } from './links.tsx';
import { SeverityTag, StatusBadge } from './state.tsx';
import { Ago, Since } from './time.tsx';

interface IncidentsPageProps {
  /** Newest first. */
  incidents: readonly Incident[];
  surroundings: Surroundings;
}

/** Open incidents, and under them those that are over. */
export function IncidentsPage({ incidents, surroundings }: IncidentsPageProps) {
  const open = incidents.filter(({ status }) => status !== 'resolved');
  const resolved = incidents.filter(({ status }) => status === 'resolved');
  const quiet = !incidents.some(({ openedAt }) => surroundings.now - openedAt < 86_400_000);
  return (
    <Layout title="Incidents" section="/incidents" surroundings={surroundings}>
      <h1>
        {open.length === 0
          ? 'No open incidents'
          : `${open.length} open ${open.length === 1 ? 'incident' : 'incidents'}`}
      </h1>
      {incidents.length === 0 && (
        <Empty>
          No incidents. The last 24 h were quiet. When an alarm fires, its incident opens here with what was
          seen and who was told.
        </Empty>
      )}
      {incidents.length > 0 && open.length === 0 && quiet && <Empty>The last 24 h were quiet.</Empty>}
      <IncidentList incidents={open} now={surroundings.now} />
      {resolved.length > 0 && <h2>Resolved</h2>}
      <IncidentList incidents={resolved} now={surroundings.now} />
    </Layout>
  );
}

const IncidentList = ({ incidents, now }: { incidents: readonly Incident[]; now: number }) => (
  <ul class="rows">
    {incidents.map((incident) => (
      <li>
        <StatusBadge status={incident.status} />
        <a href={incidentPath(incident.id)}>{incident.title}</a>
        <SeverityTag severity={incident.severity} />
        {incident.suppressed && <span class="severity">held back</span>}
        <span class="soft">
          <Course incident={incident} now={now} />
        </span>
      </li>
    ))}
  </ul>
);

const Course = ({ incident, now }: { incident: Incident; now: number }) => {
  const { openedAt, resolvedAt, acknowledgedBy } = incident;
  return resolvedAt === undefined ? (
    <>
      open <Since at={openedAt} now={now} />
      {acknowledgedBy && `, acknowledged by ${acknowledgedBy}`}
    </>
  ) : (
    <>
      <Ago at={openedAt} now={now} />, lasted {formatDuration(resolvedAt - openedAt)}
    </>
  );
};
