import type { Outcome, Reason } from '../monitors/observation.ts';
import type { Cause, EvidenceItem, NowItem, Vote } from './history.ts';

/**
 * What several locations together say a failure is: of the target; of DNS alone; of the region of those that see it; of a probe, where
 * nobody could tell. Undefined where there is one vote to go by.
 */
export function causeOf(votes: readonly Vote[]): Cause | undefined {
  const failed = votes.filter(({ outcome }) => outcome === 'down');
  const wellSeen = votes.some(({ outcome }) => outcome === 'up' || outcome === 'degraded');
  if (failed.length === 0) return votes.some(({ reason }) => reason === 'no-network') ? 'probe' : undefined;
  if (wellSeen) return 'region';
  if (failed.length === 1) return undefined;
  return failed.every(({ reason }) => reason?.startsWith('dns-')) ? 'dns' : 'target';
}

/** Evidence of a monitor with what all its locations said of its slot. With one location there is nothing to compare. */
export function withVotes(
  evidence: readonly EvidenceItem[],
  monitor: string,
  items: readonly NowItem[],
): EvidenceItem[] {
  return evidence.map((item) => {
    if (items.length < 2 || item.observation.outcome === 'degraded') return item;
    const votes = items.flatMap((now) => voteOf(now, monitor, item.slot, evidence) ?? []);
    const cause = causeOf(votes);
    return { ...item, votes, ...(cause && { cause }) };
  });
}

/** Evidence knows the reason, what is recent only the outcome. */
function voteOf(
  { location, monitors }: NowItem,
  monitor: string,
  slot: number,
  evidence: readonly EvidenceItem[],
): Vote | undefined {
  const kept = evidence.find((item) => item.location === location && item.slot === slot);
  if (kept) return voteAs(location, kept.observation);
  const recent = monitors[monitor]?.recent.find(([at]) => at === slot);
  return recent && { location, outcome: recent[1] };
}

const voteAs = (location: string, { outcome, reason }: { outcome: Outcome; reason?: Reason }): Vote => ({
  location,
  outcome,
  ...(reason && { reason }),
});

const words: Record<Cause, string> = {
  target: 'the target: every location that was asked sees it fail',
  region: 'the region: other locations reach the target',
  dns: 'DNS: no location can look the name up',
  probe: 'the probe: its location has no network',
};

/** The cause in words, with who said what: `the region: other locations reach the target (home down, frankfurt up)`. */
export function causeText({ cause, votes = [] }: Pick<EvidenceItem, 'cause' | 'votes'>): string | undefined {
  const said = votes.map(({ location, outcome }) => `${location} ${outcome}`).join(', ');
  return cause && `${words[cause]} (${said})`;
}
