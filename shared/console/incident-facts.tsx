import type { Child } from 'hono/jsx';
import { formatDuration } from '../duration.ts';
import type { Incident } from '../incidents/incident.ts';
import { type NextStep, nextStepOf } from '../incidents/next-step.ts';
import { nameOf } from '../oncall/names.ts';
import type { Person } from '../oncall/rotation.ts';
import type { Target } from '../routing/route.ts';
import { monitorPath, OutwardLink } from './links.tsx';
import { Ago } from './time.tsx';

interface IncidentFactsProps {
  incident: Incident;
  people: readonly Person[];
  now: number;
  dashboardUrl?: string | undefined;
}

/** What an incident is about, who sees to it, and what happens next if nobody does. */
export const IncidentFacts = ({ incident, people, now, dashboardUrl }: IncidentFactsProps) => {
  const { subject, assignee, acknowledgedBy, acknowledgedAt, resolvedBy, runbook } = incident;
  const escalation = nextStepOf(incident);
  return (
    <dl class="facts panel">
      <Fact label="About">
        {subject.type === 'monitor' ? (
          <a href={monitorPath(subject.id)}>{`monitor ${subject.id}`}</a>
        ) : (
          `${subject.type} ${subject.id}`
        )}
      </Fact>
      {ownLabels(incident).map(([label, value]) => (
        <Fact label={label}>{value}</Fact>
      ))}
      {assignee && <Fact label="Assigned to">{nameOf(people, assignee)}</Fact>}
      {acknowledgedBy && (
        <Fact label="Acknowledged by">
          {acknowledgedBy}
          {acknowledgedAt !== undefined && (
            <span class="soft">
              {' '}
              <Ago at={acknowledgedAt} now={now} />
            </span>
          )}
        </Fact>
      )}
      {resolvedBy && <Fact label="Resolved by">{resolvedBy}</Fact>}
      {incident.reopened !== undefined && (
        <Fact label="Opened again">{incident.reopened === 1 ? 'once' : `${incident.reopened} times`}</Fact>
      )}
      {escalation && (
        <Fact label="Told next, unless somebody acknowledges">
          <Escalation next={escalation} people={people} now={now} />
        </Fact>
      )}
      {runbook && (
        <Fact label="Runbook">
          <OutwardLink to={runbook} />
        </Fact>
      )}
      {dashboardUrl && (
        <Fact label="Metrics">
          <OutwardLink to={dashboardUrl}>CloudWatch dashboard</OutwardLink>
        </Fact>
      )}
    </dl>
  );
};

const Fact = ({ label, children }: { label: string; children: Child }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** Labels that every incident is given; the page shows what they say elsewhere. */
const givenLabels = ['severity', 'type', 'monitor'];

const ownLabels = ({ labels }: Incident) =>
  Object.entries(labels).filter(([label]) => !givenLabels.includes(label));

interface EscalationProps {
  next: NextStep;
  people: readonly Person[];
  now: number;
}

/** `Ana, who is on call in platform, in 4 min; step 2 of 3 of platform` */
const Escalation = ({ next: { policy, step, steps, notify, at }, people, now }: EscalationProps) => (
  <>
    {notify.map((target) => targetText(target, people)).join(', ')}{' '}
    <span class="soft">
      {at !== undefined && (at > now ? `in ${formatDuration(at - now)}, ` : 'now, ')}
      {`step ${step} of ${steps} of ${policy}`}
    </span>
  </>
);

function targetText(target: Target, people: readonly Person[]): string {
  if ('channel' in target) return target.channel;
  return 'person' in target ? nameOf(people, target.person) : `whoever is on call in ${target.rotation}`;
}
