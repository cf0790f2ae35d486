import type { Aws } from './environment.ts';
import { AwsError, call } from './signed-request.ts';

/** An SSM parameter's value, decrypted where it is secret; undefined where it is not there. Throws what SSM answered else. */
export async function readParameter(aws: Aws, name: string): Promise<string | undefined> {
  try {
    const input = { Name: name, WithDecryption: true };
    const { Parameter } = await call<{ Parameter: { Value: string } }>(aws, 'ssm', 'GetParameter', input);
    return Parameter.Value;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterNotFound') return undefined;
    throw error;
  }
}

/** Writes a plain SSM parameter (no secret) in place of what was there. */
export async function putParameter(aws: Aws, name: string, value: string): Promise<void> {
  await call(aws, 'ssm', 'PutParameter', { Name: name, Value: value, Type: 'String', Overwrite: true });
}
