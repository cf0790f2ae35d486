import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IAlarm,
  type IMetric,
  type IWidget,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config, Monitor } from '../../shared/config/config.ts';
import { heartbeatKind } from '../../shared/monitors/shards.ts';
import { monitorAlarmNames } from '../alarms/monitor-alarms.ts';
import type { TocsinFunction } from '../lambda-function.ts';
import { metric, monitorMetric } from '../metrics.ts';
import type { WorkQueue } from '../queue.ts';

/** Alarms in one widget. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const alarmsPerWidget = 100;

/** Lines that people can still tell apart in one graph. */
const monitorsPerGraph = 20;

/** CloudWatch draws 2,500 metrics in a dashboard; a monitor takes up to three, and nobody reads more. */
const maxMonitors = 400;

export interface OperationsDashboardProps {
  config: Config;
  consoleUrl: string;
  /** Topic of incident events. */
  events: ITopic;
  functions: TocsinFunction[];
  queues: WorkQueue[];
}

/** The one dashboard: are the monitors up, how fast do they answer, what happened, and do we work ourselves. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { config } = props;
    const enabled = config.monitors.filter((monitor) => monitor.enabled);
    const shown = enabled.slice(0, maxMonitors);
    // At level lean there is no response time to draw, and beyond 50 metrics a dashboard is not free: the console draws history.
    const drawn = config.level === 'lean' ? [] : shown;
    const rows: IWidget[][] = [
      [heading(config, props.consoleUrl, enabled.length)],
      ...chunks(alarmsOf(this, config, shown), alarmsPerWidget).map((some) => [stateWidget(some)]),
      ...chunks(drawn, monitorsPerGraph).map((some) => [
        uptimeWidget(config, some),
        responseWidget(config, some),
      ]),
      [incidentsWidget(props), errorsWidget(props), queuesWidget(props)],
    ];
    new Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(this),
      defaultInterval: Duration.hours(3),
      widgets: rows,
    });
  }
}

export const dashboardName = (scope: Construct) => `${Stack.of(scope).stackName}-operations`;

/** By name: with several stacks they are in others. */
const alarmsOf = (scope: Construct, config: Config, monitors: Monitor[]): IAlarm[] =>
  monitors.flatMap((monitor) =>
    monitorAlarmNames(config, monitor).map((name) => Alarm.fromAlarmName(scope, name, name)),
  );

const heading = (config: Config, consoleUrl: string, monitors: number) =>
  new TextWidget({
    width: 24,
    height: 2,
    markdown: [
      `# ${config.name}: operations`,
      `[Console](${consoleUrl}) · [Alarms](#alarmsV2:?search=${encodeURIComponent(`${config.name}/`)}) · runbook: docs/runbook.md`,
      ...(monitors > maxMonitors
        ? [`The first ${maxMonitors} of ${monitors} monitors; the console has all.`]
        : []),
    ].join('\n'),
  });

const stateWidget = (alarms: IAlarm[]) =>
  new AlarmStatusWidget({
    title: 'State',
    alarms,
    width: 24,
    height: 2 + Math.ceil(alarms.length / 6),
  });

const uptimeWidget = (config: Config, monitors: Monitor[]) =>
  graph('Uptime, %: periods in which fewer locations than the quorum saw a failure', {
    left: monitors.map((monitor, index) => uptimeOf(config, monitor, index)),
    leftYAxis: { min: 0, max: 100, showUnits: false },
    width: 12,
  });

/** 100 or 0 per period; its legend shows the average over the time on the screen. `index` tells it apart in its graph. */
function uptimeOf(config: Config, monitor: Monitor, index: number): IMetric {
  const period = Duration.millis(Math.max(60_000, monitor.every));
  const id = `votes${index}`;
  return new MathExpression({
    expression: `100 * (${id} < ${monitor.quorum})`,
    usingMetrics: { [id]: monitorMetric(config, 'Failed', monitor, { statistic: 'Sum', period }) },
    label: `${monitor.name} \${AVG} %`,
    period,
  });
}

const responseWidget = (config: Config, monitors: Monitor[]) =>
  graph('Response time, ms (95th percentile)', {
    left: monitors
      .filter(answers)
      .map((monitor) =>
        monitorMetric(config, 'ResponseTime', monitor, { statistic: 'p95', label: monitor.name }),
      ),
    leftYAxis: { min: 0, showUnits: false },
    width: 12,
  });

/** Nobody asks a heartbeat anything. */
const answers = ({ kind }: Monitor) => kind !== heartbeatKind;

function incidentsWidget({ config, events, functions }: OperationsDashboardProps): GraphWidget {
  const notifiers = functions.map(({ verb }) => verb).filter((verb) => verb.startsWith('notify-'));
  return graph('Incident events and notifications', {
    left: [
      events.metricNumberOfMessagesPublished({ label: 'events', statistic: 'Sum' }),
      ...notifiers.flatMap((name) => [
        metric(config, 'Notified', { service: name }, { label: `${name}: sent`, statistic: 'Sum' }),
        metric(config, 'NotifyFailed', { service: name }, { label: `${name}: given up`, statistic: 'Sum' }),
      ]),
    ],
    width: 8,
  });
}

const errorsWidget = ({ functions }: OperationsDashboardProps) =>
  graph('Our functions: errors, and p95 duration (right)', {
    left: functions.map((each) => each.metricErrors({ label: `${each.verb} errors`, statistic: 'Sum' })),
    right: functions.map((each) => each.metricDuration({ label: `${each.verb} ms`, statistic: 'p95' })),
    width: 8,
  });

const queuesWidget = ({ queues }: OperationsDashboardProps) =>
  graph('Our queues: oldest message, s, and dead letters (right)', {
    left: queues.map(({ name, queue }) => queue.metricApproximateAgeOfOldestMessage({ label: name })),
    right: queues.map(({ name, dead }) =>
      dead.metricApproximateNumberOfMessagesVisible({ label: `${name} dead` }),
    ),
    width: 8,
  });

const graph = (title: string, props: GraphWidgetProps) => new GraphWidget({ title, height: 7, ...props });

const chunks = <Item>(items: Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
