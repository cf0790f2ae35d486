import {
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { Aws } from '../../shared/aws/environment.ts';
import { clientOf } from './account.ts';

/** Names SSM takes in one `GetParameters`. */
const namesPerCall = 10;

/** A parameter's value, decrypted; undefined where it is not there. */
export async function readParameter(aws: Aws, name: string): Promise<string | undefined> {
  try {
    const input = { Name: name, WithDecryption: true };
    const { Parameter } = await new SSMClient(clientOf(aws)).send(new GetParameterCommand(input));
    return Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound') return undefined;
    throw error;
  }
}

/** Those of the parameters that are there. Nothing is decrypted. */
export async function presentParameters(aws: Aws, names: readonly string[]): Promise<Set<string>> {
  const client = new SSMClient(clientOf(aws));
  const pages = Array.from({ length: Math.ceil(names.length / namesPerCall) }, (_, page) =>
    client.send(
      new GetParametersCommand({ Names: names.slice(page * namesPerCall, (page + 1) * namesPerCall) }),
    ),
  );
  const found = (await Promise.all(pages)).flatMap(({ Parameters = [] }) => Parameters);
  return new Set(found.map(({ Name = '' }) => Name));
}

/** Writes a SecureString under the account's free `aws/ssm` key, in place of what was there. */
export async function putSecureString(aws: Aws, name: string, value: string): Promise<void> {
  const input = { Name: name, Value: value, Type: 'SecureString', Overwrite: true } as const;
  await new SSMClient(clientOf(aws)).send(new PutParameterCommand(input));
}
