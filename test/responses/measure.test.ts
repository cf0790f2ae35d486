import { describe, expect, test } from 'vitest';
import { applyEvent } from '../../shared/incidents/apply.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import { emfLine } from '../../shared/metrics/emf.ts';
import { measuredBy } from '../../shared/responses/measure.ts';
import { signal, start } from '../incidents/signals.ts';
import { track } from '../incidents/tracking.ts';
import { incident, minute } from './incidents.ts';

const measured = (before: Incident | undefined, after: Incident) => measuredBy('acme', before, after, 7);

describe('what is written of a response', () => {
  test.each<[string, Incident | undefined, Incident, object | undefined]>([
    ['that it opened', undefined, incident(0), undefined],
    ['the first acknowledgement', incident(0), incident(0, { acked: 3 }), { TimeToAcknowledge: 3 * minute }],
    ['no further one', incident(0, { acked: 3 }), incident(0, { acked: 3 }), undefined],
    [
      'the end',
      incident(0, { acked: 3 }),
      incident(0, { acked: 3, lasted: 9 }),
      { TimeToResolve: 9 * minute },
    ],
    ['nothing after the end', incident(0, { lasted: 9 }), incident(0, { lasted: 9 }), undefined],
    ['nothing of a test', incident(0), incident(0, { lasted: 9, test: true }), undefined],
  ])('%s', (_, before, after, values) => {
    const document = measured(before, after);
    expect(document?.values).toEqual(values);
    if (document) expect(emfLine(document)).toContain('"Severity":"critical"');
  });
});

test('an incident is measured when it is acknowledged, and at each end, by whatever ends it', async () => {
  const { ports, at } = await track();
  const values: unknown[] = [];
  const observe = (before: Incident | undefined, after: Incident) => {
    const document = measuredBy('acme', before, after, start);
    if (document) values.push(document.values);
  };
  const tracking = { ...ports, observe };
  const alarm = (state: 'ALARM' | 'OK', seconds: number) =>
    applyEvent(tracking, { type: 'alarm', signal: signal('website', state, seconds) });
  const { incident: opened } = await alarm('ALARM', 0);
  at(60);
  const acknowledge = { type: 'acknowledge' as const, actor: 'Ada' };
  await applyEvent(tracking, { type: 'action', incident: opened!.id, action: acknowledge });
  await alarm('OK', 90);
  await alarm('OK', 90);
  await alarm('ALARM', 120);
  await alarm('OK', 180);
  expect(values).toEqual([
    { TimeToAcknowledge: 60_000 },
    { TimeToResolve: 90_000 },
    { TimeToResolve: 180_000 },
  ]);
});
