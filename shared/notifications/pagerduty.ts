import type { ChannelKind } from './kind.ts';
import { type PagerDutyEvent, renderPagerDuty } from './pagerduty/event.ts';
import { type PagerDutySettings, pagerdutySettings } from './pagerduty/settings.ts';
import { jsonOf, postToProvider } from './provider/post.ts';

const hosts: Record<PagerDutySettings['region'], string> = {
  us: 'https://events.pagerduty.com',
  eu: 'https://events.eu.pagerduty.com',
};

/**
 * PagerDuty, by the Events API v2: an incident is an alert of the same key, which is acknowledged and resolved with it. What is 202
 * is taken; 400 will never be, 429 and 5xx may be later.
 */
export const pagerduty: ChannelKind<PagerDutySettings, PagerDutyEvent> = {
  kind: 'pagerduty',
  settings: pagerdutySettings,
  secrets: ({ routingKey }) => [routingKey.secret],
  follows: ['acknowledged', 'severity-changed'],
  // PagerDuty takes about 120 a minute.
  rate: 100,
  render: renderPagerDuty,
  async send(event, { routingKey, region }, context) {
    const routing_key = (await context.readSecret(routingKey.secret)).trim();
    return postToProvider(`${hosts[region]}/v2/enqueue`, jsonOf({ routing_key, ...event }), context);
  },
};
