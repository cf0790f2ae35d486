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

/** What is done with each resource, with all of them before the next. */
const steps = ['make', 'prepare', 'start'] as const;

/**
 * Makes every resource of the stacks, each after those it refers to, and sets them going when all are there.
 * Throws `CannotDeploy`, naming logical ids and properties.
 */
export async function deploy(stacks: Stack[], world: World): Promise<void> {
  const plans = stacks.map((stack) => planOf(stack, world));
  for (const step of steps) {
    const problems: string[] = [];
    for (const plan of plans) problems.push(...(await carryOut(plan, step)));
    if (problems.length > 0) throw new CannotDeploy(problems);
  }
}

/** The resources of one stack. */
interface Plan {
  stack: Stack;
  /** Logical ids of those whose conditions hold. */
  wanted: string[];
  /** Makes a resource, if it was not made before. */
  make(logicalId: string): Created;
}

function planOf(stack: Stack, world: World): Plan {
  const made = new Map<string, Created | 'being made'>();

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

  const wanted = Object.entries(stack.resources)
    .filter(([, { Condition }]) => Condition === undefined || conditionHolds(Condition, stack, references))
    .map(([logicalId]) => logicalId);
  return { stack, wanted, make };
}

/** @returns what went wrong */
async function carryOut({ stack, wanted, make }: Plan, step: (typeof steps)[number]): Promise<string[]> {
  const problems: string[] = [];
  for (const logicalId of wanted) {
    try {
      const created = make(logicalId);
      if (step !== 'make') await created[step]?.();
    } catch (error) {
      const details = error instanceof UnsupportedProperties ? error.problems : [(error as Error).message];
      const { Type } = stack.resources[logicalId]!;
      problems.push(...details.map((detail) => `${stack.file}: ${logicalId} (${Type}): ${detail}`));
    }
  }
  return problems;
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
  const { account } = world.runtime;
  const region = regionOf(stack, world);
  return {
    logicalId,
    stackName: stack.name,
    region,
    world,
    named: (given) => given ?? `${stack.name}-${logicalId}`,
    arn: (service, resource) => `arn:aws:${service}:${region}:${account}:${resource}`,
  };
}

/** One world stands for all Regions: names are what tells resources apart. */
const regionOf = ({ region }: Stack, { runtime }: World) => region ?? runtime.region;

function pseudoParameters(stack: Stack, world: World): Record<string, string> {
  const { account } = world.runtime;
  const region = regionOf(stack, world);
  return {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack.name}/local`,
  };
}
