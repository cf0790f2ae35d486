import type { Target } from '../routing/route.ts';
import type { Incident } from './incident.ts';

/** What an escalation does next, unless somebody acknowledges. */
export interface NextStep {
  policy: string;
  /** From 1, of how many. */
  step: number;
  steps: number;
  /** From 1, of how many. */
  round: number;
  rounds: number;
  notify: Target[];
  /** Epoch milliseconds; absent while it is held back. */
  at?: number;
}

/** The next step of an incident's escalation; undefined where there is none, or it has ended. */
export function nextStepOf({
  plan,
  escalation,
  due,
}: Pick<Incident, 'plan' | 'escalation' | 'due'>): NextStep | undefined {
  if (!escalation || !plan.escalation) return undefined;
  const { policy, steps, repeat } = plan.escalation;
  return {
    policy,
    step: escalation.step + 1,
    steps: steps.length,
    round: escalation.round + 1,
    rounds: repeat + 1,
    notify: steps[escalation.step]?.notify ?? [],
    ...(due.escalate !== undefined && { at: due.escalate }),
  };
}
