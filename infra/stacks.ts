import type { App } from 'aws-cdk-lib';
import type { Config } from '../shared/config/config.ts';
import { probedShardsOf } from '../shared/monitors/shards.ts';
import { DeadManStack } from './dead-man-stack.ts';
import { MonitorsStack } from './monitors-stack.ts';
import { ProbeStack } from './probe-stack.ts';
import { locationsAway } from './regions.ts';
import { TocsinStack, type TocsinStackProps } from './stack.ts';

/**
 * Every stack of a config: the main one, and those it asks for beside it. Each is deployed after those it knows by name.
 * @returns the main one
 */
export function addStacks(app: App, { config, build }: TocsinStackProps): TocsinStack {
  const main = new TocsinStack(app, { config, build });
  if (config.stacks > 1) addMonitorsStacks(app, config, main);
  const checking = new Set(probedShardsOf(config).map(({ location }) => location));
  for (const [region, all] of locationsAway(config)) {
    const locations = all.filter(({ id }) => checking.has(id));
    if (locations.length > 0)
      new ProbeStack(app, { config, build, region, locations }).addStackDependency(main);
  }
  if (config.deadMan)
    new DeadManStack(app, { config, region: config.deadMan.region }).addStackDependency(main);
  return main;
}

/** Twice as many stacks take alarms from half of them: those give away before the others make them again, under the same names. */
function addMonitorsStacks(app: App, config: Config, main: TocsinStack): void {
  const stacks: MonitorsStack[] = [];
  for (let bucket = 0; bucket < config.stacks; bucket++) {
    const stack = new MonitorsStack(app, { config, bucket });
    stack.addStackDependency(main, 'its topics and probes are there');
    const giver = stacks[bucket - config.stacks / 2];
    if (giver) stack.addStackDependency(giver, 'it may have had its alarms before');
    stacks.push(stack);
  }
}
