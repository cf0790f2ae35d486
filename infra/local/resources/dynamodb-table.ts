import * as z from 'zod/mini';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

const keys = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.optional(z.array(z.string())),
});

export const dynamodbTable = resourceType(
  {
    TableName: optionalText,
    KeySchema: keys,
    AttributeDefinitions: z.array(
      z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    BillingMode: z.literal('PAY_PER_REQUEST'),
    GlobalSecondaryIndexes: z.optional(
      z.array(z.strictObject({ IndexName: z.string(), KeySchema: keys, Projection: projection })),
    ),
    TimeToLiveSpecification: z.optional(
      z.strictObject({ AttributeName: z.string(), Enabled: z.literal(true) }),
    ),
    PointInTimeRecoverySpecification: onAwsOnly,
    SSESpecification: onAwsOnly,
    DeletionProtectionEnabled: onAwsOnly,
    Tags: onAwsOnly,
  },
  (properties, { named, arn, world }) => {
    const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, TimeToLiveSpecification } =
      properties;
    const settings = { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, TimeToLiveSpecification };
    const name = named(TableName);
    const prepare = async () => {
      await world.dynamodb.createTable({ ...settings, TableName: name });
    };
    return { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) }, prepare };
  },
);
