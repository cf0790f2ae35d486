import * as z from 'zod/mini';
import type { World } from '../world.ts';

/** What a resource may know when it is made. */
export interface Context {
  logicalId: string;
  stackName: string;
  region: string;
  world: World;
  /** The name given, or one made of stack and logical id as CloudFormation does, but the same on every start. */
  named(given: string | undefined): string;
  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  arn(service: string, resource: string): string;
}

export interface Created {
  /** Value of `Ref`. */
  ref: string;
  attributes?: Record<string, string>;
  /** Finishes making it, after everything has a name. */
  prepare?: () => Promise<void>;
  /** Sets it going, once everything is there. */
  start?: () => void;
}

/** A CloudFormation type that runs locally. */
export interface ResourceType {
  /** Throws `UnsupportedProperties` for properties that have no effect here. */
  create(properties: unknown, context: Context): Created;
}

/** What a template asks of a resource and the local runtime does not do. */
export class UnsupportedProperties extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join('; '));
    this.name = 'UnsupportedProperties';
    this.problems = problems;
  }
}

/** A type whose properties have this shape, all others being refused. */
export function resourceType<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  create: (properties: z.infer<z.ZodMiniObject<Shape, z.core.$strict>>, context: Context) => Created,
): ResourceType {
  const schema = z.strictObject(shape);
  return {
    create(properties, context) {
      const parsed = schema.safeParse(properties);
      if (!parsed.success) throw new UnsupportedProperties(parsed.error.issues.flatMap(problemsOf));
      return create(parsed.data as Parameters<typeof create>[0], context);
    },
  };
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [`${path.join('.')}: ${issue.message}`];
  return issue.keys.map((key) => `${[...path, key].join('.')} is not supported locally`);
}

/** Properties that mean something on AWS only: costs, retention, names for people. */
export const onAwsOnly = z.optional(z.unknown());

export const optionalText = z.optional(z.string());
export const optionalNumber = z.optional(z.number());
export const optionalFlag = z.optional(z.boolean());
