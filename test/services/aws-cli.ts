import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { program } from './program.ts';

const run = promisify(execFile);

/** Nothing of the developer's own account, and no pager. */
const environment = {
  AWS_ACCESS_KEY_ID: 'anybody',
  AWS_SECRET_ACCESS_KEY: 'anything',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_PAGER: '',
  AWS_DEFAULT_OUTPUT: 'json',
};

/**
 * The `aws` command, pointed at an endpoint.
 * @returns runs one command; its answer, undefined where it prints none. Rejects with what the command wrote about a refusal
 */
export function awsCli(endpoint: string) {
  const file = program('aws');
  return async <Answer>(...args: string[]): Promise<Answer> => {
    const { stdout } = await run(file, ['--endpoint-url', endpoint, ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    });
    return (stdout.trim() === '' ? undefined : JSON.parse(stdout)) as Answer;
  };
}
