import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { environment } from '../functions/record-observations/env.ts';
import type { Config } from '../shared/config/config.ts';
import { confirmingShardsOf } from '../shared/monitors/shards.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import { functionPrefix, grantRunProbes } from './probes.ts';
import { WorkQueue } from './queue.ts';
import { grantItems, table } from './table.ts';

const timeout = Duration.seconds(30);

export interface HistoryProps {
  config: Config;
  key: Key;
  build: string;
}

/** What checks found: the queue probes report to, the function that records it as metrics and history, and the table. */
export class History extends Construct {
  readonly table: Table;
  readonly observations: WorkQueue;
  readonly recorder: TocsinFunction;

  constructor(scope: Construct, id: string, { config, key, build }: HistoryProps) {
    super(scope, id);
    this.table = table(this, 'Table', key);
    this.observations = new WorkQueue(this, 'Observations', {
      name: 'observations',
      key,
      timeout,
      lateAfter: Duration.minutes(2),
    });
    this.recorder = new TocsinFunction<OwnVariables<typeof environment>>(this, 'RecordObservations', {
      name: 'record-observations',
      build,
      description: 'Records observations once each: metrics, history, evidence',
      timeout,
      environment: { HISTORY_TABLE: this.table.tableName, FUNCTION_PREFIX: functionPrefix(config) },
    });
    grantItems(this.table, this.recorder, ['GetItem', 'Query', 'PutItem']);
    grantRunProbes(this.recorder, config, confirmingShardsOf(config));
    this.observations.feed(this.recorder, 10);
  }
}
