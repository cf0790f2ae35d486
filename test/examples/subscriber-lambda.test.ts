import type { SNSEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { createHandler } from '../../examples/subscriber-lambda/handler.ts';
import { messageOf } from '../../shared/incidents/event-message.ts';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { acknowledged, firing, resolved, testEvent } from '../notifications/events.ts';

/** As Lambda gets it of SNS: of what we publish, the form for programs. */
const delivered = (...events: IncidentEvent[]) =>
  ({
    Records: events.map((event) => ({ Sns: { Message: JSON.parse(messageOf(event).Message).default } })),
  }) as SNSEvent;

async function actedOn(...deliveries: SNSEvent[]) {
  const acted: string[] = [];
  const handler = createHandler(async ({ type, incident }) => {
    acted.push(`${type} ${incident.revision}`);
  });
  for (const delivery of deliveries) await handler(delivery);
  return acted;
}

it.each<[string, SNSEvent[], string[]]>([
  ['in order', [delivered(firing()), delivered(resolved())], ['firing 1', 'resolved 2']],
  ['twice', [delivered(firing(), firing()), delivered(firing())], ['firing 1']],
  ['the end first', [delivered(resolved()), delivered(firing())], ['resolved 2']],
  ['what notifies nobody', [delivered(acknowledged())], []],
  ['a test', [delivered({ ...testEvent(), incident: { ...firing().incident, test: true } })], []],
  ['a version to come', [delivered({ ...firing(), version: 2 as never })], []],
])('events delivered %s: it acts on %j', async (_, deliveries, expected) => {
  expect(await actedOn(...deliveries)).toEqual(expected);
});

it('an event that could not be acted on is not forgotten: Lambda delivers it again', async () => {
  let broken = true;
  let acted = 0;
  const handler = createHandler(async () => {
    if (broken) throw new Error('the siren is broken');
    acted += 1;
  });
  await expect(handler(delivered(firing()))).rejects.toThrow('the siren is broken');
  broken = false;
  await handler(delivered(firing()));
  expect(acted).toBe(1);
});
