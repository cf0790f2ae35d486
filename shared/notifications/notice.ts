import type { IncidentEvent } from '../incidents/incident.ts';
import { excerptOf, factsOf, linksOf, whyOf } from './notice/facts.ts';
import { kept } from './notice/limits.ts';
import { badgeOf, footerOf, leadOf, newsOf } from './notice/words.ts';
import { cut, oneLine } from './text.ts';

/**
 * What a notification says, before any provider's markup: one line each, cut to length, not yet escaped.
 * The most important words come first; it is read on a phone, at night.
 */
export interface Notice {
  state: IncidentEvent['type'] | 'test';
  /** `CRITICAL`, `CRITICAL, ESCALATED`, `RESOLVED`, `ACKNOWLEDGED`, `COMMENT`, `MANY AT ONCE`, `TEST` */
  badge: string;
  /** What broke. */
  title: string;
  /** Why people hear of it again, where they do: `Nobody acknowledged it in 10 min: now it is with you.` */
  news?: string;
  /** What happened, in a sentence or two: the news, how long it has been down, who resolved it after how long. */
  lead: string;
  /** The failure, or every condition that did not hold with the value seen. Of a digest, the worst. */
  why: string[];
  whyLabel: 'Why' | 'What was wrong' | 'The worst';
  facts: Fact[];
  /** The beginning of what the target answered. */
  excerpt?: string;
  links: Link[];
  /** Where this comes from, and why it was sent. */
  footer: string;
}

export interface Fact {
  label: string;
  value: string;
}

export interface Link {
  label: 'Runbook' | 'Incident' | 'Incidents' | 'Dashboard';
  url: string;
}

export function noticeOf(event: IncidentEvent): Notice {
  const { incident } = event;
  const state = event.reason === 'test' && event.type === 'firing' ? 'test' : event.type;
  const news = newsOf(state, event);
  return {
    state,
    badge: badgeOf(state, event),
    title: cut(oneLine(incident.title) || incident.subject.id, kept.title),
    ...(news && { news }),
    lead: [news, leadOf(state, event)].filter(Boolean).join(' '),
    why: whyOf(event),
    whyLabel: whyLabel[state] ?? 'Why',
    facts: factsOf(event),
    ...excerptOf(event),
    links: linksOf(event),
    footer: footerOf(event),
  };
}

const whyLabel: Partial<Record<Notice['state'], Notice['whyLabel']>> = {
  resolved: 'What was wrong',
  digest: 'The worst',
};

/** Where all of it is shown: the incident's page, or that of all incidents. */
export const pageOf = ({ links }: Notice): string | undefined =>
  links.find(({ label }) => label === 'Incident' || label === 'Incidents')?.url;
