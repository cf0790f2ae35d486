import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Channel } from '../shared/config/config.ts';
import type { EventBridgeSettings } from '../shared/notifications/eventbridge/settings.ts';
import type { RemediationSettings } from '../shared/notifications/remediation/settings.ts';
import type { SnsSettings } from '../shared/notifications/sns/settings.ts';

/** Permission to publish to exactly the topics that the channels name. Another account's topic must allow it as well. */
export const publishingTo = (channels: Channel[]): PolicyStatement =>
  new PolicyStatement({
    actions: ['sns:Publish'],
    resources: [...new Set(channels.map(({ settings }) => (settings as SnsSettings).topic))],
  });

/** Permission to run exactly the functions that the channels name; none where they only post. Another account's must allow it as well. */
export function running(channels: Channel[]): PolicyStatement[] {
  const named = channels.flatMap(({ settings }) => (settings as RemediationSettings).lambda ?? []);
  if (named.length === 0) return [];
  return [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...new Set(named)] })];
}

/** Permission to put events on exactly the buses that the channels name. Another account's bus must allow it as well. */
export const puttingEventsOn = (channels: Channel[]): PolicyStatement =>
  new PolicyStatement({
    actions: ['events:PutEvents'],
    resources: [...new Set(channels.map(({ settings }) => (settings as EventBridgeSettings).bus))],
  });
