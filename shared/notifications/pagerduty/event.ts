import type { IncidentEvent } from '../../incidents/incident.ts';
import type { Severity } from '../../severity.ts';
import { noticeOf, pageOf } from '../notice.ts';
import { cut, oneLine } from '../text.ts';

/** Characters: https://developer.pagerduty.com/docs/events-api-v2/trigger-events */
export const pagerdutyLimits = { summary: 1_024, dedupKey: 255 };

/** An event of the Events API v2, but for the routing key, which is a secret. */
export interface PagerDutyEvent {
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  payload: {
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    timestamp: string;
    component: string;
    group?: string;
    class: string;
    custom_details: Record<string, string>;
  };
  links: { href: string; text: string }[];
  client: string;
  client_url?: string;
}

const severities: Record<Severity, PagerDutyEvent['payload']['severity']> = {
  critical: 'critical',
  high: 'error',
  warning: 'warning',
  info: 'info',
};

/** The event for PagerDuty: an alert of the incident's id is opened, appended to, acknowledged or resolved. Pure. */
export function renderPagerDuty(event: IncidentEvent): PagerDutyEvent {
  const notice = noticeOf(event);
  const { incident, system } = event;
  const { title, lead, why, whyLabel, facts, excerpt, footer } = notice;
  const mark = notice.state === 'test' ? 'TEST: ' : '';
  const because = why.length > 0 ? `: ${why.join('; ')}` : '';
  const group = cut(oneLine(incident.labels.service ?? ''), 255);
  const page = pageOf(notice);
  return {
    event_action: actionOf(event),
    dedup_key: dedupKeyOf(event),
    payload: {
      summary: cut(`${mark}${title}${because}`, pagerdutyLimits.summary),
      source: `Tocsin ${cut(oneLine(system), 100)}`,
      severity: severities[incident.severity],
      timestamp: new Date(event.at).toISOString(),
      component: cut(oneLine(incident.subject.id), 255),
      ...(group && { group }),
      class: incident.subject.type,
      custom_details: {
        What: lead,
        ...(why.length > 0 && { [whyLabel]: why.join('\n') }),
        ...Object.fromEntries(facts.map(({ label, value }) => [label, value])),
        ...(excerpt && { Answer: excerpt }),
        From: footer,
      },
    },
    links: notice.links.map(({ label, url }) => ({ href: url, text: label })),
    client: `Tocsin ${cut(oneLine(system), 100)}`,
    ...(page && { client_url: page }),
  };
}

/**
 * All digests of a channel are one alert: the next one is appended to it, and the one that says that nothing is open any more
 * resolves it.
 */
function dedupKeyOf({ type, incident }: IncidentEvent): string {
  const key = type === 'digest' ? incident.id.replace(/-[\dT]+$/, '') : incident.id;
  return cut(key, pagerdutyLimits.dedupKey);
}

function actionOf({ type, digest }: IncidentEvent): PagerDutyEvent['event_action'] {
  switch (type) {
    case 'acknowledged':
      return 'acknowledge';
    case 'resolved':
      return 'resolve';
    case 'digest':
      return digest?.open === 0 ? 'resolve' : 'trigger';
    default:
      return 'trigger';
  }
}
