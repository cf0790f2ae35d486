import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Aws } from './environment.ts';

/** A document client: plain JavaScript values in and out, undefined properties left out. */
export function documentClient(aws: Aws): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region: aws.region,
    credentials: {
      accessKeyId: aws.accessKeyId,
      secretAccessKey: aws.secretAccessKey,
      ...(aws.sessionToken && { sessionToken: aws.sessionToken }),
    },
    ...(aws.endpoint && { endpoint: aws.endpoint }),
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
