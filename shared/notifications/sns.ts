import { type Publication, publishToTopic } from '../aws/publishing.ts';
import { messageOf } from '../incidents/event-message.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import type { ChannelKind } from './kind.ts';
import { answerOf, classifyAws } from './provider/aws-answer.ts';
import { type SnsSettings, snsSettings } from './sns/settings.ts';

/** An SNS topic of one's own: it gets what `incident-events` gets, of what is routed to it, with the same attributes. */
export const sns: ChannelKind<SnsSettings, Publication> = {
  kind: 'sns',
  settings: snsSettings,
  secrets: () => [],
  follows: ['acknowledged', 'assigned', 'severity-changed', 'commented'],
  rate: 600,
  render: renderSns,
  send: async (publication, { topic }, { aws }) => answerOf(await publishToTopic(aws, topic, publication)),
  classify: classifyAws,
};

/** In a FIFO topic what happens to an incident stays in order, and an event that is published again is dropped. */
function renderSns(event: IncidentEvent, { topic }: SnsSettings): Publication {
  const message = messageOf(event);
  if (!topic.endsWith('.fifo')) return message;
  return {
    ...message,
    MessageGroupId: asciiOf(event.incident.id),
    MessageDeduplicationId: asciiOf(event.id),
  };
}

/** What SNS takes in an id: printable ASCII, at most 128 characters. */
const asciiOf = (id: string): string => id.replaceAll(/[^\x21-\x7e]/g, '_').slice(-128);
