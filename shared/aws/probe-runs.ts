import type { Config } from '../config/config.ts';
import type { RunRequest } from '../history/history.ts';
import type { ProbeEvent } from '../monitors/probe-event.ts';
import { probeNameOf } from '../monitors/shards.ts';
import type { Aws } from './environment.ts';
import type { HistoryTable } from './history-table.ts';
import { invokeLater } from './lambda.ts';

/**
 * Has the probes of a monitor's locations check it now: what they see is kept with the run, and counts for nothing else.
 * @param functionPrefix what the names of functions begin with: `Tocsin-<name>-`
 */
export function probeRuns(
  aws: Aws,
  history: Pick<HistoryTable, 'putRun'>,
  { locations, monitors }: Pick<Config, 'locations' | 'monitors'>,
  functionPrefix: string,
) {
  return async (run: RunRequest): Promise<void> => {
    const monitor = monitors.find(({ id }) => id === run.monitor);
    if (!monitor) throw new Error(`the config has no monitor ${run.monitor}`);
    const event: ProbeEvent = { check: [run.monitor], requestId: run.id };
    await history.putRun(run);
    await Promise.all(
      run.locations.map((location) => {
        const region = locations.find(({ id }) => id === location)?.region;
        return invokeLater(aws, functionPrefix + probeNameOf(monitor, location), event, region);
      }),
    );
  };
}
