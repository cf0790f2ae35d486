import type { Operator } from '../config/config.ts';
import type { Duration } from '../config/schema.ts';
import { methods } from './operators.ts';
import type { Properties, Property } from './properties.ts';

type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/** What a method takes, by the property's type and the operator it stands for. */
type Wanted<Type extends Property['type'], Asked extends Operator> = Asked extends 'exists' | 'not exists'
  ? []
  : Asked extends 'matches' | 'not matches'
    ? [pattern: RegExp]
    : Asked extends 'in' | 'not in'
      ? (number | StatusClass | [from: number, to: number])[]
      : Type extends 'duration' | 'days'
        ? [duration: Duration]
        : Type extends 'percent'
          ? [percentage: `${number}%`]
          : Type extends 'number'
            ? [number: Asked extends '==' | '!=' ? number | StatusClass : number]
            : Asked extends '<' | '<=' | '>' | '>='
              ? [number: number]
              : Type extends 'json'
                ? [value: string | number | boolean | null]
                : [text: string];

type Methods<Type extends Property['type']> = {
  [Method in keyof (typeof methods)[Type]]: (
    ...wanted: Wanted<Type, Extract<(typeof methods)[Type][Method], Operator>>
  ) => string;
};

type Builder<Asked extends Property> = Asked extends { argument: string }
  ? (argument: string) => Methods<Asked['type']>
  : () => Methods<Asked['type']>;

/** A typed way to write condition lines: one function for each property, offering only the operators that fit it. */
export type Builders<Known extends Properties> = { [Name in keyof Known]: Builder<Known[Name]> };

/** Builders for the properties of a kind. They only write lines, such as `status().is(200)` → `status == 200`. */
export function buildersFor<const Known extends Properties>(properties: Known): Builders<Known> {
  const builders = Object.entries(properties).map(([name, { type, argument: known }]) => {
    const build = (argument?: string) =>
      Object.fromEntries(
        Object.entries(methods[type]).map(([method, operator]) => [
          method,
          (...wanted: unknown[]) =>
            [
              name,
              argument && argumentOf(argument, known),
              operator,
              wanted.map((value) => literalOf(value, type)).join(', '),
            ]
              .filter(Boolean)
              .join(' '),
        ]),
      );
    return [name, build];
  });
  return Object.fromEntries(builders) as Builders<Known>;
}

/** A component's name may be any text; unless it is one plain word it stands in quotes. */
const argumentOf = (argument: string, kind: Property['argument']) =>
  kind === 'component name' && !/^[\w.:/@-]+$/.test(argument) ? `"${argument}"` : argument;

/** Durations, percentages and status classes are written as they are, text in quotes. */
function literalOf(value: unknown, type: Property['type']): string {
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.join('-');
  return type === 'text' || type === 'json' ? JSON.stringify(value) : String(value);
}
