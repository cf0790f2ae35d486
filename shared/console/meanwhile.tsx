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
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Monitor</th>
              <th scope="col">From</th>
              <th scope="col">Outcome</th>
              <th scope="col">What it saw</th>
            </tr>
          </thead>
          <tbody>
            {runs.flatMap((run) =>
              run.locations.map((location) => (
                <RunRow
                  run={run}
                  location={location}
                  result={run.results.find((each) => each.location === location)}
                  now={now}
                />
              )),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );

interface RunRowProps {
  run: Run;
  location: string;
  result: Run['results'][number] | undefined;
  now: number;
}

const RunRow = ({ run: { at, monitor, id }, location, result, now }: RunRowProps) => (
  <tr>
    <td>
      <Moment at={result?.observation.at ?? at} now={now} />
    </td>
    <td>
      <a href={`${monitorPath(monitor)}?run=${encodeURIComponent(id)}`}>{monitor}</a>
    </td>
    <td>{location}</td>
    <td>{result ? <MonitorBadge state={result.observation.outcome} /> : '—'}</td>
    <td>{result ? seen(result.observation) : 'nothing yet'}</td>
  </tr>
);

const seen = ({ message, responseTime }: Run['results'][number]['observation']) =>
  message ?? (responseTime === undefined ? '' : `${Math.round(responseTime)} ms`);
