import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import type { Service } from '../../infra/local/service.ts';
import { createDynamoDb } from '../../infra/local/services/dynamodb.ts';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { serveAws } from './aws-endpoint.ts';

export const incidentsTable = 'incidents';

/**
 * A document client of a server with an empty `incidents` table, both gone when the test is over.
 * @param wrap makes DynamoDB another one, e.g. one that refuses
 */
export async function serveIncidentsTable(
  wrap: (service: Service) => Service = (service) => service,
): Promise<DynamoDBDocumentClient> {
  const { aws } = await serveAws(0, async (runtime) => ({ dynamodb: wrap(createDynamoDb(runtime)) }));
  const client = documentClient(aws);
  onTestFinished(() => client.destroy());
  await createIncidentsTable(client);
  return client;
}

/** The table as the stack makes it. */
export async function createIncidentsTable(client: DynamoDBDocumentClient): Promise<void> {
  const attributes = ['pk', 'sk', 'listPk', 'listSk', 'pendingPk', 'pendingSk'];
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: incidentsTable,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: ['list', 'pending'].map((IndexName) => ({
        IndexName,
        KeySchema: keys(`${IndexName}Pk`, `${IndexName}Sk`),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 },
    { TableName: incidentsTable },
  );
}
