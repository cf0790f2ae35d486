import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { overrideTable } from '../../shared/aws/override-table.ts';
import { incidentsTable, serveIncidentsTable } from '../support/incidents-table.ts';

const day = 86_400_000;

test('overrides are kept in the order they were made, until a month after their end', async () => {
  const client = await serveIncidentsTable();
  const table = overrideTable(client, incidentsTable);
  const override = { id: '20261120t1', rotation: 'platform', person: 'ana', from: 0, to: day, by: 'eva' };
  const later = { ...override, id: '20261120t2', person: 'ben' };
  await table.putOverride(later);
  await table.putOverride(override);

  expect(await table.readOverrides()).toEqual([override, later]);
  const Key = { pk: 'OVERRIDES', sk: override.id };
  const { Item } = await client.send(new GetCommand({ TableName: incidentsTable, Key }));
  expect(Item?.expiresAt).toBe((31 * day) / 1_000);

  await table.deleteOverride(override.id);
  await table.deleteOverride('never-made');
  expect(await table.readOverrides()).toEqual([later]);
});
