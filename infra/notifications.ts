import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { environment } from '../functions/notify/env.ts';
import { notifiedChannels, secretsOf } from '../shared/config/channel-kinds.ts';
import type { Channel, Config } from '../shared/config/config.ts';
import { secretPrefix } from '../shared/config/secret.ts';
import { mailKey } from '../shared/notifications/email/link.ts';
import { grantSend } from './encryption.ts';
import type { Incidents } from './incidents.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import { publishingTo, puttingEventsOn, running } from './publishing.ts';
import { WorkQueue } from './queue.ts';
import { grantSecrets } from './secrets.ts';
import { sendingMail, verifySenders } from './sending-mail.ts';
import { subscribe } from './subscriptions.ts';
import { grantItems } from './table.ts';

const timeout = Duration.seconds(30);

/** The retry budget is ours, by age: SQS must not give up first. Its own limit. */
const maxReceiveCount = 1_000;

export interface NotificationsProps {
  config: Config;
  key: Key;
  build: string;
  incidents: Incidents;
}

/** A channel kind's way out: its own queue, dead-letter queue, function and role. */
export interface Notifier {
  kind: string;
  queue: WorkQueue;
  notify: TocsinFunction;
}

/**
 * One notifier per kind of channel in use, each told of the events that name one of its channels. Whom SNS tells needs none.
 */
export class Notifications extends Construct {
  readonly notifiers: Notifier[];

  constructor(scope: Construct, id: string, props: NotificationsProps) {
    super(scope, id);
    subscribe(props.incidents.events, props.config);
    const byKind = Map.groupBy(notifiedChannels(props.config), ({ kind }) => kind);
    this.notifiers = [...byKind].map(([kind, channels]) => this.notifier(kind, channels, props));
  }

  private notifier(kind: string, channels: Channel[], props: NotificationsProps): Notifier {
    const { config, key, build, incidents } = props;
    const prefix = secretPrefix(config);
    const scope = new Construct(this, kind);
    const queue = new WorkQueue(scope, 'Work', {
      name: `notify-${kind}`,
      key,
      timeout,
      maxReceiveCount,
      lateAfter: Duration.minutes(10),
    });
    const notify = new TocsinFunction<OwnVariables<typeof environment>>(scope, 'Notify', {
      name: `notify-${kind}`,
      build,
      description: `Tells ${kind} channels what happened to incidents`,
      timeout,
      environment: {
        INCIDENTS_TABLE: incidents.table.tableName,
        QUEUE_URL: queue.queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: queue.dead.queueUrl,
        TIMERS_QUEUE_URL: incidents.timers.queue.queueUrl,
        SECRET_PREFIX: prefix,
      },
    });
    grantItems(incidents.table, notify, ['GetItem', 'PutItem', 'UpdateItem']);
    queue.dead.grant(notify, 'sqs:SendMessage');
    incidents.timers.queue.grant(notify, 'sqs:SendMessage');
    grantSend(key, notify);
    grantSecrets(notify, prefix, [...channels.flatMap(secretsOf), ...(kind === 'email' ? [mailKey] : [])]);
    if (kind === 'email') verifySenders(scope, channels);
    for (const statement of this.sending(kind, channels)) notify.addToRolePolicy(statement);
    queue.subscribe(
      incidents.events,
      channels.map((channel) => channel.id),
    );
    queue.feed(notify, 2);
    return { kind, queue, notify };
  }

  /** What the kinds may do that are told by AWS itself. */
  private sending(kind: string, channels: Channel[]): PolicyStatement[] {
    switch (kind) {
      case 'email':
        return sendingMail(this, channels);
      case 'sns':
        return [publishingTo(channels)];
      case 'eventbridge':
        return [puttingEventsOn(channels)];
      case 'remediation':
        return running(channels);
      default:
        return [];
    }
  }
}
