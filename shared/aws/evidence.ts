import type { Config } from '../config/config.ts';
import { withVotes } from '../history/cause.ts';
import type { EvidenceItem } from '../history/history.ts';
import { probedShardsOf } from '../monitors/shards.ts';
import type { HistoryTable } from './history-table.ts';

/** Reads a monitor's evidence, newest first, with what its other locations said at the same time. */
export async function readEvidence(
  history: HistoryTable,
  config: Config,
  monitor: string,
): Promise<EvidenceItem[]> {
  const evidence = await history.readEvidence(monitor);
  const shards = probedShardsOf(config).filter(({ monitors }) => monitors.some(({ id }) => id === monitor));
  if (evidence.length === 0 || shards.length < 2) return evidence;
  const items = await Promise.all(shards.map(({ location, id }) => history.readNow(location, id)));
  return withVotes(
    evidence,
    monitor,
    items.flatMap((item) => item ?? []),
  );
}
