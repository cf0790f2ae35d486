import type { ListedWindow } from '../api/maintenance.ts';
import type { ListedSilence } from '../api/silences.ts';
import type { Monitor } from '../config/config.ts';
import type { Incident } from '../incidents/incident.ts';
import { formatMatchers } from '../silences/matchers.ts';
import { alertLabels } from '../suppression/surroundings.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { monitorPath } from './links.tsx';
import { SilenceBadge, WindowBadge } from './state.tsx';
import { Ago } from './time.tsx';

interface SilencesPageProps {
  silences: readonly ListedSilence[];
  /** On, or to come. */
  windows: readonly ListedWindow[];
  monitors: readonly Monitor[];
  /** What the form begins with. */
  matchers?: string | undefined;
  surroundings: Surroundings;
}

/** What nobody is told of: silences, and maintenance windows, with forms for both. */
export function SilencesPage({ silences, windows, monitors, matchers, surroundings }: SilencesPageProps) {
  const { now } = surroundings;
  const current = silences.filter(({ state }) => state !== 'expired');
  const over = silences.filter(({ state }) => state === 'expired');
  return (
    <Layout title="Silences" section="/silences" surroundings={surroundings}>
      <h1>{current.length === 0 ? 'Nothing is silenced' : `${current.length} silenced`}</h1>
      <section class="actions" aria-label="Actions">
        <SilenceForm matchers={matchers} />
      </section>
      <SilenceList silences={current} now={now} />
      <h2>Maintenance</h2>
      {windows.length === 0 && (
        <Empty>None is on or to come. Meanwhile nobody is told, and the time is outside of uptime.</Empty>
      )}
      <WindowList windows={windows} now={now} />
      <section class="actions" aria-label="Maintenance">
        <WindowForm monitors={monitors.filter(({ enabled }) => enabled)} />
      </section>
      {over.length > 0 && <h2>Expired</h2>}
      <SilenceList silences={over} now={now} />
    </Layout>
  );
}

/** Where the form stands with the labels of an incident in it; without its severity, which may change, and the name of its first alert. */
export function silencePath(incident: Incident): string {
  const { severity, alertname, ...shared } = alertLabels(incident);
  const labels = incident.subject.type === 'monitor' ? shared : { alertname: incident.subject.id, ...shared };
  const matchers = Object.entries(labels).map(([label, value]) => ({
    label,
    operator: '=' as const,
    values: [value],
  }));
  return `/silences?matchers=${encodeURIComponent(formatMatchers(matchers))}`;
}

const SilenceList = ({ silences, now }: { silences: readonly ListedSilence[]; now: number }) => (
  <ul class="rows">
    {silences.map(({ id, state, matchers, startsAt, endsAt, by, comment }) => (
      <li>
        <SilenceBadge state={state} />
        <code>{formatMatchers(matchers)}</code>
        <span class="soft">
          {state === 'pending' ? 'begins ' : state === 'active' ? 'ends ' : 'ended '}
          <Ago at={state === 'pending' ? startsAt : endsAt} now={now} />, by {by}
          {comment && `: ${comment}`}
        </span>
        {state !== 'expired' && (
          <form method="post" action={`/silences/${encodeURIComponent(id)}/expire`}>
            <button type="submit">Expire</button>
          </form>
        )}
      </li>
    ))}
  </ul>
);

const WindowList = ({ windows, now }: { windows: readonly ListedWindow[]; now: number }) => (
  <ul class="rows">
    {windows.map(({ id, monitors, from, to, by, comment }) => (
      <li>
        <WindowBadge isOn={from <= now} />
        <strong>{id}</strong>
        <span>
          {monitors.map((monitor) => (
            <>
              <a href={monitorPath(monitor)}>{monitor}</a>{' '}
            </>
          ))}
        </span>
        <span class="soft">
          {from > now && (
            <>
              begins <Ago at={from} now={now} />,{' '}
            </>
          )}
          ends <Ago at={to} now={now} />, {by ? `by ${by}` : 'by the config'}
          {comment && `: ${comment}`}
        </span>
        {by && (
          <form method="post" action={`/maintenance/${encodeURIComponent(id)}/end`}>
            <button type="submit">End</button>
          </form>
        )}
      </li>
    ))}
  </ul>
);

/** What may be chosen; any other time through the API or the command line. */
const lengths = {
  '30m': '30 minutes',
  '1h': '1 hour',
  '2h': '2 hours',
  '8h': '8 hours',
  '1d': '1 day',
  '7d': '1 week',
};

const Lasts = ({ id }: { id: string }) => (
  <>
    <label for={id}>For</label>
    <select id={id} name="for">
      {Object.entries(lengths).map(([value, label]) => (
        <option value={value} selected={value === '2h'}>
          {label}
        </option>
      ))}
    </select>
  </>
);

const SilenceForm = ({ matchers }: { matchers: string | undefined }) => (
  <details id="silence" class="pausing" open={matchers !== undefined}>
    <summary>Silence</summary>
    <form method="post" action="/silences">
      <label for="matchers">What</label>
      <input
        id="matchers"
        name="matchers"
        required
        maxlength={2_000}
        size={50}
        autocomplete="off"
        value={matchers}
        placeholder='team="platform", env=~"prod.*"'
      />
      <Lasts id="silence-for" />
      <label for="comment">Why</label>
      <input id="comment" name="comment" maxlength={200} autocomplete="off" placeholder="Optional" />
      <button type="submit">Silence</button>
      <small>Incidents with these labels are told to nobody. What still fails at the end is told then.</small>
    </form>
  </details>
);

const WindowForm = ({ monitors }: { monitors: readonly Monitor[] }) => (
  <details id="maintenance" class="pausing">
    <summary>Begin maintenance</summary>
    <form method="post" action="/maintenance">
      <label for="monitor">Of</label>
      <select id="monitor" name="monitor">
        {monitors.map(({ id, name }) => (
          <option value={id}>{name}</option>
        ))}
      </select>
      <Lasts id="maintenance-for" />
      <label for="what">What is done</label>
      <input id="what" name="comment" maxlength={200} autocomplete="off" placeholder="Optional" />
      <button type="submit">Begin</button>
      <small>It is checked all the same; nobody is told, and the time is outside of its uptime.</small>
    </form>
  </details>
);
