import type { Stack } from './template.ts';

/** What references of a template resolve to. */
export interface References {
  /** Value of `Ref` to a resource. */
  ref(logicalId: string): string;
  attribute(logicalId: string, name: string): string;
  /** Pseudo parameters, e.g. `AWS::Region`. */
  pseudo: Record<string, string>;
}

/** Stands for a value that `AWS::NoValue` removes. */
const noValue = Symbol('AWS::NoValue');

type Resolver = (argument: unknown) => unknown;

/**
 * Resolves CloudFormation's intrinsic functions in a value of that stack's template.
 * Throws for a function it does not know and a reference to nothing.
 */
export function resolveValue(value: unknown, stack: Stack, references: References): unknown {
  const resolved = createResolver(stack, references)(value);
  return resolved === noValue ? undefined : resolved;
}

function createResolver(stack: Stack, references: References): Resolver {
  const resolve: Resolver = (value) => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== noValue);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [''];
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const evaluate = functions[name];
      if (!evaluate) throw new Error(`${name} is not emulated locally`);
      return evaluate(argument);
    }
    const kept = entries.map(([key, item]) => [key, resolve(item)] as const);
    return Object.fromEntries(kept.filter(([, item]) => item !== noValue));
  };

  const ref = (name: string): unknown => {
    if (name === 'AWS::NoValue') return noValue;
    if (name in references.pseudo) return references.pseudo[name];
    const parameter = stack.parameters[name];
    return parameter ? parameter.Default : references.ref(name);
  };
  const getAtt = (path: string): string => {
    const dot = path.indexOf('.');
    return references.attribute(path.slice(0, dot), path.slice(dot + 1));
  };
  const list = (argument: unknown) => resolve(argument) as unknown[];
  /** A condition is named, as `"Name"` or `{"Condition":"Name"}`, or spelled out. */
  const holds = (condition: unknown): boolean => {
    const name = (condition as { Condition?: string }).Condition ?? condition;
    return resolve(typeof name === 'string' ? { 'Fn::Condition': name } : name) === true;
  };

  const sub: Resolver = (argument) => {
    const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
    const variables = resolve(given) as Record<string, unknown>;
    return String(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in variables) return String(variables[name]);
      return String(name.includes('.') ? getAtt(name) : ref(name));
    });
  };

  const functions: Record<string, Resolver> = {
    Ref: (name) => ref(String(name)),
    'Fn::GetAtt': (path) => getAtt(Array.isArray(path) ? list(path).join('.') : String(path)),
    'Fn::Sub': sub,
    'Fn::Join': (argument) => {
      const [separator, parts] = list(argument) as [string, unknown[]];
      return parts.join(separator);
    },
    'Fn::Select': (argument) => {
      const [index, items] = list(argument) as [number | string, unknown[]];
      return items[Number(index)];
    },
    'Fn::Split': (argument) => {
      const [separator, text] = list(argument) as [string, string];
      return text.split(separator);
    },
    'Fn::FindInMap': (argument) => {
      const [map, first, second] = list(argument) as [string, string, string];
      return stack.mappings[map]?.[first]?.[second];
    },
    'Fn::If': (argument) => {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      return resolve(holds(condition) ? yes : no);
    },
    'Fn::Condition': (name) => holds(stack.conditions[String(name)]),
    'Fn::Equals': (argument) => {
      const [left, right] = list(argument);
      return String(left) === String(right);
    },
    'Fn::Not': (argument) => !holds((argument as unknown[])[0]),
    'Fn::And': (argument) => (argument as unknown[]).every(holds),
    'Fn::Or': (argument) => (argument as unknown[]).some(holds),
  };
  return resolve;
}

/** Whether a condition of the template holds. */
export const conditionHolds = (name: string, stack: Stack, references: References): boolean =>
  resolveValue({ 'Fn::Condition': name }, stack, references) === true;
