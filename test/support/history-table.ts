import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { createDynamoDb } from '../../infra/local/services/dynamodb.ts';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { type HistoryTable, historyTable } from '../../shared/aws/history-table.ts';
import { serveAws } from './aws-endpoint.ts';

/** An empty `history` table, gone when the test is over. */
export const serveHistoryTable = async (): Promise<HistoryTable> =>
  historyTable(await serveTable(), 'history');

/** The client of a server with that table. */
export async function serveTable() {
  const { aws } = await serveAws(0, async (runtime) => ({ dynamodb: await createDynamoDb(runtime) }));
  const client = documentClient(aws);
  onTestFinished(() => client.destroy());
  await client.send(
    new CreateTableCommand({
      TableName: 'history',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return client;
}
