import * as z from 'zod/mini';
import type { Inhibition } from '../suppression/suppression.ts';
import type { Fields } from './fields.ts';
import type { Findings } from './issues.ts';
import { type KnownLabels, resolveLabels, resolveMatch } from './match.ts';
import { matchSchema } from './routes.ts';
import { fieldsAt } from './shape.ts';

const demanded = matchSchema.check(
  z.refine((match) => Object.keys(match).length > 0, "must say something: write { severity: 'critical' }"),
);

/** What an inhibition may say. */
export const inhibitionSchema = z.strictObject(
  {
    /** Labels of the incidents that keep others from being told, as in `match` of a route. */
    source: demanded,
    /** Labels of the incidents that are not told meanwhile, likewise. */
    target: demanded,
    /** Labels in which both must be alike. Default none. */
    equal: z.prefault(z.array(z.string(), "must be a list of labels: write equal: ['region']"), []),
  },
  "must be an inhibition: write { source: { severity: 'critical' }, target: { severity: 'warning' }, equal: ['service'] }",
);

/** Inhibitions of a file, those that have the right form. */
export function resolveInhibitions(
  file: Fields,
  known: KnownLabels | undefined,
  findings: Findings,
): Inhibition[] {
  const items = Array.isArray(file.inhibitions) ? file.inhibitions : [];
  return items.flatMap((item, i) => {
    const at = ['inhibitions', i];
    const { data, error } = inhibitionSchema.safeParse(item);
    findings.reportIssues(error, at, (path) => fieldsAt(inhibitionSchema, path));
    if (!data) return [];
    return [
      {
        source: resolveMatch(data.source, [...at, 'source'], known, findings),
        target: resolveMatch(data.target, [...at, 'target'], known, findings),
        equal: resolveLabels(data.equal, [...at, 'equal'], known, findings),
      },
    ];
  });
}
