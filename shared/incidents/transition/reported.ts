import type { Incident } from '../incident.ts';
import { nothing, type Reported, type Scene, type Transition } from './change.ts';
import { changing } from './changing.ts';

/** What came of something that was run because of it stands in its timeline, once. */
export function onReported(
  incident: Incident,
  { channel, revision, text }: Reported,
  scene: Scene,
): Transition {
  if (revision <= (incident.reported?.[channel] ?? 0)) return nothing('already-known');
  const draft = changing(incident, scene);
  draft.next.reported = { ...incident.reported, [channel]: revision };
  draft.note('note', channel, text);
  return draft.finish('reported');
}
