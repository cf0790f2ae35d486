import type { Run } from '../history/history.ts';
import type { Incident } from '../incidents/incident.ts';
import { monitorPath } from './links.tsx';
import { MonitorBadge } from './state.tsx';
import { Moment } from './time.tsx';

/** What checks saw that were made because of the incident: the end of a failure shows here before its alarm recovers. */
export const Meanwhile = ({
  incident,
  runs,
  now,
}: {
  incident: Incident;
  runs: readonly Run[];
  now: number;
}) =>
  runs.length === 0 ? null : (
    <section class="panel">
      <h2>Checks meanwhile</h2>
      <p class="soft">
        {incident.status === 'resolved'
          ? 'The last of those that were made every minute while it lasted.'
          : 'Every minute while it lasts. They count for nothing: its end is when the alarm recovers.'}
      </p>
      <ol class="timeline">
        {runs.flatMap((run) =>
          run.locations.map((location) => (
            <RunLine
              run={run}
              location={location}
              result={run.results.find((each) => each.location === location)}
              now={now}
            />
          )),
        )}
      </ol>
    </section>
  );

interface RunLineProps {
  run: Run;
  location: string;
  result: Run['results'][number] | undefined;
  now: number;
}

const RunLine = ({ run: { at, monitor, id }, location, result, now }: RunLineProps) => (
  <li>
    <Moment at={result?.observation.at ?? at} now={now} />
    <span>
      {result && <MonitorBadge state={result.observation.outcome} />}{' '}
      <a href={`${monitorPath(monitor)}?run=${encodeURIComponent(id)}`}>{monitor}</a> from {location}:{' '}
      {result ? seen(result.observation) : 'nothing yet'}
    </span>
  </li>
);

const seen = ({ outcome, message, responseTime }: Run['results'][number]['observation']) =>
  message ?? (responseTime === undefined ? outcome : `${Math.round(responseTime)} ms`);
