import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { awsOf } from '../../shared/aws/environment.ts';
import { heartbeatTable } from '../../shared/aws/heartbeat-table.ts';
import { secretReader } from '../../shared/aws/secrets.ts';
import type { Config } from '../../shared/config/config.ts';
import { receivePing } from '../../shared/heartbeats/receive.ts';
import { heartbeatsOf } from '../../shared/heartbeats/shards.ts';
import { pingToken } from '../../shared/heartbeats/token.ts';
import { readEnvironment } from './env.ts';

const env = readEnvironment();
const aws = awsOf(env);
const config: Config = JSON.parse(readFileSync(path.join(env.LAMBDA_TASK_ROOT, 'config.json'), 'utf8'));
const heartbeats = heartbeatsOf(config);
const table = heartbeatTable(documentClient(aws), env.HISTORY_TABLE);
const readSecret = secretReader(aws, '', Date.now);

async function monitorOf(token: string): Promise<string | undefined> {
  const key = await readSecret(env.PING_KEY_PARAMETER);
  return heartbeats.find(({ id }) => pingToken(key, id) === token)?.id;
}

/** A ping from the internet, behind the HTTP API: it is recorded, and judged by somebody else. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { rawPath, body, isBase64Encoded, queryStringParameters, requestContext } = event;
  const { requestId, timeEpoch, http } = requestContext;
  const { status, message } = await receivePing(
    { ...table, monitorOf, putPing: (monitor, ping) => table.putPing(monitor, ping, requestId) },
    {
      method: http.method,
      path: rawPath,
      rid: queryStringParameters?.rid,
      body: isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : body,
      at: timeEpoch,
    },
  );
  return {
    statusCode: status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: http.method === 'HEAD' ? '' : `${message}\n`,
  };
}
