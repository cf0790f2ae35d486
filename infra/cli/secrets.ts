import type { Config } from '../../shared/config/config.ts';
import { environmentName, madeSecrets, neededSecrets, secretPrefix } from '../../shared/config/secret.ts';
import { nearest } from '../../shared/nearest.ts';
import { type Account, openAccount } from './account.ts';
import { askSecret, terminal } from './ask-secret.ts';
import { type Command, CommandError, type ExitCode, UsageError } from './command.ts';
import { configFile, configOption, readOptions } from './options.ts';
import { presentParameters, putSecureString } from './parameters.ts';
import { readConfig } from './read-config.ts';

/** Characters of a standard parameter of SSM, the tier that costs nothing. */
const longest = 4_096;

/** The secrets that a config names: which there are, and putting them there. Never shows a value. */
export const secrets: Command = {
  summary: 'writes a secret to your account, asked for or from stdin; or lists what is needed',
  usage: 'set NAME | list [--json] [--config FILE]',
  async run([action, ...rest]) {
    if (action === 'list') return list(rest);
    if (action === 'set') return set(rest);
    throw new UsageError(`secrets ${action ?? ''}: it is set or list`);
  },
};

async function set([name, ...rest]: string[]): Promise<ExitCode> {
  if (name === undefined || name.startsWith('-')) throw new UsageError('secrets set: which secret?');
  const config = await readConfig(configFile(readOptions(rest, configOption).config));
  checkName(name, config);
  const account = await openAccount(config);
  await setSecret(account, config, name, await askSecret(name, terminal));
  console.log(`${secretPrefix(config)}${name} is written to account ${account.id}, ${account.region}`);
  console.log(`for npm start, put it into .env: ${environmentName(name)}=…`);
  return 0;
}

/** Writes a secret of a system. @throws CommandError where the value cannot be one */
export async function setSecret(
  account: Account,
  config: Config,
  name: string,
  value: string,
): Promise<void> {
  const again = `npm run tocsin -- secrets set ${name}`;
  if (value === '') throw new CommandError(`${name} is empty: nothing was written\n${again}`);
  if (value.length > longest)
    throw new CommandError(`${name} has ${value.length} characters; SSM takes ${longest}\n${again}`);
  await putSecureString(account.aws, secretPrefix(config) + name, value);
}

function checkName(name: string, config: Config): void {
  const needed = neededSecrets(config);
  if (needed.includes(name)) return;
  const like = nearest(name, needed);
  throw new CommandError(
    `the config uses no secret ${name}${like ? `: did you mean ${like}` : ''}\nit uses: ${needed.join(', ')}`,
  );
}

async function list(args: string[]): Promise<ExitCode> {
  const { config: file, json } = readOptions(args, { ...configOption, json: { type: 'boolean' } });
  const config = await readConfig(configFile(file));
  const found = await secretStates(await openAccount(config), config);
  console.log(
    json
      ? JSON.stringify(found, undefined, 2)
      : found.map(({ name, present }) => `${present ? '✓' : '✗'} ${name}`).join('\n'),
  );
  const missing = found.flatMap(({ name, present }) => (present ? [] : [name]));
  const made = missing.filter((name) => madeSecrets(config).includes(name));
  for (const name of missing)
    if (!made.includes(name)) console.error(`npm run tocsin -- secrets set ${name}`);
  if (made.length > 0) console.error(`npm run deploy   # makes ${made.join(', ')}`);
  return missing.length === 0 ? 0 : 1;
}

export interface SecretState {
  name: string;
  present: boolean;
}

/** Which of the secrets that a config needs are in the account. */
export async function secretStates({ aws }: Account, config: Config): Promise<SecretState[]> {
  const prefix = secretPrefix(config);
  const names = neededSecrets(config);
  const present = await presentParameters(
    aws,
    names.map((name) => prefix + name),
  );
  return names.map((name) => ({ name, present: present.has(prefix + name) }));
}
