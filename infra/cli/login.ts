import { type Account, describeStack, openAccount, stackName } from './account.ts';
import { adminTokenParameter } from './admin-token.ts';
import { type Command, CommandError } from './command.ts';
import { configFile, configOption, readOptions } from './options.ts';
import { readParameter } from './parameters.ts';
import { readConfig } from './read-config.ts';

/** Shows where the console is, and the admin token to sign in with. */
export const login: Command = {
  summary: 'shows the address of the console and the admin token to sign in with',
  usage: '[--json] [--config FILE]',
  async run(args) {
    const { config: file, json } = readOptions(args, { ...configOption, json: { type: 'boolean' } });
    const config = await readConfig(configFile(file));
    const access = await consoleAccess(await openAccount(config), config.name);
    console.log(json ? JSON.stringify(access, undefined, 2) : `${access.url}\n${access.token}`);
    return 0;
  },
};

export interface ConsoleAccess {
  /** Of the console, without a slash at the end. */
  url: string;
  /** The admin token: for the form at `/sign-in`, or as bearer of the API. */
  token: string;
}

/**
 * Where a deployed system's console is and what opens it.
 * @throws CommandError that says what to run where it is not deployed or has no token
 */
export async function consoleAccess({ aws, id, region }: Account, system: string): Promise<ConsoleAccess> {
  const [stack, token] = await Promise.all([
    describeStack(aws, system),
    readParameter(aws, adminTokenParameter(system)),
  ]);
  const url = stack?.outputs.ConsoleUrl;
  if (!url)
    throw new CommandError(
      `account ${id} has no deployed stack ${stackName(system)} in ${region}\nnpm run deploy   # or set AWS_REGION and AWS_PROFILE to where it is`,
    );
  if (!token)
    throw new CommandError(
      `${adminTokenParameter(system)} is missing in account ${id}, ${region}: nobody can sign in\nnpm run tocsin -- secrets set admin-token`,
    );
  return { url: url.replace(/\/$/, ''), token };
}
