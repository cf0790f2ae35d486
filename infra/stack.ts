import { CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../shared/config/config.ts';
import { heartbeatsOf, observedShardsOf } from '../shared/heartbeats/shards.ts';
import { BlindAlarms } from './alarms/blind-alarms.ts';
import { MonitorAlarms } from './alarms/monitor-alarms.ts';
import { SelfAlarms } from './alarms/self-alarms.ts';
import { Api } from './api.ts';
import { moreStacks } from './buckets.ts';
import { dashboardName, OperationsDashboard } from './dashboards/operations.ts';
import { watchDeployments } from './deployments.ts';
import { encryptionKey, grantSend, letSendFromAfar } from './encryption.ts';
import { Heartbeats } from './heartbeats.ts';
import { History } from './history.ts';
import { HttpEndpoint } from './http-endpoint.ts';
import { Incidents } from './incidents.ts';
import { dashboardUrl } from './links.ts';
import { Notifications } from './notifications.ts';
import { awayRoleNames } from './probe-stack.ts';
import { Probes } from './probes.ts';
import { Reconciliation } from './reconciliation.ts';
import { locationsAtHome } from './regions.ts';
import { Schedules, scheduleShards } from './schedules.ts';
import { selfTopic } from './self-contact.ts';
import { systemName } from './system.ts';

export interface TocsinStackProps {
  config: Config;
  /** Directory with the functions' assets, as `bundle` wrote it. */
  build: string;
}

/** CloudFormation's own limit. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const maxResources = 500;

/** All of Tocsin, in one stack that knows no account, and no Region unless the config names one, until it is deployed. Wiring only. */
export class TocsinStack extends Stack {
  constructor(scope: Construct, { config, build }: TocsinStackProps) {
    super(scope, systemName(config), {
      description: `Tocsin watches what ${config.name} runs`,
      analyticsReporting: false,
      ...(config.region && { env: { region: config.region } }),
    });
    const areSeveral = config.stacks > 1;
    const key = encryptionKey(this, 'Key');
    const schedules = new Schedules(this, 'Schedules');
    const endpoint = new HttpEndpoint(this, 'Endpoint');
    const links = {
      CONSOLE_URL: endpoint.url,
      DASHBOARD_URL: dashboardUrl(this.region, dashboardName(this)),
    };

    const history = new History(this, 'History', { config, key, build });
    const observations = history.observations.queue;
    const probes = new Probes(this, 'Probes', {
      config,
      build,
      locations: locationsAtHome(config),
      homeRegion: this.region,
      observationsUrl: observations.queueUrl,
      grantSend: (probe) => {
        observations.grant(probe, 'sqs:SendMessage');
        grantSend(key, probe);
      },
    });
    // Several stacks share what monitors and shards need: see `MonitorsStack`.
    if (!areSeveral) scheduleShards(schedules, probes.shards, probes.arnOf);
    letSendFromAfar(key, awayRoleNames(config));
    const incidents = new Incidents(this, 'Incidents', { key, build, history: history.table, links });
    if (config.deployments) watchDeployments(this, key, incidents.signals.queue);
    const { reconciler } = new Reconciliation(this, 'Reconciliation', {
      config,
      build,
      history,
      incidents,
      schedules,
      links,
    });
    const { notifiers } = new Notifications(this, 'Notifications', { config, key, build, incidents });
    const api = new Api(this, 'Api', { config, build, endpoint, history: history.table, incidents, links });

    const heartbeats =
      heartbeatsOf(config).length > 0
        ? new Heartbeats(this, 'Heartbeats', { config, build, endpoint, history: history.table, schedules })
        : undefined;

    const functions = [
      ...probes.functions,
      history.recorder,
      ...(heartbeats?.functions ?? []),
      incidents.tracker,
      reconciler,
      ...notifiers.map(({ notify }) => notify),
      api.server,
    ];
    const queues = [
      history.observations,
      incidents.signals,
      incidents.timers,
      ...notifiers.map(({ queue }) => queue),
    ];
    const topic = incidents.alarms;
    const direct = selfTopic(this, 'Self', key, config.selfContact);
    if (!areSeveral) {
      new MonitorAlarms(this, 'MonitorAlarms', { config, monitors: config.monitors, topic });
      new BlindAlarms(this, 'BlindAlarms', { config, shards: observedShardsOf(config), topic, direct });
    }
    new SelfAlarms(this, 'SelfAlarms', {
      config,
      topic,
      direct,
      functions,
      queues,
      recorder: history.recorder,
      secretReaders: [
        ...(probes.functions.length > 0 ? ['probe'] : []),
        ...notifiers.map(({ kind }) => `notify-${kind}`),
      ],
    });
    new OperationsDashboard(this, 'Operations', {
      config,
      consoleUrl: endpoint.url,
      events: incidents.events,
      functions,
      queues,
    });

    new CfnOutput(this, 'ConsoleUrl', { value: endpoint.url });
    new CfnOutput(this, 'AlarmsTopicArn', { value: incidents.alarms.topicArn });
    new CfnOutput(this, 'IncidentEventsTopicArn', { value: incidents.events.topicArn });
    new CfnOutput(this, 'AdminTokenParameter', { value: api.adminTokenParameter });
    this.node.addValidation({ validate: () => this.tooLarge(config) });
  }

  private tooLarge(config: Config): string[] {
    const resources = this.node.findAll().filter(CfnResource.isCfnResource).length;
    if (resources <= maxResources) return [];
    return [
      `${config.monitors.length} monitors need ${resources} CloudFormation resources; a stack takes ${maxResources}: ${moreStacks(config)}`,
    ];
  }
}
