import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Aws } from '../../shared/aws/environment.ts';
import type { Config } from '../../shared/config/config.ts';
import { CommandError } from './command.ts';

/** The AWS account that commands work in. */
export interface Account {
  /** Twelve digits. */
  id: string;
  region: string;
  /** ARN of who we are there. */
  caller: string;
  /** For the clients of `shared/aws`, and by `clientOf` for those of the SDK. */
  aws: Aws;
}

/** Why there is no account to work in. */
export type AccountProblem = 'region' | 'credentials' | 'refused';

export class AccountError extends CommandError {
  readonly problem: AccountProblem;
  /** What to run next. */
  readonly next: string;
  constructor(problem: AccountProblem, message: string, next: string, cause: unknown) {
    super(`${message}\n${next}`, { cause });
    this.name = 'AccountError';
    this.problem = problem;
    this.next = next;
  }
}

/**
 * The account of the person's own credentials, found as every AWS tool does: environment, profile, SSO, container, machine. The
 * Region is that of the config, else of `AWS_REGION` or the profile; `AWS_ENDPOINT_URL` is another endpoint for all services.
 * @throws AccountError
 */
export async function openAccount(config: Pick<Config, 'region'>): Promise<Account> {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const sts = new STSClient(config.region === undefined ? {} : { region: config.region });
  const region = await orElse(
    'region',
    () => sts.config.region(),
    'no AWS Region is named',
    'export AWS_REGION=eu-central-1   # or: aws configure set region eu-central-1, or region in the config',
  );
  const { accessKeyId, secretAccessKey, sessionToken } = await orElse(
    'credentials',
    () => sts.config.credentials(),
    'no AWS credentials were found',
    'aws configure   # or: aws sso login, or export AWS_PROFILE=…',
  );
  const identity = await orElse(
    'refused',
    () => sts.send(new GetCallerIdentityCommand()),
    'AWS does not accept these credentials',
    'aws sts get-caller-identity   # then: aws sso login, or new keys by aws configure',
  );
  const aws = {
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    ...(endpoint && { endpoint }),
  };
  return { id: identity.Account ?? '', region, caller: identity.Arn ?? '', aws };
}

async function orElse<Found>(
  problem: AccountProblem,
  find: () => Promise<Found>,
  message: string,
  next: string,
): Promise<Found> {
  try {
    return await find();
  } catch (error) {
    throw new AccountError(problem, `${message}: ${(error as Error).message}`, next, error);
  }
}

/** Settings of an SDK client that works where and as `aws` says. */
export function clientOf(aws: Aws) {
  const { region, endpoint, ...credentials } = aws;
  return { region, credentials, ...(endpoint && { endpoint }) };
}

/** A stack as CloudFormation has it. */
export interface DeployedStack {
  /** E.g. `UPDATE_COMPLETE`. */
  status: string;
  outputs: Record<string, string>;
}

export const stackName = (system: string) => `Tocsin-${system}`;

/** The stack of a system, by the config's name; undefined where there is none. */
export async function describeStack(aws: Aws, system: string): Promise<DeployedStack | undefined> {
  try {
    const input = { StackName: stackName(system) };
    const { Stacks } = await new CloudFormationClient(clientOf(aws)).send(new DescribeStacksCommand(input));
    const found = Stacks?.[0];
    if (!found) return undefined;
    const outputs = (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
      OutputKey,
      OutputValue,
    ]);
    return { status: found.StackStatus ?? '', outputs: Object.fromEntries(outputs) };
  } catch (error) {
    // CloudFormation has no error of its own for a stack that is not there.
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** A resource of a stack: its CloudFormation type and the name AWS knows it by. */
export interface StackResource {
  type: string;
  id: string;
}

/** What a system's stack is made of; nothing where there is no stack. */
export async function stackResources(aws: Aws, system: string): Promise<StackResource[]> {
  if (!(await describeStack(aws, system))) return [];
  const client = new CloudFormationClient(clientOf(aws));
  const resources: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName(system) }))
    for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
      if (ResourceType && PhysicalResourceId) resources.push({ type: ResourceType, id: PhysicalResourceId });
  return resources;
}
