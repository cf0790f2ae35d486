import type { Operator } from '../config/config.ts';
import type { Property } from './properties.ts';

const order = { below: '<', atMost: '<=', above: '>', atLeast: '>=' } as const;

const text = {
  equals: '==',
  notEquals: '!=',
  contains: 'contains',
  notContains: 'not contains',
  matches: 'matches',
  notMatches: 'not matches',
  exists: 'exists',
  notExists: 'not exists',
  ...order,
} as const;

/** What each type of property can be asked: the operators of condition lines, by the name of the builders' methods. */
export const methods = {
  number: { is: '==', isNot: '!=', in: 'in', notIn: 'not in', ...order },
  duration: order,
  days: order,
  percent: order,
  text,
  word: { is: '==', isNot: '!=', exists: 'exists', notExists: 'not exists' },
  json: text,
} as const satisfies Record<Property['type'], Record<string, Operator>>;

export const operatorsOf = (type: Property['type']): Operator[] => Object.values(methods[type]);
