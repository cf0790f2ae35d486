import { conditionHolds, type References, resolveValue } from './intrinsics.ts';
import { resourceTypes } from './resources/index.ts';
import { type Context, type Created, UnsupportedProperties } from './resources/resource.ts';
import type { Stack } from './template.ts';
import type { World } from './world.ts';

/** A template asks for what does not run locally. Lists every problem found. */
export class CannotDeploy extends Error {
  constructor(problems: string[]) {
    super(`the template cannot run locally:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'CannotDeploy';
  }
}

/**
 * Makes every resource of the stack, each after those it refers to, and sets them going when all are there.
 * Throws `CannotDeploy`, naming logical ids and properties.
 */
export async function deploy(stack: Stack, world: World): Promise<void> {
  const made = new Map<string, Created | 'being made'>();
  const problems: string[] = [];

  const make = (logicalId: string): Created => {
    const known = made.get(logicalId);
    if (known === 'being made') throw new Error(`${logicalId} refers to itself`);
    if (known) return known;
    made.set(logicalId, 'being made');
    const created = create(logicalId, stack, world, references);
    made.set(logicalId, created);
    return created;
  };

  const references: References = {
    ref: (logicalId) => make(logicalId).ref,
    attribute: (logicalId, name) => {
      const value = make(logicalId).attributes?.[name];
      if (value === undefined) throw new Error(`${logicalId} has no attribute ${name} locally`);
      return value;
    },
    pseudo: pseudoParameters(stack, world),
  };

  const attempt = async (logicalId: string, step: () => unknown) => {
    try {
      await step();
    } catch (error) {
      const details = error instanceof UnsupportedProperties ? error.problems : [(error as Error).message];
      const { Type } = stack.resources[logicalId]!;
      problems.push(...details.map((detail) => `${stack.file}: ${logicalId} (${Type}): ${detail}`));
    }
  };

  const wanted = Object.entries(stack.resources)
    .filter(([, { Condition }]) => Condition === undefined || conditionHolds(Condition, stack, references))
    .map(([logicalId]) => logicalId);
  for (const logicalId of wanted) await attempt(logicalId, () => make(logicalId));
  if (problems.length > 0) throw new CannotDeploy(problems);
  for (const logicalId of wanted) await attempt(logicalId, () => make(logicalId).prepare?.());
  if (problems.length > 0) throw new CannotDeploy(problems);
  for (const logicalId of wanted) await attempt(logicalId, () => make(logicalId).start?.());
  if (problems.length > 0) throw new CannotDeploy(problems);
}

function create(logicalId: string, stack: Stack, world: World, references: References): Created {
  const resource = stack.resources[logicalId];
  if (!resource) throw new Error(`the template refers to ${logicalId}, which it does not have`);
  const type = resourceTypes[resource.Type];
  if (!type) throw new Error(`${resource.Type} is not emulated locally`);
  const properties = resolveValue(resource.Properties ?? {}, stack, references);
  return type.create(properties, contextOf(logicalId, stack, world));
}

function contextOf(logicalId: string, stack: Stack, world: World): Context {
  const { region, account } = world.runtime;
  return {
    logicalId,
    stackName: stack.name,
    world,
    named: (given) => given ?? `${stack.name}-${logicalId}`,
    arn: (service, resource) => `arn:aws:${service}:${region}:${account}:${resource}`,
  };
}

function pseudoParameters(stack: Stack, { runtime }: World): Record<string, string> {
  return {
    'AWS::AccountId': runtime.account,
    'AWS::Region': runtime.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${runtime.region}:${runtime.account}:stack/${stack.name}/local`,
  };
}
