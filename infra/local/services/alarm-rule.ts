import { ServiceError } from '../service.ts';
import type { AlarmState } from './alarm-evaluation.ts';

/** The rule of a composite alarm. */
export type AlarmRule =
  | { kind: 'constant'; value: boolean }
  | { kind: 'state'; state: AlarmState; alarm: string }
  | { kind: 'not'; rule: AlarmRule }
  | { kind: 'and' | 'or'; rules: AlarmRule[] }
  | { kind: 'atLeast'; state: AlarmState; alarms: string[]; count: number };

const states = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];

/** Parses ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, AND, OR, NOT. Throws `ServiceError` naming what it did not understand. */
export function parseAlarmRule(source: string): AlarmRule {
  const tokens = source.match(/"[^"]*"|[(),]|[^\s(),"]+/g) ?? [];
  const refuse = (expected: string): never => {
    throw new ServiceError(
      'ValidationError',
      `AlarmRule: expected ${expected}, got ${tokens[0] ?? 'its end'}`,
    );
  };
  const take = (token: string) => (tokens[0] === token ? tokens.shift()! : refuse(token));

  function chain(word: 'AND' | 'OR', operand: () => AlarmRule): AlarmRule {
    const rules = [operand()];
    while (tokens[0] === word) {
      tokens.shift();
      rules.push(operand());
    }
    return rules.length === 1 ? rules[0]! : { kind: word === 'AND' ? 'and' : 'or', rules };
  }
  const disjunction = (): AlarmRule => chain('OR', () => chain('AND', unary));

  function unary(): AlarmRule {
    const token = tokens.shift();
    if (token === 'NOT') return { kind: 'not', rule: unary() };
    if (token === '(') {
      const rule = disjunction();
      take(')');
      return rule;
    }
    if (token === 'TRUE' || token === 'FALSE') return { kind: 'constant', value: token === 'TRUE' };
    if (token === 'AT_LEAST') return atLeast();
    if (!states.includes(token ?? '')) return refuse('a function such as ALARM, NOT or (');
    take('(');
    const alarm = name();
    take(')');
    return { kind: 'state', state: token as AlarmState, alarm };
  }

  function atLeast(): AlarmRule {
    take('(');
    const threshold = /^(\d+)(%?)$/.exec(unquoted(tokens.shift() ?? '')) ?? refuse('a count or a percentage');
    take(',');
    const state = tokens.shift() ?? '';
    if (!states.includes(state)) refuse('a state');
    take(',');
    take('(');
    const alarms = [name()];
    while (tokens[0] === ',') {
      tokens.shift();
      alarms.push(name());
    }
    take(')');
    take(')');
    const count = threshold[2]
      ? Math.ceil((Number(threshold[1]) / 100) * alarms.length)
      : Number(threshold[1]);
    return { kind: 'atLeast', state: state as AlarmState, alarms, count };
  }

  function name(): string {
    const token = tokens.shift() ?? '';
    if (/^[(),]?$/.test(token)) refuse('the name or ARN of an alarm');
    return unquoted(token).replace(/^arn:aws:cloudwatch:[^:]*:[^:]*:alarm:/, '');
  }

  const rule = disjunction();
  return tokens.length === 0 ? rule : refuse('AND, OR or the end');
}

const unquoted = (token: string) => token.replace(/^"(.*)"$/, '$1');

/** Names of the alarms the rule asks for. */
export function childrenOf(rule: AlarmRule): string[] {
  if (rule.kind === 'state') return [rule.alarm];
  if (rule.kind === 'not') return childrenOf(rule.rule);
  if (rule.kind === 'atLeast') return rule.alarms;
  return rule.kind === 'constant' ? [] : rule.rules.flatMap(childrenOf);
}

/** Whether the rule holds; `stateOf` gives an alarm's state by its name. */
export function holds(rule: AlarmRule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !holds(rule.rule, stateOf);
    case 'and':
      return rule.rules.every((part) => holds(part, stateOf));
    case 'or':
      return rule.rules.some((part) => holds(part, stateOf));
    case 'atLeast':
      return rule.alarms.filter((alarm) => stateOf(alarm) === rule.state).length >= rule.count;
  }
}
