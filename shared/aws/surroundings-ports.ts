import type { Config } from '../config/config.ts';
import { observedShardsOf } from '../heartbeats/shards.ts';
import { summarize } from '../history/summary.ts';
import { confirmingShardsOf } from '../monitors/shards.ts';
import type { SurroundingsPorts } from '../suppression/gather.ts';
import type { HistoryTable } from './history-table.ts';
import type { IncidentTable } from './incident-table.ts';
import type { SilenceTable } from './silence-table.ts';
import type { WindowTable } from './window-table.ts';

export interface Tables {
  incidents: IncidentTable;
  history: HistoryTable;
  silences: SilenceTable;
  windows: WindowTable;
}

/** The real world of `gatherSurroundings`. */
export function surroundingsPorts(config: Config, tables: Tables, now: () => number): SurroundingsPorts {
  const { incidents, history, silences, windows } = tables;
  return {
    config,
    readSilences: silences.readSilences,
    readWindows: windows.readWindows,
    readAlerts: incidents.readAlerts,
    async readOpenIncidents() {
      const open = await Promise.all((await incidents.listOpen()).map(incidents.readIncident));
      return open.flatMap((incident) => (incident && incident.status !== 'resolved' ? [incident] : []));
    },
    async readMonitors(ids) {
      const monitors = config.monitors.filter(({ id }) => ids.includes(id));
      const shards = [...observedShardsOf(config), ...confirmingShardsOf(config)].filter((shard) =>
        shard.monitors.some(({ id }) => ids.includes(id)),
      );
      const items = await Promise.all(shards.map(({ location, id }) => history.readNow(location, id)));
      const seen = items.flatMap((item) => item ?? []);
      return monitors.map((monitor) => summarize(monitor, seen, now()));
    },
  };
}
