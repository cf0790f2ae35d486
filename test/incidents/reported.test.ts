import { expect, test } from 'vitest';
import { applyEvent } from '../../shared/incidents/apply.ts';
import { trackMessages } from '../../shared/incidents/track.ts';
import { signal, start } from './signals.ts';
import { track } from './tracking.ts';

test('what was run because of an incident stands in its timeline once, however often it is reported', async () => {
  const { ports, table, published } = await track();
  const { incident } = await applyEvent(ports, { type: 'alarm', signal: signal('website', 'ALARM', 0) });
  const report = (revision: number, text: string) => ({
    id: `${revision}`,
    queue: 'timers' as const,
    body: JSON.stringify({ type: 'reported', incident: incident!.id, channel: 'fix', revision, text }),
    sentAt: start,
  });
  const told = published.length;
  const reports = [report(1, 'fn answered 200'), report(1, 'fn answered 200'), report(2, 'not run')];
  for (const each of reports) await trackMessages(ports, [each]);
  const whole = await table.readWhole(incident!.id);
  const notes = whole!.timeline.filter(({ type }) => type === 'note');
  expect(notes.map(({ actor, text }) => [actor, text])).toEqual([
    ['fix', 'fn answered 200'],
    ['fix', 'not run'],
  ]);
  expect(published).toHaveLength(told);
});
