import { type Call, type Service, ServiceError } from '../../infra/local/service.ts';
import { assetBucket } from './aws-bucket.ts';
import { serveAws } from './aws-endpoint.ts';
import { cloudFormation, type KeptStack } from './aws-stacks.ts';

/** What is in an AWS account, as far as the command line looks at it. Tests change it at will. */
export interface AccountContents {
  /** SSM parameters by full name. */
  parameters: Record<string, string>;
  stacks: Record<string, KeptStack>;
  /** What a stack puts out that is made now, by its name. */
  deployed(stack: string): Promise<Record<string, string>>;
  /** SES identities, and whether each is verified. */
  identities: Record<string, boolean>;
  sending: boolean;
  sandbox: boolean;
  /** CloudWatch, of the stack that is deployed. */
  cloudwatch?: Service;
  /** Operations that are refused as by IAM, e.g. `ssm:GetParameter`. */
  denied: string[];
}

export interface RecordedCall {
  /** Signing name, e.g. `ssm`. */
  service: string;
  operation: string;
  input: Record<string, unknown>;
}

/** An account that may deploy: bootstrapped, empty, out of the SES sandbox. */
const deployable: AccountContents = {
  parameters: { '/cdk-bootstrap/hnb659fds/version': '28' },
  stacks: {},
  deployed: async () => ({}),
  identities: {},
  sending: true,
  sandbox: false,
  denied: [],
};

/**
 * An AWS account behind an endpoint that records its calls, with what the command line and CDK need of STS, SSM, SES,
 * CloudFormation and the bucket of assets.
 * `environment` is how a command is pointed at it; gone when the test is over.
 */
export async function awsAccount(more: Partial<AccountContents> = {}) {
  const contents: AccountContents = {
    ...deployable,
    parameters: { ...deployable.parameters },
    stacks: {},
    ...more,
  };
  const calls: RecordedCall[] = [];
  const bucket = assetBucket('cdk-hnb659fds-assets-123456789012-eu-central-1');
  const services = Object.entries(servicesOf(contents)).map(
    ([name, operations]) => [name, recorded(name, operations, contents, calls)] as const,
  );
  const { endpoint } = await serveAws(
    Date.UTC(2026, 10, 20),
    async () => Object.fromEntries(services),
    bucket.answer,
  );
  return { contents, calls, assets: bucket.objects, endpoint, environment: environmentFor(endpoint) };
}

type Output = Record<string, unknown>;
type Operations = Record<string, (input: Record<string, unknown>) => Output | Promise<Output>>;

const recorded = (
  service: string,
  operations: Operations,
  contents: AccountContents,
  calls: RecordedCall[],
): Service => ({
  handle(call: Call) {
    const { operation, input } = call;
    calls.push({ service, operation, input });
    if (contents.denied.includes(`${service}:${operation}`))
      throw new ServiceError('AccessDeniedException', `not authorized to perform ${service}:${operation}`);
    const answer = operations[operation];
    if (service === 'monitoring' && contents.cloudwatch) return contents.cloudwatch.handle(call);
    if (!answer) throw new ServiceError('UnknownOperationException', `${service} has no ${operation} here`);
    return answer(input);
  },
});

function servicesOf(contents: AccountContents): Record<string, Operations> {
  const parameter = (name: string) => ({
    Name: name,
    Type: 'SecureString',
    Value: contents.parameters[name],
  });
  return {
    sts: {
      // CDK then goes on with the person's own credentials.
      AssumeRole: () => {
        throw new ServiceError('AccessDenied', 'not authorized to perform sts:AssumeRole', 403);
      },
      GetCallerIdentity: () => ({
        Arn: 'arn:aws:iam::123456789012:user/ann',
        UserId: 'AIDAEXAMPLE',
        Account: '123456789012',
      }),
    },
    ssm: {
      GetParameter: ({ Name }) => {
        if (!((Name as string) in contents.parameters))
          throw new ServiceError('ParameterNotFound', `no ${Name}`);
        return { Parameter: parameter(Name as string) };
      },
      GetParameters: ({ Names }) => ({
        Parameters: (Names as string[]).filter((name) => name in contents.parameters).map(parameter),
        InvalidParameters: (Names as string[]).filter((name) => !(name in contents.parameters)),
      }),
      PutParameter: ({ Name, Value, Overwrite }) => {
        if ((Name as string) in contents.parameters && Overwrite !== true)
          throw new ServiceError('ParameterAlreadyExists', `${Name} exists`);
        contents.parameters[Name as string] = Value as string;
        return { Version: 1, Tier: 'Standard' };
      },
    },
    ses: {
      GetAccount: () => ({
        SendingEnabled: contents.sending,
        ProductionAccessEnabled: !contents.sandbox,
      }),
      GetEmailIdentity: ({ EmailIdentity }) => {
        const verified = contents.identities[EmailIdentity as string];
        if (verified === undefined) throw new ServiceError('NotFoundException', 'no such identity', 404);
        return { VerifiedForSendingStatus: verified };
      },
    },
    monitoring: {},
    cloudformation: cloudFormation(contents.stacks, (stack) => contents.deployed(stack)),
  };
}

/** Nothing of the developer's own account. */
const environmentFor = (endpoint: string) => ({
  ...nobody,
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
});

/** A machine whose owner has no account. */
export const nobody: Record<string, string | undefined> = {
  AWS_ENDPOINT_URL: undefined,
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};
