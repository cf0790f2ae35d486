import type { styleText } from 'node:util';
import type {
  Attempt,
  Observation,
  Outcome,
  Phase,
  StepResult,
} from '../../../shared/monitors/observation.ts';
import type { Step } from '../../../shared/monitors/transcript.ts';
import { cut, oneLine } from '../../../shared/notifications/text.ts';
import type { Checked } from './check.ts';

/** Colours a text, where colours are wanted. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const shown = {
  up: { mark: '✓', style: 'green' },
  degraded: { mark: '!', style: 'yellow' },
  down: { mark: '✗', style: 'red' },
  unknown: { mark: '?', style: 'magenta' },
} as const satisfies Record<Outcome, object>;

const phases: Record<Phase, string> = {
  dns: 'DNS',
  connect: 'connect',
  tls: 'TLS',
  firstByte: 'first byte',
  transfer: 'transfer',
};

/** Characters of an answer that a transcript quotes. */
const longestAnswer = 200;

/**
 * A check as lines: one for who it is and how it is, then the attempts where it is not up, or every step where those were kept.
 * @param width characters of the longest id
 */
export function linesOf(
  { monitor, observation, transcripts }: Checked,
  width: number,
  paint: Paint,
): string[] {
  const { mark, style } = shown[observation.outcome];
  const who = `${mark} ${monitor.id.padEnd(width)}  ${observation.outcome.padEnd('degraded'.length)}`;
  const attempts = observation.attempts ?? [observation];
  const isPlain = observation.outcome === 'up' && attempts.length === 1;
  const looks = attempts.flatMap((attempt, n) => [
    ...(attempts.length > 1 ? [paint('bold', `look ${n + 1} of ${attempts.length}`)] : []),
    ...(transcripts?.[n] ? transcriptLines(transcripts[n], paint) : []),
    ...(isPlain ? [] : attemptLines(attempt, attempts.length > 1)),
  ]);
  return [`${paint(style, who)}  ${facts(observation).join(' · ')}`, ...looks.map((line) => `    ${line}`)];
}

/** What is told of every check, as far as it is known. */
function facts(attempt: Attempt): string[] {
  const { responseTime, status, certificateDaysLeft, certificates, domainDaysLeft, message } = attempt;
  return [
    responseTime !== undefined && `${Math.round(responseTime)} ms`,
    status !== undefined && String(status),
    certificateDaysLeft !== undefined && `certificate ${Math.floor(certificateDaysLeft)} days`,
    certificates && `earliest ${Math.floor(certificates.earliest)}`,
    certificates?.chain !== undefined && `chain ${Math.floor(certificates.chain)}`,
    domainDaysLeft !== undefined && `domain ${Math.floor(domainDaysLeft)} days`,
    message && oneLine(message),
  ].filter((fact) => typeof fact === 'string');
}

/** @param isOneOfTwo whether the line above says what another attempt saw */
function attemptLines(attempt: Attempt, isOneOfTwo: boolean): string[] {
  const { message, reason, address, failures, components, steps, note, timings, excerpt } = attempt;
  const unwell = (components ?? []).filter(({ outcome }) => outcome !== 'up');
  const spent = Object.entries(timings ?? {}).map(([phase, ms]) => `${phases[phase as Phase]} ${ms} ms`);
  return [
    ...(reason ? [isOneOfTwo && message ? `${reason}: ${oneLine(message)}` : reason] : []),
    ...(failures ?? []).map(
      ({ line, seen, problem }) => `✗ ${line}, ${problem ?? `saw ${oneLine(seen ?? '')}`}`,
    ),
    ...(steps ?? []).map(stepLine),
    ...unwell.map(({ name, outcome, message: why }) =>
      oneLine(`component ${name} ${outcome}${why ? `: ${why}` : ''}`),
    ),
    ...(note ? [oneLine(note)] : []),
    ...(address || spent.length > 0 ? [[address, spent.join(', ')].filter(Boolean).join(' · ')] : []),
    ...(excerpt ? [`answer: ${cut(oneLine(excerpt), longestAnswer)}`] : []),
  ];
}

/** `✗ login  401  31 ms  expected status == 200, got 401` */
function stepLine({ name, outcome, status, responseTime, message }: StepResult): string {
  const time = responseTime === undefined ? undefined : `${Math.round(responseTime)} ms`;
  const parts = [`${shown[outcome].mark} ${name}`, status, time, message && oneLine(message)];
  return parts.filter((part) => part !== undefined).join('  ');
}

function transcriptLines(steps: readonly Step[], paint: Paint): string[] {
  const times = steps.map(({ ms }) => `${ms.toFixed(1)} ms`);
  const width = Math.max(...times.map(({ length }) => length));
  return steps.map(({ text }, n) => `${paint('dim', times[n]!.padStart(width))}  ${oneLine(text)}`);
}

/** `3 monitors: 2 up, 1 down` */
export function summaryOf(observations: readonly Observation[]): string {
  const counts = (Object.keys(shown) as Outcome[]).flatMap((outcome) => {
    const count = observations.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  const { length } = observations;
  return `${length} ${length === 1 ? 'monitor' : 'monitors'}: ${counts.join(', ')}`;
}
