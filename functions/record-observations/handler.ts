import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { awsOf } from '../../shared/aws/environment.ts';
import { historyTable } from '../../shared/aws/history-table.ts';
import { invokeLater } from '../../shared/aws/lambda.ts';
import { windowTable } from '../../shared/aws/window-table.ts';
import type { Config } from '../../shared/config/config.ts';
import { type RecordPorts, recordBatch } from '../../shared/history/record.ts';
import { type MaintenanceWindow, monitorsIn, type StartedWindow } from '../../shared/maintenance/window.ts';
import { writeEmf } from '../../shared/metrics/emf.ts';
import { parseBatch } from '../../shared/monitors/batch-schema.ts';
import { probedShardsOf, probeNameOf } from '../../shared/monitors/shards.ts';
import { type Pause, pauseOf } from '../../shared/pauses/pause.ts';
import { readEnvironment } from './env.ts';

const env = readEnvironment();
const config: Config = JSON.parse(readFileSync(path.join(env.LAMBDA_TASK_ROOT, 'config.json'), 'utf8'));
const aws = awsOf(env);
const client = documentClient(aws);
const history = historyTable(client, env.HISTORY_TABLE);
const { readWindows } = windowTable(client, env.HISTORY_TABLE);
const logger = new Logger({ serviceName: 'record-observations' });
const ports: RecordPorts = {
  ...history,
  emit: writeEmf,
  async askToConfirm(location, event) {
    const region = config.locations.find(({ id }) => id === location)?.region;
    try {
      const [monitor] = shards.get(`${location}/${event.shard}`)!.monitors.values();
      await invokeLater(aws, env.FUNCTION_PREFIX + probeNameOf(monitor!, location), event, region);
    } catch (error) {
      logger.error('nobody confirms', { location, ...event, error: error as Error });
    }
  },
};

const shards = new Map(
  probedShardsOf(config).map((shard) => [
    `${shard.location}/${shard.id}`,
    { every: shard.every, monitors: new Map(shard.monitors.map((monitor) => [monitor.id, monitor])) },
  ]),
);

type Window = MaintenanceWindow | StartedWindow;

/** Observations from the queue. What cannot be recorded goes back to it alone, and to its dead-letter queue in the end. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const failed: SQSBatchResponse['batchItemFailures'] = [];
  const [pauses, started] = await Promise.all([history.readPauses(), readWindows()]);
  const windows = [...config.maintenance, ...started];
  for (const { messageId, body } of event.Records) {
    try {
      await record(body, pauses, windows);
    } catch (error) {
      logger.error('observations not recorded', { messageId, error: error as Error });
      failed.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failed };
}

async function record(body: string, pauses: readonly Pause[], windows: readonly Window[]): Promise<void> {
  const batch = parseBatch(body);
  const shard = shards.get(`${batch.location}/${batch.shard}`);
  // A probe of the previous deployment may still send a shard that is gone.
  if (!shard) return logger.warn('unknown shard', { location: batch.location, shard: batch.shard });
  const paused = [...shard.monitors.keys()].filter((id) => pauseOf(pauses, id, batch.slot));
  const inMaintenance = monitorsIn(windows, batch.slot);
  await recordBatch(ports, config, { ...shard, paused, inMaintenance }, batch);
}
