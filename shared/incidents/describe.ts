import type { Config } from '../config/config.ts';
import { cut, lines, oneLine } from '../notifications/text.ts';
import { labelsOf, planOf } from '../routing/plan.ts';
import type { Severity } from '../severity.ts';
import type { AlarmSignal, Incident, Subject } from './incident.ts';
import { testTitle } from './test-alert.ts';

/** Everything about an incident that is known before it opens: from the alarm and the config. */
export type About = Pick<
  Incident,
  'groupKey' | 'subject' | 'severity' | 'title' | 'description' | 'labels' | 'runbook' | 'plan'
>;

/** Severity of an alarm that no monitor of the config stands behind. */
const otherSeverity: Severity = 'high';

/** Characters kept of texts from outside; CloudWatch's own limit of a description is the second one. */
const kept = { title: 200, description: 1_024 };

/** What an incident opened by this alarm is about, and who is told. */
export function describe(signal: AlarmSignal, config: Config): About {
  const { subject, monitor, severity, labels } = identify(signal.subject, config);
  const plan = planOf(config, subject, labels);
  const description = descriptionOf(signal);
  const runbook = monitor?.runbook ?? runbookIn(signal.description);
  return {
    groupKey: plan.groupKey,
    subject,
    severity,
    title: (signal.test ? testTitle : '') + cut(oneLine(titleOf(signal, monitor?.name)), kept.title),
    ...(description && { description: cut(lines(description), kept.description) }),
    labels,
    ...(runbook && { runbook }),
    plan,
  };
}

/** What the config knows of a subject. */
export function identify(subject: Subject, config: Pick<Config, 'monitors'>) {
  const monitor =
    subject.type === 'monitor' ? config.monitors.find(({ id }) => id === subject.id) : undefined;
  const alert = subject.aspect === 'degraded' ? monitor?.alert.degraded : monitor?.alert;
  const severity = alert?.severity ?? otherSeverity;
  return { subject, monitor, severity, labels: labelsOf(subject, severity, monitor) };
}

/** Of our own alarms only the symptom: the lines below it are shown as what they are, or say how CloudWatch is to decide. */
function descriptionOf({ form, raw, subject, description }: AlarmSignal): string | undefined {
  if (form === 'unknown') return raw;
  return subject.type === 'alarm' ? description : symptomOf(description);
}

const symptomOf = (description: string | undefined) => description?.split('\n', 1)[0];

/** The description of an alarm about Tocsin itself begins with the symptom; its name says less. */
function titleOf({ subject, name, description }: AlarmSignal, monitorName: string | undefined): string {
  if (subject.type === 'monitor') return `${monitorName ?? subject.id} is ${subject.aspect ?? 'down'}`;
  return (subject.type === 'self' && symptomOf(description)) || name;
}

/** Every alarm that we make has a line with its runbook. */
const runbookIn = (description: string | undefined) => /^Runbook: (\S+)$/m.exec(description ?? '')?.[1];
