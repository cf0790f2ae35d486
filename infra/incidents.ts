import { Duration } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { environment } from '../functions/track-incidents/env.ts';
import { grantSend } from './encryption.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import type { Links } from './links.ts';
import { WorkQueue } from './queue.ts';
import { grantItems, table } from './table.ts';
import { alarmTopic, topic } from './topic.ts';

const timeout = Duration.seconds(15);

/** Sparse: all incidents by time, and what is still to be done by when. */
const indexes = ['list', 'pending'];

const changing = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;

export interface IncidentsProps {
  key: Key;
  build: string;
  /** Latest states and evidence of monitors. */
  history: Table;
  links: Links;
}

/** Alarms in, incident events out: the topics of both, the table, the timers, and the function that tracks. */
export class Incidents extends Construct {
  readonly table: Table;
  readonly alarms: Topic;
  readonly events: Topic;
  readonly signals: WorkQueue;
  readonly timers: WorkQueue;
  readonly tracker: TocsinFunction;
  private readonly key: Key;

  constructor(scope: Construct, id: string, { key, build, history, links }: IncidentsProps) {
    super(scope, id);
    this.key = key;
    this.table = incidentsTable(this, key);
    this.alarms = alarmTopic(this, 'Alarms', 'alarms', key);
    this.events = topic(this, 'Events', 'incident-events', key);
    this.signals = new WorkQueue(this, 'Signals', {
      name: 'alarms',
      key,
      timeout,
      lateAfter: Duration.minutes(2),
    });
    this.timers = new WorkQueue(this, 'Timers', { name: 'timers', key, timeout });
    this.tracker = new TocsinFunction<OwnVariables<typeof environment>>(this, 'TrackIncidents', {
      name: 'track-incidents',
      build,
      description: 'Turns alarms into incidents and tells what happened to them',
      timeout,
      environment: { ...this.variables(), HISTORY_TABLE: history.tableName, ...links },
    });
    this.grantChange(this.tracker);
    grantItems(history, this.tracker, ['GetItem', 'Query']);
    this.signals.subscribe(this.alarms);
    this.signals.feed(this.tracker, 5);
    this.timers.feed(this.tracker, 5);
  }

  /** Where a function that changes incidents finds them. */
  variables() {
    return {
      INCIDENTS_TABLE: this.table.tableName,
      EVENTS_TOPIC_ARN: this.events.topicArn,
      TIMERS_QUEUE_URL: this.timers.queue.queueUrl,
    };
  }

  /** Lets a function read and change incidents, and carry out the effects: publish events, set timers. */
  grantChange(grantee: TocsinFunction): void {
    grantItems(this.table, grantee, changing, indexes);
    grantee.addToRolePolicy(
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.events.topicArn] }),
    );
    this.timers.queue.grant(grantee, 'sqs:SendMessage');
    grantSend(this.key, grantee);
  }
}

function incidentsTable(scope: Construct, key: Key): Table {
  const made = table(scope, 'Table', key);
  for (const indexName of indexes) {
    made.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: `${indexName}Pk`, type: AttributeType.STRING },
      sortKey: { name: `${indexName}Sk`, type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }
  return made;
}
