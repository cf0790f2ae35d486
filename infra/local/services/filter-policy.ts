import { ServiceError } from '../service.ts';

/**
 * Filter policies of SNS subscriptions.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */

type Scalar = string | number | boolean | null;
type Test = (value: Scalar | undefined) => boolean;
/** What a message offers: of each attribute, or of each property of the body, its values (several for an array). */
export type Offered = { [key: string]: Scalar[] | Offered };
/** Whether a message passes. */
export type Filter = (offered: Offered) => boolean;

const maxCombinations = 150;
const refuse = (message: string): never => {
  throw new ServiceError('InvalidParameter', `FilterPolicy: ${message}`);
};
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Reads a policy, given as JSON or as the object. `nested` allows objects within objects (scope MessageBody). Throws `ServiceError`. */
export function parseFilterPolicy(source: unknown, nested: boolean): Filter {
  const policy = typeof source === 'string' ? parseJson(source) : source;
  if (!isObject(policy)) return refuse('must be a JSON object');
  if (combinations(policy) > maxCombinations) refuse(`more than ${maxCombinations} combinations of values`);
  return allOf(policy, nested, '');
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return refuse('is not JSON');
  }
}

function combinations(policy: Record<string, unknown>): number {
  return Object.values(policy).reduce<number>((product, value) => {
    if (Array.isArray(value)) return product * Math.max(1, value.length);
    return isObject(value) ? product * combinations(value) : product;
  }, 1);
}

function allOf(policy: Record<string, unknown>, nested: boolean, path: string): Filter {
  const filters = Object.entries(policy).map(([key, value]): Filter => {
    const at = path ? `${path}.${key}` : key;
    if (key === '$or') return anyOf(value, nested, at);
    if (Array.isArray(value)) return attribute(key, value, at);
    if (!nested || !isObject(value)) return refuse(`${at} must be a list of values`);
    const inner = allOf(value, nested, at);
    return (offered) => inner(isOffered(offered[key]) ? offered[key] : {});
  });
  return (offered) => filters.every((filter) => filter(offered));
}

function anyOf(value: unknown, nested: boolean, at: string): Filter {
  if (!Array.isArray(value) || value.length < 2)
    return refuse(`${at} must be a list of at least two policies`);
  const filters = value.map((policy) =>
    isObject(policy) ? allOf(policy, nested, at) : refuse(`${at} must hold policies`),
  );
  return (offered) => filters.some((filter) => filter(offered));
}

function attribute(key: string, conditions: unknown[], at: string): Filter {
  if (conditions.length === 0) refuse(`${at} must not be an empty list`);
  const tests = conditions.map((condition) => testOf(condition, at));
  return (offered) => {
    const found = offered[key];
    const values = Array.isArray(found) ? found : [];
    // An absent attribute is tried too: `exists: false` is about it.
    const tried = found === undefined ? [undefined] : values;
    return tests.some((test) => tried.some(test));
  };
}

const isOffered = (value: Scalar[] | Offered | undefined): value is Offered =>
  value !== undefined && !Array.isArray(value);

function testOf(condition: unknown, at: string): Test {
  if (isScalar(condition)) return (value) => value === condition;
  if (!isObject(condition) || Object.keys(condition).length !== 1)
    return refuse(`${at}: a condition has one operator`);
  const [[operator, operand] = ['', undefined]] = Object.entries(condition);
  const make = operators[operator];
  if (!make) return refuse(`${at}: no operator ${operator}; there are ${Object.keys(operators).join(', ')}`);
  return make(operand, at);
}

const onText =
  (matches: (value: string, operand: string) => boolean) =>
  (operand: unknown, at: string): Test => {
    if (typeof operand !== 'string' || operand === '') return refuse(`${at}: the operator takes text`);
    return (value) => typeof value === 'string' && matches(value, operand);
  };

const startsWith = onText((value, operand) => value.startsWith(operand));
const endsWith = onText((value, operand) => value.endsWith(operand));

const operators: Record<string, (operand: unknown, at: string) => Test> = {
  prefix: startsWith,
  suffix: endsWith,
  'equals-ignore-case': onText((value, operand) => value.toLowerCase() === operand.toLowerCase()),
  exists(operand, at) {
    if (typeof operand !== 'boolean') return refuse(`${at}: exists takes true or false`);
    return (value) => (value !== undefined) === operand;
  },
  'anything-but'(operand, at) {
    const excluded = isObject(operand) ? textOperator(operand, at) : oneOf(operand, at);
    return (value) => value !== undefined && !excluded(value);
  },
  numeric(operand, at) {
    if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 === 1 || operand.length > 4)
      return refuse(`${at}: numeric takes [operator, number] or two such pairs`);
    const tests = [operand.slice(0, 2), operand.slice(2)].filter((pair) => pair.length > 0);
    const compared = tests.map(([sign, bound]) => comparison(sign, bound, at));
    return (value) => typeof value === 'number' && compared.every((test) => test(value));
  },
};

function textOperator(operand: Record<string, unknown>, at: string): Test {
  if ('prefix' in operand) return startsWith(operand.prefix, at);
  return 'suffix' in operand
    ? endsWith(operand.suffix, at)
    : refuse(`${at}: anything-but takes values, prefix or suffix`);
}

function oneOf(operand: unknown, at: string): Test {
  const values = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0 || !values.every((value) => typeof value === 'string' || typeof value === 'number'))
    return refuse(`${at}: anything-but takes text or numbers`);
  return (value) => values.some((excluded) => excluded === value);
}

function comparison(sign: unknown, bound: unknown, at: string): (value: number) => boolean {
  if (typeof bound !== 'number') return refuse(`${at}: numeric compares with a number`);
  switch (sign) {
    case '=':
      return (value) => value === bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    default:
      return refuse(`${at}: numeric takes =, <, <=, >, >=, not ${JSON.stringify(sign)}`);
  }
}

/** What the body of a message offers to a policy of scope MessageBody; undefined when it is no JSON object. */
export function offeredByBody(body: string): Offered | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? offeredBy(parsed) : undefined;
  } catch {
    return undefined;
  }
}

function offeredBy(object: Record<string, unknown>): Offered {
  const entries = Object.entries(object).map(([key, value]): [string, Scalar[] | Offered] => {
    if (isObject(value)) return [key, offeredBy(value)];
    return [key, (Array.isArray(value) ? value : [value]).filter(isScalar)];
  });
  return Object.fromEntries(entries);
}

/** What an attribute of a message offers to a policy: by its type, a text, a number, or the members of a list. */
export function offeredByAttribute({
  DataType,
  StringValue = '',
}: {
  DataType: string;
  StringValue?: string | undefined;
}): Scalar[] {
  if (DataType.startsWith('Number')) return [Number(StringValue)];
  if (DataType !== 'String.Array') return DataType.startsWith('Binary') ? [] : [StringValue];
  const parsed: unknown = JSON.parse(StringValue);
  return (Array.isArray(parsed) ? parsed : [parsed]).filter(isScalar);
}
