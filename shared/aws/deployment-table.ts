import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Deployment } from '../deployments/deployment.ts';
import type { DeploymentPorts } from '../deployments/recording.ts';
import { unitMs } from '../duration.ts';

/** Milliseconds a deployment is kept; an incident keeps a copy of those attached to it. */
const keptMs = 90 * unitMs.d;

const pk = 'DEPLOYMENTS';

const keyOf = (at: number, id = '') => `${new Date(at).toISOString()}#${id}`;

/** Deployments, in the `incidents` table: `DEPLOYMENTS` / `<at ISO>#<id>`. Reads are consistent. */
export function deploymentTable(client: DynamoDBDocumentClient, table: string): DeploymentPorts {
  return {
    async putDeployment(deployment) {
      const expiresAt = Math.ceil((deployment.at + keptMs) / 1_000);
      const Item = { ...deployment, pk, sk: keyOf(deployment.at, deployment.id), expiresAt };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    async readDeployments(from, to) {
      const input = {
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ':from': keyOf(from), ':to': keyOf(to) },
        ConsistentRead: true,
      };
      const deployments: Deployment[] = [];
      for await (const { Items = [] } of paginateQuery({ client }, input))
        deployments.push(...Items.map(deploymentOf));
      return deployments;
    },
  };
}

function deploymentOf({ pk, sk, expiresAt, ...deployment }: Record<string, unknown>): Deployment {
  return deployment as unknown as Deployment;
}
