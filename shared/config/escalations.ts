import * as z from 'zod/mini';
import { unitMs } from '../duration.ts';
import type { Escalation, Target } from '../routing/route.ts';
import { type Fields, isFields } from './fields.ts';
import type { Findings } from './issues.ts';
import { refuseUnknown } from './match.ts';
import { itemsAt, type Path } from './problems.ts';
import { span, spanOrNever } from './schema.ts';
import { fieldsAt } from './shape.ts';

const target = z.union(
  [
    z.strictObject({
      /** A channel, as it is in `channels`. */
      channel: z.string(),
    }),
    z.strictObject({
      /** Contacts of a person of `people`. */
      person: z.string(),
    }),
    z.strictObject({
      /** Contacts of whoever is on call then, in a rotation of `rotations`. */
      rotation: z.string(),
    }),
  ],
  "must be a channel, a person or a rotation: write { rotation: 'platform' }",
);

const stepSchema = z.strictObject({
  /** Time after the step before, and for the first after the first notification, up to 7d. */
  after: span('after', 0, 7 * unitMs.d, '5m'),
  /** Who is told. Where nobody of them can be, such as of a rotation without anybody, the next step follows at once. */
  notify: z
    .array(target, "must be a list: write notify: [{ rotation: 'platform' }]")
    .check(z.minLength(1, "must tell somebody: write notify: [{ rotation: 'platform' }]")),
});

/** What an escalation policy may say. */
export const escalationSchema = z.strictObject(
  {
    /** Who is told, in this order, until somebody acknowledges or it is over. */
    steps: z
      .array(
        stepSchema,
        "must be a list of steps: write steps: [{ after: '5m', notify: [{ rotation: 'platform' }] }]",
      )
      .check(
        z.minLength(
          1,
          "must have at least one step: write steps: [{ after: '5m', notify: [{ rotation: 'platform' }] }]",
        ),
        z.maxLength(20, 'must have at most 20 steps: leave some out'),
      ),
    /** How often all steps are gone through again, 0 to 9. Default 0. */
    repeat: z.prefault(z.int().check(z.minimum(0), z.maximum(9)), 0),
    /** Time after which an acknowledgement that led to nothing is void and the steps begin anew, 5m to 7d, or `'never'`. Default `'never'`. */
    acknowledgedFor: z.prefault(spanOrNever('acknowledgedFor', 5 * unitMs.m, 7 * unitMs.d, '1h'), 'never'),
  },
  "must be a policy: write { steps: [{ after: '5m', notify: [{ rotation: 'platform' }] }] }",
);

/** Names that steps may refer to. */
interface Known {
  channels: string[];
  people: string[];
  rotations: string[];
}

/** Escalation policies of a file, those that have the right form. */
export function resolveEscalations(file: Fields, known: Known, findings: Findings): Escalation[] {
  const policies = isFields(file.escalations) ? Object.entries(file.escalations) : [];
  return policies.flatMap(([policy, fields]) => {
    const at = ['escalations', policy];
    if (policy === 'never')
      findings.report(at, { allowed: 'another name: in a route it means no policy', fix: 'rename it' });
    const { data, error } = escalationSchema.safeParse(fields);
    findings.reportIssues(error, at, (path) => fieldsAt(escalationSchema, path));
    for (const [i, step] of itemsAt(['steps'], fields).entries())
      for (const [k, each] of (stepSchema.safeParse(step).data?.notify ?? []).entries())
        refuseUnknownTarget(each, [...at, 'steps', i, 'notify', k], known, findings);
    return data ? [{ policy, ...data }] : [];
  });
}

function refuseUnknownTarget(target: Target, at: Path, known: Known, findings: Findings): void {
  if ('channel' in target)
    refuseUnknown('channel', [target.channel], known.channels, () => [...at, 'channel'], findings);
  else if ('person' in target)
    refuseUnknown('person', [target.person], known.people, () => [...at, 'person'], findings);
  else refuseUnknown('rotation', [target.rotation], known.rotations, () => [...at, 'rotation'], findings);
}
