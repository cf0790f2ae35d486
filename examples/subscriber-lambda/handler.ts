import type { SNSEvent } from 'aws-lambda';

/*
 * A Lambda of your own that hears of every incident. Subscribe it to the topic incident-events:
 *
 *   aws sns subscribe --topic-arn <IncidentEventsTopicArn> --protocol lambda --notification-endpoint <function ARN> \
 *     --attributes '{"FilterPolicy":"{\"type\":[\"firing\",\"resolved\"],\"severity\":[\"critical\"]}"}'
 *   aws lambda add-permission --function-name <name> --statement-id tocsin --action lambda:InvokeFunction \
 *     --principal sns.amazonaws.com --source-arn <IncidentEventsTopicArn>
 *
 * Only SNS can invoke it, so there is no signature to verify.
 */

/** The part of an event that this example uses: docs/events.md has all of it. */
interface IncidentEvent {
  version: number;
  type: 'firing' | 'resolved' | 'acknowledged' | 'commented';
  system: string;
  incident: { id: string; title: string; severity: string; revision: number; test?: boolean };
  links: { incident?: string };
}

/** Does something with each incident event, once, and never with one that is older than what it did last. */
export function createHandler(act: (event: IncidentEvent) => Promise<void>) {
  // Highest revision of each incident that was acted on: SNS may deliver twice, and in another order.
  const handled = new Map<string, number>();
  return async ({ Records }: SNSEvent): Promise<void> => {
    for (const { Sns } of Records) {
      const event = JSON.parse(Sns.Message) as IncidentEvent;
      const { id, revision, test } = event.incident;
      const tellsPeople = event.type === 'firing' || event.type === 'resolved';
      if (event.version !== 1 || test || !tellsPeople || revision <= (handled.get(id) ?? 0)) continue;
      await act(event);
      handled.set(id, revision);
    }
  };
}

/** Here: one line in the log. A display, a siren or a ticket would be the same. */
export const handler = createHandler(async ({ type, system, incident, links }) => {
  console.log(JSON.stringify({ type, system, ...incident, link: links.incident }));
});
