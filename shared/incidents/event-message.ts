import { fittedEvent } from '../notifications/fitted-event.ts';
import { emailText, smsText, subjectText } from './event-text.ts';
import type { IncidentEvent } from './incident.ts';

/** An attribute of a message, for filter policies of subscriptions. */
interface Attribute {
  DataType: 'String' | 'String.Array';
  StringValue: string;
}

/**
 * An event as SNS publishes it: one message in a form for programs, one for mail and one for SMS. Attributes are for filter policies
 * of subscriptions; `reason`, `receivers` and `monitor` are left out where they would be empty, which SNS refuses.
 */
export function messageOf(event: IncidentEvent) {
  const { subject, severity } = event.incident;
  return {
    Subject: subjectText(event),
    MessageStructure: 'json',
    Message: JSON.stringify({
      default: fittedEvent(event),
      email: emailText(event),
      sms: smsText(event),
    }),
    MessageAttributes: {
      type: text(event.type),
      severity: text(severity),
      system: text(event.system),
      ...(event.reason && { reason: text(event.reason) }),
      ...(subject.type === 'monitor' && { monitor: text(subject.id) }),
      ...(event.receivers.length > 0 && {
        receivers: { DataType: 'String.Array', StringValue: JSON.stringify(event.receivers) },
      }),
    } satisfies Record<string, Attribute>,
  };
}

const text = (StringValue: string): Attribute => ({ DataType: 'String', StringValue });
