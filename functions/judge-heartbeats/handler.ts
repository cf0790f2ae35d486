import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { awsOf } from '../../shared/aws/environment.ts';
import { heartbeatTable } from '../../shared/aws/heartbeat-table.ts';
import { historyTable } from '../../shared/aws/history-table.ts';
import { windowTable } from '../../shared/aws/window-table.ts';
import type { Config } from '../../shared/config/config.ts';
import { judgeHeartbeats } from '../../shared/heartbeats/judging.ts';
import { heartbeatShardsOf } from '../../shared/heartbeats/shards.ts';
import { writeEmf } from '../../shared/metrics/emf.ts';
import { readEnvironment } from './env.ts';

const env = readEnvironment();
const config: Config = JSON.parse(readFileSync(path.join(env.LAMBDA_TASK_ROOT, 'config.json'), 'utf8'));
const shards = heartbeatShardsOf(config);
const client = documentClient(awsOf(env));
const { readRecords } = heartbeatTable(client, env.HISTORY_TABLE);
const { readWindows } = windowTable(client, env.HISTORY_TABLE);
const ports = {
  ...historyTable(client, env.HISTORY_TABLE),
  readRecords,
  readWindows: async () => [...config.maintenance, ...(await readWindows())],
  emit: writeEmf,
};

const due = z.object({ time: z.iso.datetime() });

/** Every minute: says of each heartbeat whether it is up. It throws where that cannot be known, and is missed as `Observed`. */
export async function handler(event: unknown): Promise<void> {
  const scheduled = Date.parse(due.parse(event).time);
  await judgeHeartbeats(ports, config, shards, { scheduled, now: Date.now() });
}
