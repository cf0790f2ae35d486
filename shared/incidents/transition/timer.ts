import type { Effect, Incident, Timer } from '../incident.ts';

/** Gives an incident the timer that its `due` demands, and none where nothing is due; the one it had is stale then. */
export function setTimer(next: Incident, effects: Effect[]): void {
  const dues = Object.values(next.due);
  const wakesAt = dues.length > 0 ? Math.min(...dues) : undefined;
  if (wakesAt === next.wakesAt) return;
  next.fence += 1;
  if (wakesAt === undefined) {
    delete next.wakesAt;
    return;
  }
  next.wakesAt = wakesAt;
  next.sequence += 1;
  const timer: Timer = {
    id: `${next.id}#${next.sequence}`,
    incident: next.id,
    dueAt: wakesAt,
    fence: next.fence,
  };
  effects.push({ sequence: next.sequence, kind: 'timer', timer });
}
