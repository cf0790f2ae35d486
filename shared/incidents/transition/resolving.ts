import type { Incident } from '../incident.ts';
import { tellEnd } from './announce.ts';
import type { Changing } from './changing.ts';
import { endEscalation } from './escalation.ts';
import { awaitRest, calm } from './flapping.ts';
import { retitle } from './members.ts';

/** Ends it, and tells whoever was told that it fires; while it comes and goes, only once it is at rest. */
export function resolve(draft: Changing, at: number, by: string, text?: string): void {
  const { next, note } = draft;
  const begun = next.reopenedAt ?? next.openedAt;
  Object.assign(next, { status: 'resolved', resolvedAt: Math.max(at, begun), resolvedBy: by });
  Object.assign(next, { fresh: 0, gone: 0, due: {} });
  retitle(next);
  endEscalation(next);
  delete next.suppressed;
  delete next.withheld;
  if (!isAutomatic(by)) calm(next);
  note('resolved', isAutomatic(by) ? 'tocsin' : by, [resolution(next, by), text].filter(Boolean).join(': '));
  if (next.flapping) awaitRest(draft);
  else tellEnd(draft);
}

/** Opens what is resolved again. It is the same incident, and nobody is on it. */
export function unresolve(next: Incident, at: number): void {
  Object.assign(next, { status: 'triggered', reopened: (next.reopened ?? 0) + 1, reopenedAt: at });
  delete next.resolvedAt;
  delete next.resolvedBy;
  delete next.acknowledgedAt;
  delete next.acknowledgedBy;
  retitle(next);
}

/** `resolvedBy` values that are not people. */
const automatic = { recovered: 'all alarms are OK', 'alarm-deleted': 'its last alarm was deleted' };

const isAutomatic = (by: string): by is keyof typeof automatic => Object.hasOwn(automatic, by);

function resolution({ firing }: Incident, by: string): string {
  if (isAutomatic(by)) return automatic[by];
  return firing > 0 ? `resolved by ${by} while ${firing} still firing` : `resolved by ${by}`;
}
