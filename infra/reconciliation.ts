import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { environment } from '../functions/reconcile/env.ts';
import type { Config } from '../shared/config/config.ts';
import { secretPrefix } from '../shared/config/secret.ts';
import { checkedMeanwhile } from '../shared/incidents/check-meanwhile.ts';
import { namespaceOf } from '../shared/metrics/catalog.ts';
import { shardsOf } from '../shared/monitors/shards.ts';
import { grantDescribeAlarms, grantPauseAlarms } from './alarms/describing.ts';
import type { History } from './history.ts';
import type { Incidents } from './incidents.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import type { Links } from './links.ts';
import { functionPrefix, grantRunProbes } from './probes.ts';
import { type Schedules, scheduledTime } from './schedules.ts';
import { grantPauseNotice } from './secrets.ts';
import { grantItems } from './table.ts';

export interface ReconciliationProps {
  config: Config;
  build: string;
  history: History;
  incidents: Incidents;
  schedules: Schedules;
  links: Links;
}

/** Every minute: compares incidents with alarms as they are, does what is overdue, folds history. */
export class Reconciliation extends Construct {
  readonly reconciler: TocsinFunction;

  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const { history, incidents, links } = props;
    this.reconciler = new TocsinFunction<OwnVariables<typeof environment>>(this, 'Reconcile', {
      name: 'reconcile',
      build: props.build,
      description: 'Heals lost notifications, overdue timers and effects; folds history',
      timeout: Duration.seconds(50),
      scheduled: true,
      environment: {
        ...incidents.variables(),
        HISTORY_TABLE: history.table.tableName,
        FUNCTION_PREFIX: functionPrefix(props.config),
        ...links,
      },
    });
    incidents.grantChange(this.reconciler);
    grantItems(history.table, this.reconciler, ['GetItem', 'Query', 'PutItem', 'DeleteItem']);
    grantDescribeAlarms(this.reconciler);
    grantPauseAlarms(this.reconciler, props.config);
    grantPauseNotice(this.reconciler, secretPrefix(props.config));
    grantChecks(this.reconciler, props.config);
    if (props.config.deadMan) grantHeartbeat(this.reconciler, props.config);
    props.schedules.add({
      name: 'reconcile',
      every: 60_000,
      target: this.reconciler.functionArn,
      input: { time: scheduledTime },
    });
  }
}

/** Lets it have those monitors checked that it may check more often while a critical incident lasts. */
function grantChecks(reconciler: TocsinFunction, config: Config): void {
  const ids = new Set(checkedMeanwhile(config).map(({ id }) => id));
  const shards = shardsOf(config).map((shard) => ({
    ...shard,
    monitors: shard.monitors.filter(({ id }) => ids.has(id)),
  }));
  const checked = shards.filter(({ monitors }) => monitors.length > 0);
  grantRunProbes(reconciler, config, checked);
}

/** Lets it give its sign of life in any Region: CloudWatch knows no narrower resource than a namespace. */
function grantHeartbeat(reconciler: TocsinFunction, config: Config): void {
  reconciler.addToRolePolicy(
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': namespaceOf(config.name) } },
    }),
  );
}
