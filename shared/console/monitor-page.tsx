import type { MonitorHistory } from '../api/gather.ts';
import { formatDuration } from '../duration.ts';
import { isHeartbeat } from '../heartbeats/shards.ts';
import { dayMs, hourMs } from '../history/fold.ts';
import type { EvidenceItem, Run } from '../history/history.ts';
import { type Slice, slicesOf, type Window, windows as windowLengths } from '../history/series.ts';
import type { LocationSummary } from '../history/summary.ts';
import type { ApiSettings } from '../monitors/api/settings.ts';
import type { BrowserSettings } from '../monitors/browser/settings.ts';
import type { ScriptSettings } from '../monitors/script/settings.ts';
import type { Pause } from '../pauses/pause.ts';
import { spanLabel } from './axis.ts';
import { HistoryChart, RecentChart } from './chart.tsx';
import { ComponentList } from './component-list.tsx';
import { Evidence } from './evidence.tsx';
import { HeartbeatPanel, HeartbeatSchedule } from './heartbeat-panel.tsx';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { monitorPath, OutwardLink } from './links.tsx';
import { covered, Figure } from './monitors-page.tsx';
import { RunNow, RunResults } from './run-now.tsx';
import { MonitorBadge, SeverityTag } from './state.tsx';
import { PagePlan, StepPlan } from './step-list.tsx';
import { Ago, Since } from './time.tsx';

interface MonitorPageProps {
  history: MonitorHistory;
  evidence: readonly EvidenceItem[];
  /** Locations it can be run from. */
  runsFrom: readonly string[];
  /** The run that the page is asked to show. */
  run?: Run | undefined;
  surroundings: Surroundings;
}

/** Everything about one monitor. */
export function MonitorPage({
  history: { summary, windows, rollups, heartbeat },
  evidence,
  runsFrom,
  run,
  surroundings,
}: MonitorPageProps) {
  const { now } = surroundings;
  const { monitor, state, since, message, certificateDaysLeft, locations, pause, maintenance } = summary;
  return (
    <Layout title={monitor.name} section="/" surroundings={surroundings}>
      <p class="crumbs">
        <a href="/">Monitors</a>
      </p>
      <h1>{monitor.name}</h1>
      <p class="line">
        <MonitorBadge state={state} /> <SeverityTag severity={monitor.alert.severity} />
        <span class="soft">
          {since !== undefined && <Since at={since} now={now} />}
          {since === undefined && (monitor.enabled ? 'no check yet' : 'by the config')}
        </span>
      </p>
      {message && <p class="message">{message}</p>}
      {pause && <PausedBy pause={pause} now={now} />}
      {maintenance && (
        <p>
          In maintenance ({maintenance.id}
          {maintenance.comment && `: ${maintenance.comment}`}), which ends{' '}
          <Ago at={maintenance.to} now={now} />. Nobody is told, and the time is outside of its uptime.
        </p>
      )}
      {monitor.enabled && (
        <section class="actions" aria-label="Actions">
          {runsFrom.length > 0 && <RunNow monitor={monitor.id} locations={runsFrom} />}
          <Pausing monitor={monitor.id} isPaused={pause !== undefined} />
        </section>
      )}
      {run && <RunResults run={run} timeout={monitor.timeout} now={now} />}
      {heartbeat && <HeartbeatPanel heartbeat={heartbeat} now={now} />}
      <dl class="figures panel">
        {(Object.keys(windowLengths) as Window[]).map((window) => (
          <Figure
            name={`Uptime, ${window.replace(/(\d+)/, '$1 ')}`}
            value={windows[window].uptime}
            unit="%"
            note={[covered(windows[window]), downtime(windows[window].downMs)].filter(Boolean).join(', ')}
          />
        ))}
        {!heartbeat && (
          <>
            <Figure
              name="Average, 24 h"
              value={String(windows['24h'].responseTimeAverage ?? '—')}
              unit="ms"
            />
            <Figure name="Slowest, 24 h" value={String(windows['24h'].responseTimeMax ?? '—')} unit="ms" />
          </>
        )}
        {certificateDaysLeft !== undefined && (
          <Figure name="Certificate" value={String(certificateDaysLeft)} unit="days left" />
        )}
      </dl>
      <History slices={slicesOf(rollups, monitor.id, now - dayMs, now)} now={now} />
      {locations.map((location) => (
        <LocationPanel location={location} every={monitor.every} now={now} />
      ))}
      <section class="panel">
        <h2>Latest check that was not up</h2>
        {evidence.length === 0 && (
          <Empty>None in the last 30 days. When a check fails, what it saw is kept here.</Empty>
        )}
        {evidence.map((item) => (
          <Evidence evidence={item} now={now} />
        ))}
      </section>
      <Settings monitor={monitor} />
    </Layout>
  );
}

const PausedBy = ({ pause: { by, reason, until }, now }: { pause: Pause; now: number }) => (
  <p>
    Paused by {by}
    {reason && `: ${reason}`}.{' '}
    {until === undefined ? (
      'It is checked again when somebody resumes it.'
    ) : (
      <>
        It is checked again <Ago at={until} now={now} />.
      </>
    )}
  </p>
);

/** What may be chosen; any other time through the API or the command line. */
const lengths = { '30m': '30 minutes', '2h': '2 hours', '1d': '1 day', '': 'somebody resumes it' };

const Pausing = ({ monitor, isPaused }: { monitor: string; isPaused: boolean }) => (
  <>
    {isPaused && (
      <form method="post" action={`${monitorPath(monitor)}/resume`}>
        <button type="submit" class="primary">
          Resume
        </button>
      </form>
    )}
    {!isPaused && (
      <details class="pausing">
        <summary>Pause</summary>
        <form method="post" action={`${monitorPath(monitor)}/pause`}>
          <label for="lasts">For</label>
          <select id="lasts" name="lasts">
            {Object.entries(lengths).map(([value, label]) => (
              <option value={value}>{value === '' ? `until ${label}` : label}</option>
            ))}
          </select>
          <label for="reason">Reason</label>
          <input id="reason" name="reason" maxlength={200} autocomplete="off" placeholder="Optional" />
          <button type="submit">Pause</button>
          <small>No alarm, and the time is left out of uptime. An open incident is resolved.</small>
        </form>
      </details>
    )}
  </>
);

const downtime = (ms: number) => (ms > 0 ? `${formatDuration(ms)} down` : '');

/** Shows 24 hours, or 3 while there is no more than that. */
const History = ({ slices, now }: { slices: readonly Slice[]; now: number }) => {
  const known = slices.find(({ bucket }) => bucket.up + bucket.degraded + bucket.down > 0);
  const from = known && known.at > now - 3 * hourMs ? now - 3 * hourMs : now - dayMs;
  return (
    <section class="panel">
      <h2>{`Last ${spanLabel(now - from)}`}</h2>
      {known ? (
        <HistoryChart
          slices={slices.filter((slice) => slice.at + slice.lengthMs > from)}
          from={from}
          to={now}
        />
      ) : (
        <Empty>Response times of the last 24 hours appear here within five minutes of the first check.</Empty>
      )}
    </section>
  );
};

const LocationPanel = ({
  location,
  every,
  now,
}: {
  location: LocationSummary;
  every: number;
  now: number;
}) => (
  <section class="panel">
    <h2>
      From {location.location} <MonitorBadge state={location.outcome} />
    </h2>
    <RecentChart recent={location.recent} every={every} until={now} />
    {location.components && <ComponentList components={location.components.map(componentOf)} />}
    {location.note && <p class="soft">{location.note}</p>}
  </section>
);

const componentOf = ([name, outcome, latency]: NonNullable<LocationSummary['components']>[number]) => ({
  name,
  outcome,
  ...(latency !== null && { latency }),
});

const Settings = ({ monitor }: { monitor: MonitorHistory['summary']['monitor'] }) => (
  <section class="panel">
    <h2>What is checked</h2>
    {monitor.kind === 'health' && <p>What the target says of itself and of its components.</p>}
    {monitor.kind === 'api' && <StepPlan settings={monitor.settings as ApiSettings} />}
    {monitor.kind === 'browser' && <PagePlan settings={monitor.settings as BrowserSettings} />}
    {monitor.kind === 'script' && (
      <p>
        What <code>{(monitor.settings as ScriptSettings).file}</code> does.
      </p>
    )}
    <ul class="conditions">
      {monitor.expect.map(({ line }) => (
        <li>
          <code>{line}</code>
        </li>
      ))}
      {monitor.degraded?.map(({ line }) => (
        <li>
          <code>{line}</code>, else degraded
        </li>
      ))}
    </ul>
    <dl class="facts">
      <div>
        <dt>Kind</dt>
        <dd>{monitor.kind}</dd>
      </div>
      {isHeartbeat(monitor) ? (
        <HeartbeatSchedule settings={monitor.settings} />
      ) : (
        <>
          <div>
            <dt>Every</dt>
            <dd>{formatDuration(monitor.every)}</dd>
          </div>
          <div>
            <dt>Timeout</dt>
            <dd>{formatDuration(monitor.timeout)}</dd>
          </div>
        </>
      )}
      <div>
        <dt>Alarm after</dt>
        <dd>{`${monitor.alert.failing} of ${monitor.alert.of} checks`}</dd>
      </div>
      {monitor.alert.degraded && (
        <div>
          <dt>Alarm when degraded</dt>
          <dd>{`after ${monitor.alert.degraded.failing} of ${monitor.alert.degraded.of} checks`}</dd>
        </div>
      )}
      {Object.entries(monitor.labels).map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {monitor.runbook && (
        <div>
          <dt>Runbook</dt>
          <dd>
            <OutwardLink to={monitor.runbook} />
          </dd>
        </div>
      )}
    </dl>
  </section>
);
