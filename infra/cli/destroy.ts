import type { Config } from '../../shared/config/config.ts';
import { neededSecrets, secretPrefix } from '../../shared/config/secret.ts';
import { openAccount, type StackResource, stackName, stackResources } from './account.ts';
import { type Command, CommandError, type ExitCode } from './command.ts';
import { runCdk } from './deploy/cdk.ts';
import { configFile, configOption, readOptions } from './options.ts';
import { presentParameters } from './parameters.ts';
import { readConfig } from './read-config.ts';

/** Takes the stacks down, and says what is left in the account. */
export const destroy: Command = {
  summary: 'takes the stack down, and says what stays behind and how to remove that',
  usage: '[--config FILE]',
  async run(args) {
    const file = configFile(readOptions(args, configOption).config);
    return destroySystem(await readConfig(file), { file, cdk: runCdk, say: console.log });
  },
};

export interface Demolition {
  /** Absolute path of the config file. */
  file: string;
  /** Runs CDK, which asks before it destroys; resolves to its exit code. */
  cdk(args: string[]): Promise<number>;
  say(line: string): void;
}

/**
 * Destroys a system's stacks. What they retain is looked up before they are gone.
 * @throws CommandError where there is no account, or CDK does not do it
 */
export async function destroySystem(config: Config, { file, cdk, say }: Demolition): Promise<ExitCode> {
  const { aws } = await openAccount(config);
  const resources = await stackResources(aws, config.name);
  const parameters = neededSecrets(config).map((name) => secretPrefix(config) + name);
  const secrets = await presentParameters(aws, parameters);
  const args = ['destroy', '--all', '-c', `config=${file}`];
  if ((await cdk(args)) !== 0)
    throw new CommandError(
      `${stackName(config.name)} is not destroyed: CDK says above why\nnpx cdk ${args.join(' ')}`,
    );
  for (const line of whatStays(resources, [...secrets])) say(line);
  return 0;
}

/** How to remove what a stack of ours retains, by type. */
const removals: Record<string, (id: string) => string> = {
  'AWS::DynamoDB::Table': (id) => `aws dynamodb delete-table --table-name ${id}`,
  'AWS::KMS::Key': (id) => `aws kms schedule-key-deletion --key-id ${id}   # until then 1 USD a month`,
};

/** What is left when a system's stacks are gone, and the command that removes each. Pure. */
export function whatStays(resources: readonly StackResource[], secrets: readonly string[]): string[] {
  const commands = [
    ...resources.flatMap(({ type, id }) => removals[type]?.(id) ?? []),
    ...secrets.map((name) => `aws ssm delete-parameter --name ${name}`),
  ];
  if (commands.length === 0) return ['nothing of it is left'];
  return ['what stays behind, and what removes it:', ...commands.map((command) => `  ${command}`)];
}
