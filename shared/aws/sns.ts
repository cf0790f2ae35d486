import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { emailText, smsText, subjectText } from '../incidents/event-text.ts';
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

/**
 * The message of an event. Attributes are for filter policies of subscriptions; `receivers` and `monitor` are left out
 * where they would be empty, which SNS refuses.
 */
export function messageOf(event: IncidentEvent) {
  const { subject, severity } = event.incident;
  return {
    Subject: subjectText(event),
    MessageStructure: 'json',
    Message: JSON.stringify({
      default: JSON.stringify(event),
      email: emailText(event),
      sms: smsText(event),
    }),
    MessageAttributes: {
      type: text(event.type),
      severity: text(severity),
      system: text(event.system),
      ...(subject.type === 'monitor' && { monitor: text(subject.id) }),
      ...(event.receivers.length > 0 && {
        receivers: { DataType: 'String.Array', StringValue: JSON.stringify(event.receivers) },
      }),
    } satisfies Record<string, MessageAttributeValue>,
  };
}

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
