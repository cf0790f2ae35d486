import { expect, test } from 'vitest';
import { ensureAdminToken } from '../../infra/cli/admin-token.ts';
import { CommandError } from '../../infra/cli/command.ts';
import { consoleAccess } from '../../infra/cli/login.ts';
import { readParameter } from '../../infra/cli/parameters.ts';
import { ServiceError } from '../../infra/local/service.ts';
import { serviceOf } from '../../infra/local/services/operations.ts';
import { createSsm } from '../../infra/local/services/ssm.ts';
import { place, serveAws } from '../support/aws-endpoint.ts';

const noon = Date.UTC(2026, 10, 20, 12);
const parameter = '/tocsin/acme/admin-token';

/** An account whose CloudFormation has these stacks, with their outputs. */
async function account(stacks: Record<string, Record<string, string>>) {
  const { aws } = await serveAws(noon, async (runtime) => ({
    ssm: createSsm(runtime, { prefix: '/not-ours/', secrets: {}, standIn: () => undefined }),
    cloudformation: serviceOf('CloudFormation', {
      DescribeStacks: async ({ StackName }) => {
        const outputs = stacks[String(StackName)];
        if (!outputs) throw new ServiceError('ValidationError', `Stack with id ${StackName} does not exist`);
        const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({
          OutputKey,
          OutputValue,
        }));
        return { Stacks: [{ StackName, StackStatus: 'CREATE_COMPLETE', Outputs }] };
      },
    }),
  }));
  return { id: place.account, region: place.region, caller: 'arn:aws:iam::123456789012:user/ana', aws };
}

const deployed = { 'Tocsin-acme': { ConsoleUrl: 'https://abc.execute-api.eu-central-1.amazonaws.com/' } };

test('login finds the console in the outputs of the stack, and the token in SSM', async () => {
  const there = await account(deployed);
  await ensureAdminToken(there.aws, 'acme', (bytes) => Buffer.alloc(bytes, 7));

  expect(await consoleAccess(there, 'acme')).toEqual({
    url: 'https://abc.execute-api.eu-central-1.amazonaws.com',
    token: Buffer.alloc(32, 7).toString('base64url'),
  });
});

test.each([
  ['is not deployed', {}, /no deployed stack Tocsin-acme in eu-central-1\nnpm run deploy/],
  ['has no token', deployed, /admin-token is missing .*\nnpm run tocsin -- secrets set admin-token$/],
])('login to a system that %s says what to run', async (_, stacks, message) => {
  const refused = consoleAccess(await account(stacks), 'acme');
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toBeInstanceOf(CommandError);
});

test('the admin token is written once: a second deploy leaves it as it is', async () => {
  const { aws } = await account({});
  expect(await readParameter(aws, parameter)).toBeUndefined();

  expect(await ensureAdminToken(aws, 'acme', (bytes) => Buffer.alloc(bytes, 1))).toBe(true);
  const first = await readParameter(aws, parameter);
  expect(first).toMatch(/^[\w-]{43}$/);

  expect(await ensureAdminToken(aws, 'acme', (bytes) => Buffer.alloc(bytes, 2))).toBe(false);
  expect(await readParameter(aws, parameter)).toBe(first);
});
