import type { Condition, ConditionValue } from '../config/config.ts';
import { durationLiteral, unitMs } from '../duration.ts';

/** Text that needs no quotes in a condition line: it could be nothing else. */
const bareText = /^[A-Za-z_][\w.:;/+*-]*$/;

/** A condition as one line. `parse` reads it back into the same object. */
export function format({ property, argument, operator, value, unit }: Omit<Condition, 'line'>): string {
  const [onlyRange, ...moreRanges] = Array.isArray(value) ? value : [];
  const statusClass = onlyRange && moreRanges.length === 0 && classOf(onlyRange);
  if (statusClass) return `${property} ${operator === 'in' ? '==' : '!='} ${statusClass}`;
  const isPattern = operator.endsWith('matches');
  const literal = value !== undefined && (isPattern ? String(value) : writeValue(value, unit, argument));
  return [property, argument, operator, literal].filter(Boolean).join(' ');
}

function writeValue(value: ConditionValue, unit: Condition['unit'], argument: string | undefined): string {
  if (Array.isArray(value))
    return value.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
  if (unit === 'ms') return durationLiteral(value as number);
  if (unit === 'days') return durationLiteral(Math.round((value as number) * unitMs.d));
  if (unit === '%') return `${value}%`;
  const bare = typeof value === 'string' && bareText.test(value) && !argument?.startsWith('$');
  return bare ? value : JSON.stringify(value);
}

/** `2xx` for 200 to 299. */
function classOf([from, to]: [number, number]): string | undefined {
  return from % 100 === 0 && to === from + 99 && from >= 100 && from <= 500 ? `${from / 100}xx` : undefined;
}
