import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { messageOf } from '../incidents/event-message.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import type { Aws } from './environment.ts';

/** Publishes to `incident-events`: one message per event, in a form for programs, one for mail and one for SMS. */
export function eventPublisher(aws: Aws, topicArn: string): (event: IncidentEvent) => Promise<void> {
  const { region, endpoint, ...credentials } = aws;
  const client = new SNSClient({ region, credentials, ...(endpoint && { endpoint }) });
  return async (event) => {
    await client.send(new PublishCommand({ TopicArn: topicArn, ...messageOf(event) }));
  };
}
