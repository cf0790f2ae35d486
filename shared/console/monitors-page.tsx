import type { MonitorHistory } from '../api/gather.ts';
import { isHeartbeat } from '../heartbeats/shards.ts';
import { byUrgency, type MonitorSummary } from '../history/summary.ts';
import type { Incident } from '../incidents/incident.ts';
import { RecentChart } from './chart.tsx';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { incidentPath, monitorPath } from './links.tsx';
import { MonitorBadge, monitorTone, SeverityTag, StatusBadge, statusTone } from './state.tsx';
import { Ago, Since } from './time.tsx';

interface MonitorsPageProps {
  histories: readonly MonitorHistory[];
  openIncidents: readonly Incident[];
  surroundings: Surroundings;
}

/** The console's first page: every monitor, failing ones first. */
export function MonitorsPage({ histories, openIncidents, surroundings }: MonitorsPageProps) {
  const sorted = histories.toSorted((a, b) => byUrgency(a.summary, b.summary));
  return (
    <Layout title="Monitors" section="/" surroundings={surroundings}>
      <h1>{headline(sorted.map(({ summary }) => summary))}</h1>
      {openIncidents.map((incident) => (
        <OpenIncident incident={incident} now={surroundings.now} />
      ))}
      {sorted.length === 0 && (
        <Empty>
          No monitors yet. Add one to <code>tocsin.config.ts</code>, for instance{' '}
          <code>http('api', 'https://api.example.com/health')</code>, and it appears here.
        </Empty>
      )}
      <ul class="cards">
        {sorted.map((history) => (
          <MonitorCard history={history} now={surroundings.now} />
        ))}
      </ul>
    </Layout>
  );
}

/** The state of everything in one sentence. */
export function headline(summaries: readonly MonitorSummary[]): string {
  const down = summaries.filter(({ state }) => state === 'down');
  const degraded = summaries.filter(({ state }) => state === 'degraded').length;
  const watched = summaries.filter(({ state }) => state !== 'paused').length;
  const seen = summaries.filter(({ state }) => state !== 'unknown' && state !== 'paused').length;
  if (summaries.length === 0) return 'Monitors';
  if (down.length === 1) return `${down[0]!.monitor.name} is down`;
  if (down.length > 1) return `${down.length} of ${summaries.length} are down`;
  if (degraded > 0) return `${degraded} of ${summaries.length} degraded`;
  if (watched === 0) return 'Everything is paused';
  if (seen === 0) return 'Waiting for the first checks';
  if (seen < watched) return `${seen} of ${watched} up`;
  return watched === summaries.length ? 'Everything is up' : 'Everything that is not paused is up';
}

const OpenIncident = ({ incident, now }: { incident: Incident; now: number }) => (
  <a class={`banner ${statusTone(incident.status)}`} href={incidentPath(incident.id)}>
    <StatusBadge status={incident.status} />
    <strong>{incident.title}</strong>
    <span class="soft">
      opened <Ago at={incident.openedAt} now={now} />
    </span>
  </a>
);

const MonitorCard = ({ history: { summary, windows }, now }: { history: MonitorHistory; now: number }) => {
  const { monitor, state, since, message, responseTime, certificateDaysLeft, locations } = summary;
  const telling = locations.find(({ outcome }) => outcome === state) ?? locations[0];
  return (
    <li class={`card ${monitorTone(state)}`}>
      <div class="title">
        <MonitorBadge state={state} />
        <h2>
          <a href={monitorPath(monitor.id)}>{monitor.name}</a>
        </h2>
        <SeverityTag severity={monitor.alert.severity} />
        <span class="soft">
          {since !== undefined && <Since at={since} now={now} />}
          {since === undefined && (monitor.enabled ? 'no check yet' : 'by the config')}
        </span>
        {summary.maintenance && <span class="severity">maintenance</span>}
      </div>
      {message && <p class="message">{message}</p>}
      <dl class="figures">
        <Figure name="Uptime, 24 h" value={windows['24h'].uptime} unit="%" note={covered(windows['24h'])} />
        <Figure name="Uptime, 30 d" value={windows['30d'].uptime} unit="%" note={covered(windows['30d'])} />
        {!isHeartbeat(monitor) && (
          <Figure
            name="Response time"
            value={rounded(responseTime)}
            unit="ms"
            note={average(windows['24h'].responseTimeAverage)}
          />
        )}
        {certificateDaysLeft !== undefined && (
          <Figure name="Certificate" value={String(certificateDaysLeft)} unit="days left" />
        )}
      </dl>
      {locations.length === 0 && <Empty>The first check appears here as soon as it has run.</Empty>}
      {telling && <RecentChart recent={telling.recent} every={monitor.every} until={now} />}
    </li>
  );
};

/** Nothing where all of the window was paused. */
export const covered = ({ coverage }: { coverage: string }) =>
  coverage === '—' ? undefined : `${coverage} % covered`;

const rounded = (ms: number | undefined) => (ms === undefined ? '—' : String(Math.round(ms)));
const average = (ms: number | undefined) => (ms === undefined ? undefined : `${ms} ms on average`);

interface FigureProps {
  name: string;
  /** A number as text, or `—`. */
  value: string;
  unit: string;
  note?: string | undefined;
}

/** One number with its unit and what to make of it. */
export const Figure = ({ name, value, unit, note }: FigureProps) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {value}
      {value !== '—' && <span class="unit"> {unit}</span>}
      {note && <small>{note}</small>}
    </dd>
  </div>
);
