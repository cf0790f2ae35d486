import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { deploymentTable } from '../../shared/aws/deployment-table.ts';
import type { Deployment } from '../../shared/deployments/deployment.ts';
import { incidentsTable, serveIncidentsTable } from '../support/incidents-table.ts';

const start = Date.parse('2026-11-20T05:00:00Z');
const deployment = (id: string, at: number): Deployment => ({ id, at, source: 'api', title: 'web 1.2.3' });

test('deployments are kept for 90 days, each once however often it is told, and read by time', async () => {
  const client = await serveIncidentsTable();
  const table = deploymentTable(client, incidentsTable);
  const [first, second, third] = [
    deployment('a', start),
    deployment('b', start + 1),
    deployment('c', start + 2),
  ] as const;
  for (const each of [third, first, second, first]) await table.putDeployment(each);

  expect(await table.readDeployments(start, start + 2)).toEqual([first, second]);
  expect(await table.readDeployments(start + 2, start + 3)).toEqual([third]);
  const Key = { pk: 'DEPLOYMENTS', sk: '2026-11-20T05:00:00.000Z#a' };
  const { Item } = await client.send(new GetCommand({ TableName: incidentsTable, Key }));
  expect(Item?.expiresAt).toBe((start + 90 * 86_400_000) / 1_000);
});
