import { waitingFor } from '../api/resources.ts';
import type { Run } from '../history/history.ts';
import { pauseMs } from '../monitors/slots.ts';
import { Evidence } from './evidence.tsx';
import { Empty } from './layout.tsx';
import { monitorPath } from './links.tsx';
import { MonitorBadge } from './state.tsx';
import { Ago } from './time.tsx';

/** Milliseconds beside both looks that a result may take: a cold start, the queue. */
const underwayMs = 30_000;

/** Has the monitor checked now: from all of its locations or, where there are several, from one. */
export const RunNow = ({ monitor, locations }: { monitor: string; locations: readonly string[] }) => (
  <form method="post" action={`${monitorPath(monitor)}/run`} class="running">
    <button type="submit">Run now</button>
    {locations.length > 1 &&
      locations.map((location) => (
        <button type="submit" name="location" value={location}>
          from {location}
        </button>
      ))}
  </form>
);

/** What a run saw, good or bad, as far as it is there. */
export function RunResults({ run, timeout, now }: { run: Run; timeout: number; now: number }) {
  const isLate = now > run.at + 2 * timeout + pauseMs + underwayMs;
  return (
    <section class="panel" aria-label="Run">
      <h2>
        Run by {run.by} <Ago at={run.at} now={now} />
      </h2>
      {run.results.map((result) => (
        <>
          <p class="line">
            From {result.location} <MonitorBadge state={result.observation.outcome} />
          </p>
          <Evidence evidence={result} now={now} part="run" />
        </>
      ))}
      {waitingFor(run).map((location) => (
        <Empty>
          {isLate
            ? `${location} has sent nothing: the log of its probe may say why.`
            : `Waiting for ${location}…`}
        </Empty>
      ))}
    </section>
  );
}
