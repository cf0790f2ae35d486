import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { grantTableUse } from './encryption.ts';

/**
 * A table with string keys `pk` and `sk`, items expiring by `expiresAt` (epoch seconds), restorable to any second of 35 days.
 * It outlives the stack (not a first deployment that failed): what was recorded is the team's. It has no fixed name, so a new
 * stack never collides with a kept table.
 */
export function table(scope: Construct, id: string, key: Key): Table {
  return new Table(scope, id, {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expiresAt',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/** Actions on a table's items, as IAM names them without the service; a transaction needs those of its parts. */
type ItemAction = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** Grants exactly these actions on the table and the named indexes (CDK's own grants add `/index/*`). */
export function grantItems(
  table: Table,
  grantee: IGrantable,
  actions: readonly ItemAction[],
  indexes: readonly string[] = [],
): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [table.tableArn, ...indexes.map((index) => `${table.tableArn}/index/${index}`)],
    }),
  );
  grantTableUse(table.encryptionKey!, grantee);
}
