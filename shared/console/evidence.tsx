import { causeText } from '../history/cause.ts';
import type { EvidenceItem } from '../history/history.ts';
import type { Attempt, ConditionFailure, Phase, Timings } from '../monitors/observation.ts';
import { ComponentList } from './component-list.tsx';
import { screenshotPath } from './links.tsx';
import { MonitorBadge } from './state.tsx';
import { StepList } from './step-list.tsx';
import { Moment } from './time.tsx';

const phases: Record<Phase, string> = {
  dns: 'DNS',
  connect: 'connect',
  tls: 'TLS',
  firstByte: 'first byte',
  transfer: 'transfer',
};

interface EvidenceProps {
  evidence: EvidenceItem;
  now: number;
  /** Begins the ids of what can be unfolded: the same check may be on a page twice. Default `evidence`. */
  part?: string;
}

/** What a failing check saw: every attempt with its reason, the conditions that failed and where the time went. */
export function Evidence({ evidence, now, part = 'evidence' }: EvidenceProps) {
  const { location, observation } = evidence;
  const cause = causeText(evidence);
  const attempts = observation.attempts ?? [observation];
  return (
    <div class="evidence">
      {cause && <p>Cause: {cause}</p>}
      {observation.hasScreenshot && (
        <a class="screenshot" href={screenshotPath(observation.monitor, location, observation.at)}>
          <img
            src={screenshotPath(observation.monitor, location, observation.at)}
            alt={`The page as ${location} saw it`}
            loading="lazy"
          />
        </a>
      )}
      {attempts.map((attempt, n) => (
        <article class="attempt">
          <h3>
            {attempts.length > 1 ? `Attempt ${n + 1} of ${attempts.length}` : 'The attempt'}{' '}
            {attempt.outcome === 'degraded' && <MonitorBadge state="degraded" />}{' '}
            <small>
              from {location}, <Moment at={attempt.at} now={now} />
            </small>
          </h3>
          <AttemptFacts attempt={attempt} part={`${part}-${location}`} />
        </article>
      ))}
    </div>
  );
}

const AttemptFacts = ({ attempt, part }: { attempt: Attempt; part: string }) => (
  <>
    {attempt.message && <p class="message">{attempt.message}</p>}
    <dl class="facts">
      <Fact name="Reason" value={attempt.reason} />
      <Fact name="Failed in" value={attempt.phase && phases[attempt.phase]} />
      <Fact name="Status" value={attempt.status} />
      <Fact
        name="Response time"
        value={attempt.responseTime !== undefined && `${Math.round(attempt.responseTime)} ms`}
      />
      <Fact name="Address" value={attempt.address} />
      <Fact name="Certificate" value={daysLeft(attempt.certificateDaysLeft)} />
      <Fact name="First to expire of those presented" value={daysLeft(attempt.certificates?.earliest)} />
      <Fact name="Best trusted chain" value={daysLeft(attempt.certificates?.chain)} />
      {vitals.map(([name, called, unit]) => (
        <Fact name={called} value={vitalText(attempt.vitals?.[name], unit)} />
      ))}
      <Fact name="Domain" value={daysLeft(attempt.domainDaysLeft)} />
    </dl>
    {attempt.failures && attempt.failures.length > 0 && <Failures failures={attempt.failures} />}
    {attempt.steps && <StepList steps={attempt.steps} />}
    {attempt.components && <ComponentList components={attempt.components} />}
    {attempt.complaints && <Complaints complaints={attempt.complaints} />}
    {attempt.note && <p class="soft">{attempt.note}</p>}
    {attempt.timings && <PhaseBar timings={attempt.timings} />}
    {attempt.excerpt && (
      <details id={`${part}-${attempt.at}`}>
        <summary>Answer</summary>
        <pre>{attempt.excerpt}</pre>
      </details>
    )}
  </>
);

/** Web Vitals, as people call them. */
const vitals = [
  ['ttfb', 'Time to First Byte', ' ms'],
  ['fcp', 'First Contentful Paint', ' ms'],
  ['lcp', 'Largest Contentful Paint', ' ms'],
  ['cls', 'Cumulative Layout Shift', ''],
] as const;

const vitalText = (value: number | undefined, unit: string) => value !== undefined && `${value}${unit}`;

const daysLeft = (days: number | undefined) => days !== undefined && `${days} days left`;

const Fact = ({ name, value }: { name: string; value: string | number | false | undefined }) =>
  value === undefined || value === false ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );

const Complaints = ({ complaints: { count, first } }: { complaints: NonNullable<Attempt['complaints']> }) => (
  <>
    <p>{count === 1 ? 'An error in the console:' : `${count} errors in the console, the first of them:`}</p>
    <ul class="complaints">
      {first.map((text) => (
        <li>
          <code>{text}</code>
        </li>
      ))}
    </ul>
  </>
);

const Failures = ({ failures }: { failures: readonly ConditionFailure[] }) => (
  <ul class="failures">
    {failures.map(({ line, seen, problem }) => (
      <li>
        <span class="mark" aria-hidden="true">
          ✕
        </span>
        <span>
          <code>{line}</code> did not hold:{' '}
          {problem ?? (
            <>
              saw <code>{seen}</code>
            </>
          )}
        </span>
      </li>
    ))}
  </ul>
);

/** Where an attempt's time went: one part for each phase, as wide as it took. */
export function PhaseBar({ timings }: { timings: Timings }) {
  const parts = (Object.keys(phases) as Phase[]).flatMap((phase) => {
    const ms = timings[phase];
    return ms === undefined ? [] : [{ phase, ms }];
  });
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  if (total === 0) return null;
  const startOf = (n: number) => parts.slice(0, n).reduce((sum, { ms }) => sum + ms, 0);
  return (
    <div class="phases">
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ phase, ms }, n) => (
          <rect class={phase} x={(startOf(n) / total) * 1_000} width={(ms / total) * 1_000} height="10" />
        ))}
      </svg>
      <ul>
        {parts.map(({ phase, ms }) => (
          <li class={phase}>
            {phases[phase]} {ms} ms
          </li>
        ))}
      </ul>
    </div>
  );
}
