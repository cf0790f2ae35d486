import * as z from 'zod/mini';
import { type Answer, type Call, type Service, ServiceError } from '../service.ts';

/** zod/mini alone says only `Invalid input`. */
const inEnglish = z.locales.en().localeError;

/** One operation of a service: takes the input as the client sent it. */
export type Operation = (input: Record<string, unknown>, call: Call) => Answer | Promise<Answer>;

/**
 * An operation whose input has this shape. Parameters the shape does not name are refused rather than ignored,
 * so that nobody believes in a setting that does nothing here.
 */
export function operation<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  run: (input: z.infer<z.ZodMiniObject<Shape, z.core.$strict>>, call: Call) => Answer | Promise<Answer>,
): Operation {
  const schema = z.strictObject(shape);
  return (input, call) => {
    const parsed = schema.safeParse(input, { error: inEnglish });
    if (!parsed.success) throw invalidInput(call.operation, parsed.error.issues);
    return run(parsed.data as z.infer<z.ZodMiniObject<Shape, z.core.$strict>>, call);
  };
}

/** A service made of operations; any other is refused by name. */
export function serviceOf(name: string, operations: Record<string, Operation>): Service {
  return {
    handle(call) {
      const run = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
      if (run) return run(call.input, call);
      const known = Object.keys(operations).sort().join(', ');
      throw new ServiceError(
        'UnknownOperationException',
        `the local ${name} does not offer ${call.operation}; it offers ${known}`,
      );
    },
  };
}

function invalidInput(operationName: string, issues: z.core.$ZodIssue[]): ServiceError {
  const problems = issues.map((issue) => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const names = issue.keys.map((key) => (path ? `${path}.${key}` : key)).join(', ');
      return `the local runtime does not support ${names}`;
    }
    return path ? `${path}: ${issue.message}` : issue.message;
  });
  return new ServiceError('ValidationException', `${operationName}: ${problems.join('; ')}`);
}
