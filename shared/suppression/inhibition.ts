import { fits } from '../routing/matcher.ts';
import type { Inhibition, Suppression } from './suppression.ts';
import { alertLabels, type Surroundings, type Told } from './surroundings.ts';

/**
 * The open incident that keeps one from being told, as Alertmanager has it: a label that is missing is an empty one, and what fits both
 * sides of an inhibition is not held back by something else that does.
 */
export function inhibitionOf(
  told: Told,
  incident: string,
  { inhibitions, open }: Pick<Surroundings, 'inhibitions' | 'open'>,
): Suppression | undefined {
  const target = alertLabels(told);
  for (const inhibition of inhibitions.filter((each) => fits(each.target, target)))
    for (const other of open)
      if (other.id !== incident && inhibits(sourceLabels(other), target, inhibition))
        return { by: 'inhibition', id: other.id, text: `held back while ${other.title} (${other.id})` };
  return undefined;
}

function inhibits(
  source: Record<string, string>,
  target: Record<string, string>,
  { source: from, target: to, equal }: Inhibition,
): boolean {
  const bothSides = (labels: Record<string, string>) => fits(from, labels) && fits(to, labels);
  return (
    fits(from, source) &&
    !(bothSides(source) && bothSides(target)) &&
    equal.every((label) => (source[label] ?? '') === (target[label] ?? ''))
  );
}

const sourceLabels = ({ subject, labels, severity }: Surroundings['open'][number]) =>
  alertLabels({ subject, labels: { ...labels, severity } });
