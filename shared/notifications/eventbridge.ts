import { type BusEvent, putEvent } from '../aws/publishing.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import { type EventBridgeSettings, eventbridgeSettings } from './eventbridge/settings.ts';
import { fittedEvent } from './fitted-event.ts';
import type { Answer, ChannelKind, Verdict } from './kind.ts';
import { answerOf, classifyAws } from './provider/aws-answer.ts';

/** An EventBridge bus: each event of an incident for rules to match, source `tocsin`, detail type `Incident firing` and so on. */
export const eventbridge: ChannelKind<EventBridgeSettings, BusEvent> = {
  kind: 'eventbridge',
  settings: eventbridgeSettings,
  secrets: () => [],
  follows: ['acknowledged', 'assigned', 'severity-changed', 'commented'],
  rate: 600,
  render: renderBusEvent,
  send: async (event, { bus }, { aws, now }) => answerOf(await putEvent(aws, bus, now(), event)),
  classify: classifyPut,
};

function renderBusEvent(event: IncidentEvent): BusEvent {
  return {
    Source: 'tocsin',
    DetailType: `Incident ${event.type}`,
    Detail: fittedEvent(event),
    Resources: [],
  };
}

/** 200 is no success where an entry failed. */
function classifyPut(answer: Answer, now: number): Verdict {
  const failed = answer.status === 200 && /"FailedEntryCount"\s*:\s*[1-9]/.test(answer.body);
  return classifyAws(failed ? { ...answer, status: 400 } : answer, now);
}
