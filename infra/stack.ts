import { CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../shared/config/config.ts';
import { MonitorAlarms } from './alarms/monitor-alarms.ts';
import { SelfAlarms } from './alarms/self-alarms.ts';
import { Api } from './api.ts';
import { dashboardName, OperationsDashboard } from './dashboards/operations.ts';
import { encryptionKey } from './encryption.ts';
import { History } from './history.ts';
import { HttpEndpoint } from './http-endpoint.ts';
import { Incidents } from './incidents.ts';
import { dashboardUrl } from './links.ts';
import { Notifications } from './notifications.ts';
import { Probes } from './probes.ts';
import { Reconciliation } from './reconciliation.ts';
import { Schedules } from './schedules.ts';
import { selfTopic } from './self-contact.ts';

export interface TocsinStackProps {
  config: Config;
  /** Directory with the functions' assets, as `bundle` wrote it. */
  build: string;
}

/** CloudFormation's own limit. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const maxResources = 500;

/** All of Tocsin, in one stack that knows neither account nor Region until it is deployed. Wiring only. */
export class TocsinStack extends Stack {
  constructor(scope: Construct, { config, build }: TocsinStackProps) {
    super(scope, `Tocsin-${config.name}`, {
      description: `Tocsin watches what ${config.name} runs`,
      analyticsReporting: false,
    });
    const key = encryptionKey(this, 'Key');
    const schedules = new Schedules(this, 'Schedules');
    const endpoint = new HttpEndpoint(this, 'Endpoint');
    const links = {
      CONSOLE_URL: endpoint.url,
      DASHBOARD_URL: dashboardUrl(this.region, dashboardName(this)),
    };

    const history = new History(this, 'History', { key, build });
    const observations = history.observations.queue;
    const probes = new Probes(this, 'Probes', { config, key, build, schedules, observations });
    const incidents = new Incidents(this, 'Incidents', { key, build, history: history.table, links });
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

    const functions = [
      ...probes.functions,
      history.recorder,
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
    const { alarms } = new MonitorAlarms(this, 'MonitorAlarms', { config, topic: incidents.alarms });
    new SelfAlarms(this, 'SelfAlarms', {
      config,
      topic: incidents.alarms,
      direct: selfTopic(this, 'Self', key, config.selfContact),
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
      alarms,
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

  private tooLarge({ monitors }: Config): string[] {
    const resources = this.node.findAll().filter(CfnResource.isCfnResource).length;
    if (resources <= maxResources) return [];
    return [
      `${monitors.length} monitors need ${resources} CloudFormation resources; a stack takes ${maxResources}: ` +
        'move some monitors into a config file with a name of its own, and deploy both',
    ];
  }
}
