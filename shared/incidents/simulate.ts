import type { Config } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { isCalled } from '../oncall/names.ts';
import type { Override } from '../oncall/rotation.ts';
import { channelsOf, personOf } from '../oncall/targets.ts';
import { planOf } from '../routing/plan.ts';
import type { Plan, Target } from '../routing/route.ts';
import { routesFor } from '../routing/tree.ts';
import type { Severity } from '../severity.ts';
import { type Judged, suppressionOf } from '../suppression/suppression-of.ts';
import type { Surroundings } from '../suppression/surroundings.ts';
import type { AlarmSignal, Incident, IncidentEvent, NotificationReason, Subject } from './incident.ts';
import type { Change, Scene, Stored } from './transition/change.ts';
import { transition } from './transition.ts';

/** What an incident would be about. */
export interface Supposed {
  subject: Subject;
  labels: Readonly<Record<string, string>>;
  severity: Severity;
}

/** What is known besides the config: of a system that runs, or nothing. */
export interface Known {
  overrides: readonly Override[];
  silences: Surroundings['silences'];
  /** Begun by somebody; those of the config are known anyway. */
  windows: Surroundings['windows'];
}

/** What would be told of an incident that nobody acknowledges. */
export interface Simulation {
  plan: Plan;
  /** Paths of the routes that match, the owner first. */
  routes: string[];
  notices: Notice[];
  /** What holds it back for a time, and until when where that is known. */
  held: { at: number; text: string; until?: number }[];
  /** Channels that are told its end, if it ends after all that. */
  told: string[];
}

/** One notification. */
export interface Notice {
  /** Epoch milliseconds. */
  at: number;
  reason: NotificationReason;
  channels: {
    channel: string;
    /** When it is told, of one that is told once a day. */
    digest?: number;
    /** Whom it means, of one that it is escalated to: `ana, on call in platform`. */
    whom?: string;
  }[];
}

/** How far ahead is looked: over a weekend, and to the next day of any schedule. */
export const simulatedMs = 8 * unitMs.d;

/**
 * Has an incident begin at a moment and not end for eight days, by the very code that decides for real ones, at times that never come.
 * Nothing else happens meanwhile. Of what comes again and again the first is told.
 */
export function simulate(config: Config, supposed: Supposed, at: number, known: Known): Simulation {
  const { subject, labels, severity } = supposed;
  const plan = planOf(config, subject, labels);
  const title = subject.id;
  const about = { groupKey: plan.groupKey, subject, severity, title, labels: { ...labels }, plan };
  const sceneAt = (now: number) => sceneOf(config, supposed, known, now);
  const events: IncidentEvent[] = [];
  const held: Simulation['held'] = [];
  let stored: Stored = {};
  const happen = (change: Change, now: number) => {
    const { incident, alarms, effects } = transition(stored, change, sceneAt(now));
    const [seen] = alarms;
    noteHold(held, incident, now);
    stored = {
      ...stored,
      ...(incident && { incident, group: incident.id }),
      ...(seen && { alarm: seen.after }),
    };
    for (const effect of effects) if (effect.kind === 'publish') events.push({ ...effect.event, at: now });
    return effects.findLast((effect) => effect.kind === 'timer')?.timer;
  };

  let timer = happen({ type: 'alarm', signal: signalOf(subject, 'ALARM', at), about }, at);
  const end = at + simulatedMs;
  while (timer && timer.dueAt < end) timer = happen({ type: 'timer', timer }, timer.dueAt);
  const firing = events.splice(0);
  happen({ type: 'alarm', signal: signalOf(subject, 'OK', end), about }, end);
  return {
    plan,
    routes: routesFor(config.routes, labels).map(({ path }) => path),
    notices: withoutRecurrence(firing.map((event) => noticeOf(event, plan, config, known))),
    held,
    told: events.flatMap(({ receivers }) => receivers),
  };
}

const signalOf = (subject: Subject, state: 'ALARM' | 'OK', at: number): AlarmSignal => ({
  form: 'metric',
  key: 'simulated',
  name: `${subject.type}/${subject.id}`,
  state,
  at,
  reason: 'simulated',
  subject,
});

function sceneOf(config: Config, { subject, labels }: Supposed, known: Known, now: number): Scene {
  const surroundings: Surroundings = {
    silences: known.silences,
    windows: [...config.maintenance, ...known.windows],
    inhibitions: [],
    open: [],
    monitors: [],
    firing: [{ subject, labels }],
  };
  return {
    now,
    system: config.name,
    reopenWithin: config.reopenWithin,
    links: () => ({}),
    suppressionOf: (incident: Judged) => suppressionOf(incident, surroundings, now),
    channelsOf: (target) => channelsOf(target, config, known.overrides, now),
    fallbackOf: () => undefined,
    follows: () => false,
    isPerson: (id, name) => isCalled(config.people, id, name),
    planFor: (subject, labels) => planOf(config, subject, labels),
  };
}

function noteHold(held: Simulation['held'], incident: Incident | undefined, at: number): void {
  const suppressed = incident?.suppressed;
  if (!suppressed || held.at(-1)?.text === suppressed.text) return;
  const { text, until } = suppressed;
  held.push({ at, text, ...(until !== undefined && { until }) });
}

function noticeOf(event: IncidentEvent, plan: Plan, config: Config, { overrides }: Known): Notice {
  const { at, reason = 'first', receivers, digests = {} } = event;
  return {
    at,
    reason,
    channels: receivers.map((channel) => {
      const isReceiver = plan.receivers.some((receiver) => receiver.channel === channel);
      const whom = isReceiver ? undefined : whomOf(channel, plan, config, overrides, at);
      const digest = digests[channel];
      return { channel, ...(digest !== undefined && { digest }), ...(whom !== undefined && { whom }) };
    }),
  };
}

/** The first target of the escalation policy that a channel is reached by. */
function whomOf(
  channel: string,
  { escalation }: Plan,
  config: Config,
  overrides: readonly Override[],
  at: number,
): string | undefined {
  const target = escalation?.steps
    .flatMap(({ notify }) => notify)
    .find((each) => channelsOf(each, config, overrides, at).includes(channel));
  const id = target && personOf(target, config, overrides, at);
  const name = config.people.find((person) => person.id === id)?.name;
  return name === undefined ? undefined : name + inRotation(target!);
}

const inRotation = (target: Target) => ('rotation' in target ? `, on call in ${target.rotation}` : '');

/** What comes again and again until somebody acknowledges: reminders, and who is told of them when their hours begin. */
const recurring: readonly NotificationReason[] = ['repeat', 'mute-ended'];

/** Of what recurs only what tells somebody of it for the first time. */
function withoutRecurrence(notices: readonly Notice[]): Notice[] {
  const seen = new Set<string>();
  return notices.filter(({ reason, channels }) => {
    if (!recurring.includes(reason)) return true;
    const told = channels.map(({ channel }) => `${reason} ${channel}`);
    const isNews = told.some((each) => !seen.has(each));
    for (const each of told) seen.add(each);
    return isNews;
  });
}
