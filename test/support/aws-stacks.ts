import { ServiceError } from '../../infra/local/service.ts';

/** A stack as CloudFormation has it. */
export interface KeptStack {
  status: string;
  outputs: Record<string, string>;
  /** SES identities among its resources. */
  identities: string[];
  /** Its other resources, as far as a test cares. */
  others?: { type: string; id: string }[];
}

interface ChangeSet {
  stack: string;
  /** What CDK sent, e.g. `TemplateURL`. */
  input: Record<string, unknown>;
}

type Input = Record<string, unknown>;

const arnOf = (name: string) => `arn:aws:cloudformation:eu-central-1:123456789012:stack/${name}/1`;

/** Long before any test, so that CDK looks at every event since. */
const createdAt = '2026-11-20T00:00:00.000Z';

const none = (name: unknown) => new ServiceError('ValidationError', `Stack with id ${name} does not exist`);

/**
 * CloudFormation, as far as CDK and our command line use it: a change set makes its stack at once.
 * @param made what a stack that is made puts out, by its name
 */
export function cloudFormation(
  stacks: Record<string, KeptStack>,
  made: (stack: string) => Promise<Record<string, string>>,
) {
  const changeSets = new Map<string, ChangeSet>();
  const find = (reference: unknown) => {
    const name = Object.keys(stacks).find((each) => [each, arnOf(each)].includes(String(reference)));
    if (name === undefined) throw none(reference);
    return { name, ...stacks[name]! };
  };
  const changeSet = (reference: unknown) => {
    const found = changeSets.get(String(reference).split('changeSet/').at(-1)!.split('/')[0]!);
    if (!found) throw new ServiceError('ChangeSetNotFound', `no change set ${reference}`);
    return found;
  };
  return {
    DescribeStacks: ({ StackName }: Input) => {
      const { name, status, outputs } = find(StackName);
      const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      return {
        Stacks: [
          { StackId: arnOf(name), StackName: name, StackStatus: status, CreationTime: createdAt, Outputs },
        ],
      };
    },
    ListStackResources: ({ StackName }: Input) => {
      const { identities, others = [] } = find(StackName);
      const senders = identities.map((id) => ({ type: 'AWS::SES::EmailIdentity', id }));
      return {
        StackResourceSummaries: [...senders, ...others].map(({ type, id }, index) => ({
          LogicalResourceId: `Resource${index}`,
          PhysicalResourceId: id,
          ResourceType: type,
          LastUpdatedTimestamp: createdAt,
          ResourceStatus: 'CREATE_COMPLETE',
        })),
      };
    },
    DescribeStackEvents: () => ({ StackEvents: [] }),
    GetTemplate: ({ StackName }: Input) => {
      find(StackName);
      return { TemplateBody: '{}' };
    },
    CreateChangeSet: (input: Input) => {
      const stack = String(input.StackName);
      const name = String(input.ChangeSetName);
      stacks[stack] ??= { status: 'REVIEW_IN_PROGRESS', outputs: {}, identities: [] };
      changeSets.set(name, { stack, input });
      return {
        Id: `arn:aws:cloudformation:eu-central-1:123456789012:changeSet/${name}/1`,
        StackId: arnOf(stack),
      };
    },
    DescribeChangeSet: ({ ChangeSetName }: Input) => {
      const { stack } = changeSet(ChangeSetName);
      const ResourceChange = { Action: 'Add', LogicalResourceId: 'Any', ResourceType: 'AWS::SNS::Topic' };
      return {
        ChangeSetName,
        ChangeSetId: ChangeSetName,
        CreationTime: createdAt,
        StackName: stack,
        StackId: arnOf(stack),
        Status: 'CREATE_COMPLETE',
        ExecutionStatus: 'AVAILABLE',
        Changes: [{ Type: 'Resource', ResourceChange }],
      };
    },
    ExecuteChangeSet: async ({ ChangeSetName }: Input) => {
      const { stack } = changeSet(ChangeSetName);
      stacks[stack] = { status: 'CREATE_COMPLETE', outputs: await made(stack), identities: [] };
      return {};
    },
    DeleteChangeSet: ({ ChangeSetName }: Input) => {
      changeSets.delete(String(ChangeSetName));
      return {};
    },
    UpdateTerminationProtection: ({ StackName }: Input) => ({ StackId: arnOf(String(StackName)) }),
  };
}
