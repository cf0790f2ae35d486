import type { Attempt } from '../policy.ts';

/** Where a request goes, to name its resources. */
export interface Place {
  region: string;
  account: string;
}

type Input = Record<string, unknown>;
type Attempts = (operation: string, input: Input, place: Place) => Attempt[];

/** What a request asks to do, as IAM names it, per signing name. A service that is not listed needs no permission. */
const attemptsByService: Record<string, Attempts> = {
  sqs: (operation, { QueueUrl, QueueName }, { region, account }) => {
    const name = String(QueueUrl ?? QueueName ?? '*')
      .split('/')
      .at(-1);
    const action = `sqs:${operation.replace(/Batch$/, '')}`;
    return [{ action, resource: `arn:aws:sqs:${region}:${account}:${name}` }];
  },
  sns: (operation, { TopicArn, TargetArn }) => [
    { action: `sns:${operation.replace(/Batch$/, '')}`, resource: String(TopicArn ?? TargetArn ?? '*') },
  ],
  ssm: (operation, { Name, Names, Path }, { region, account }) =>
    [Names ?? Name ?? Path ?? []].flat().map((name) => ({
      action: `ssm:${operation}`,
      resource: `arn:aws:ssm:${region}:${account}:parameter/${String(name).replace(/^\//, '')}`,
    })),
  monitoring: (operation, { AlarmName, AlarmNames }, { region, account }) => {
    const describes = operation.startsWith('Describe');
    const names = describes ? ['*'] : [AlarmName ?? AlarmNames ?? '*'].flat();
    return names.map((name) => ({
      action: `cloudwatch:${operation}`,
      resource: /Alarm/.test(operation) ? `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` : '*',
    }));
  },
  ses: (operation, { FromEmailAddress }, { region, account }) => [
    {
      action: `ses:${operation}`,
      resource: `arn:aws:ses:${region}:${account}:identity/${addressOf(String(FromEmailAddress ?? '*'))}`,
    },
  ],
  events: (operation, { Entries }) =>
    ([Entries ?? []].flat() as Input[]).map(({ EventBusName }) => ({
      action: `events:${operation}`,
      resource: String(EventBusName ?? '*'),
    })),
  lambda: (_, { FunctionName, Arn }, { region, account }) => [
    {
      action: 'lambda:InvokeFunction',
      resource: String(Arn ?? `arn:aws:lambda:${region}:${account}:function:${FunctionName}`),
    },
  ],
  dynamodb: (operation, input, place) => {
    const resource = (table: unknown) =>
      String(table).startsWith('arn:')
        ? String(table)
        : `arn:aws:dynamodb:${place.region}:${place.account}:table/${table}`;
    if (operation === 'TransactWriteItems' || operation === 'TransactGetItems')
      return transactionParts(input).map(({ action, table }) => ({ action, resource: resource(table) }));
    if (operation.startsWith('Batch') && typeof input.RequestItems === 'object')
      return Object.keys(input.RequestItems ?? {}).map((table) => ({
        action: `dynamodb:${operation}`,
        resource: resource(table),
      }));
    const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
    return [{ action: `dynamodb:${operation}`, resource: resource(input.TableName ?? '*') + index }];
  },
};

/** What a request asks to do. */
export function attemptsOf(service: string, operation: string, input: Input, place: Place): Attempt[] {
  return attemptsByService[service]?.(operation, input, place) ?? [];
}

const transactionActions: Record<string, string> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

function transactionParts({ TransactItems }: Input): { action: string; table: unknown }[] {
  const items = Array.isArray(TransactItems)
    ? (TransactItems as Record<string, { TableName?: unknown }>[])
    : [];
  return items.flatMap((item) =>
    Object.entries(item).map(([kind, { TableName }]) => ({
      action: transactionActions[kind] ?? `dynamodb:${kind}`,
      table: TableName,
    })),
  );
}

/** `a@b.example` of `Name <a@b.example>`. */
const addressOf = (mailbox: string) => /<([^>]+)>/.exec(mailbox)?.[1] ?? mailbox;
