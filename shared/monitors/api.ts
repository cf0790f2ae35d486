import type { Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { secretVariablesOf, variableHeadersOf } from './api/request.ts';
import { type ApiSettings, apiSettings } from './api/settings.ts';
import { type Run, type Taken, takeCleanup, takeSteps } from './api/steps.ts';
import { lookAmong } from './attempt.ts';
import { cookieJar } from './http/cookies.ts';
import { http } from './http.ts';
import { schemaIn } from './json-schema.ts';
import type { Measurement, MonitorKind, ProbeContext } from './kind.ts';
import type { Attempt, Phase, StepResult, Timings } from './observation.ts';
import { tenths } from './trace.ts';

export const apiProperties = {
  responseTime: { type: 'duration', description: 'All steps together, without those of the cleanup' },
} as const satisfies Properties;

/** APIs in use: several requests after one another, each with what an earlier one answered. */
export const api: MonitorKind<ApiSettings> = {
  kind: 'api',
  settings: apiSettings,
  shorthand: 'steps',
  properties: apiProperties,
  // What must hold is said by the steps.
  defaultExpect: () => [],
  hosts: (settings) => requestsOf(settings).flatMap(http.hosts),
  grants: (settings) => requestsOf(settings).flatMap((request) => http.grants?.(request) ?? []),
  schemas: (settings) =>
    (['steps', 'cleanup'] as const).flatMap((list) =>
      settings[list].flatMap((step, i) =>
        schemaIn(step).map(({ path, schema }) => ({ path: [list, i, ...path], schema })),
      ),
    ),
  secrets: (settings) => [...new Set(requestsOf(settings).flatMap(http.secrets))],
  measure,
};

const requestsOf = ({ steps, cleanup }: ApiSettings) => [...steps, ...cleanup];

/** A cookie this short is no secret, and would mask half of what is shown. */
const shortestSecretCookie = 8;

async function measure(
  monitor: Monitor<ApiSettings>,
  context: ProbeContext,
  before?: Attempt,
): Promise<Measurement> {
  const { settings } = monitor;
  const at = context.now();
  const cookies = cookieJar(context.now);
  const run: Run = {
    monitor,
    context,
    before,
    session: { cookies, sensitive: variableHeadersOf(settings) },
    deadline: performance.now() + monitor.timeout,
    variables: new Map(),
    secretVariables: secretVariablesOf(settings),
    secrets: new Set(),
  };
  let steps: Taken[] = [];
  let cleanup: Taken[] = [];
  try {
    steps = await takeSteps(run);
  } finally {
    cleanup = await takeCleanup(run);
  }
  const responseTime = tenths(sum(steps.map(({ attempt }) => attempt?.responseTime ?? 0)));
  const attempt = concluded(at, responseTime, steps, cleanup);
  const sessions = cookies.values().filter(({ length }) => length >= shortestSecretCookie);
  return {
    attempt,
    ...(!attempt.reason && { look: lookAmong('api', { responseTime: () => ({ value: responseTime }) }) }),
    secrets: [...run.secrets, ...sessions],
  };
}

/** One outcome of all steps: the first that failed decides, else all went well. */
function concluded(at: number, responseTime: number, steps: Taken[], cleanup: Taken[]): Attempt {
  const all = [...steps, ...cleanup];
  const failing = all.find(({ attempt }) => attempt && attempt.outcome !== 'up');
  const last = steps.findLast(({ attempt }) => attempt);
  const { name, attempt: decisive } = failing ?? last ?? {};
  const days = all.flatMap(({ attempt }) => attempt?.certificateDaysLeft ?? []);
  return {
    ...decisive,
    at,
    outcome: failing ? 'down' : 'up',
    ...(failing && { message: `step ${name}: ${decisive?.message}` }),
    responseTime,
    timings: timingsOf(steps),
    ...(days.length > 0 && { certificateDaysLeft: Math.min(...days) }),
    steps: [...steps.map((taken) => resultOf(taken)), ...cleanup.map((taken) => resultOf(taken, true))],
  };
}

function resultOf({ name, attempt }: Taken, isCleanup = false): StepResult {
  const { outcome = 'unknown', message, status, responseTime, failures } = attempt ?? {};
  return {
    name,
    ...(isCleanup && { cleanup: true }),
    outcome,
    ...(message !== undefined && { message }),
    ...(status !== undefined && { status }),
    ...(responseTime !== undefined && { responseTime }),
    ...(failures && { failures }),
  };
}

function timingsOf(steps: Taken[]): Timings {
  const timings: Timings = {};
  for (const { attempt } of steps)
    for (const [phase, ms] of Object.entries(attempt?.timings ?? {}) as [Phase, number][])
      timings[phase] = tenths((timings[phase] ?? 0) + ms);
  return timings;
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
