import type { Config } from '../config/config.ts';
import { foldEvery } from '../history/roll-up.ts';
import * as assumed from './assumptions.ts';
import { gigabyteSeconds, logGigabytes, perMonth } from './month.ts';
import type { Parts } from './parts.ts';
import type { Usage } from './usage.ts';

/** Metrics on a dashboard that is free. */
const smallDashboard = 50;

/** What is there and runs whatever is watched. */
export function ofOperation(config: Config, parts: Parts): Usage[] {
  const { functions, queues, ownAlarms, dashboardMetrics } = parts;
  return [
    ...ownAlarms.map(
      (name): Usage => ({
        id: `alarm/${name.slice(config.name.length + 1)}`,
        what: `alarm ${name}`,
        price: 'alarm',
        quantity: 1,
      }),
    ),
    {
      id: 'dashboard/operations',
      what: `dashboard of ${dashboardMetrics} metrics`,
      price: dashboardMetrics > smallDashboard ? 'dashboard' : 'smallDashboard',
      quantity: 1,
    },
    ...queues.map(
      (name): Usage => ({
        id: `queue/idle/${name}`,
        what: `Lambda looking into the queue ${name}`,
        price: 'queueRequest',
        quantity: assumed.pollers * assumed.pollsPerMinute * assumed.minutesPerMonth,
      }),
    ),
    { id: 'key', what: 'key of queues, topics and tables', price: 'key', quantity: 1 },
    {
      id: 'key/requests',
      what: 'uses of the key',
      price: 'keyRequest',
      quantity: functions.length * (assumed.minutesPerMonth / assumed.minutesPerKeyRequest),
    },
    ...ofReconciling(parts),
    ...(config.deadMan ? ofHeartbeat : []),
    ...ofConsole,
  ];
}

function ofReconciling({ shards, heartbeatShards }: Parts): Usage[] {
  const runs = assumed.minutesPerMonth;
  const folds = new Set([...shards, ...heartbeatShards].map(({ id }) => id)).size * perMonth(foldEvery);
  return [
    { id: 'schedule/reconcile', what: 'schedule of reconcile', price: 'schedule', quantity: runs },
    { id: 'invocation/reconcile', what: 'runs of reconcile', price: 'invocation', quantity: runs },
    {
      id: 'compute/reconcile',
      what: 'reconcile, which folds history too',
      price: 'compute',
      quantity: gigabyteSeconds(runs * assumed.reconcileSeconds + folds * assumed.foldSeconds),
    },
    { id: 'logs/reconcile', what: 'log of reconcile', price: 'logs', quantity: logGigabytes(runs) },
    {
      id: 'monitoring/reconcile',
      what: 'asking CloudWatch which alarms fire',
      price: 'monitoringRequest',
      quantity: runs,
    },
  ];
}

const ofHeartbeat: Usage[] = [
  { id: 'metric/heartbeat', what: 'Heartbeat in a second Region', price: 'metric', quantity: 1 },
  {
    id: 'monitoring/heartbeat',
    what: 'writing Heartbeat',
    price: 'monitoringRequest',
    quantity: assumed.minutesPerMonth,
  },
];

const ofConsole: Usage[] = [
  {
    id: 'web/console',
    what: 'requests to console and API',
    price: 'webRequest',
    quantity: assumed.consoleRequests,
  },
  {
    id: 'invocation/api',
    what: 'requests to console and API',
    price: 'invocation',
    quantity: assumed.consoleRequests,
  },
  {
    id: 'compute/api',
    what: 'console and API',
    price: 'compute',
    quantity: gigabyteSeconds(assumed.consoleRequests * assumed.otherSeconds),
  },
];

/** Metrics of how incidents are answered: two times by four severities. */
const timesMeasured = 8;

/** What it takes that monitors fail and recover. */
export function ofIncidents({ notifiers }: Parts, monitors: number): Usage[] {
  const incidents = monitors * assumed.incidentsPerMonitor;
  const { tracked, notified, published, queued, written } = assumed.perIncident;
  const runs = incidents * (tracked + notified * notifiers.length);
  const toldBy = (notifier: string) => (notifiers.includes(notifier) ? incidents * notified : 0);
  return [
    { id: 'invocation/incidents', what: 'tracking and notifying', price: 'invocation', quantity: runs },
    {
      id: 'compute/incidents',
      what: 'tracking and notifying',
      price: 'compute',
      quantity: gigabyteSeconds(runs * assumed.otherSeconds),
    },
    {
      id: 'publish/incidents',
      what: 'incident events',
      price: 'publish',
      quantity: incidents * published + toldBy('notify-sns'),
    },
    {
      id: 'queue/incidents',
      what: 'alarms, timers, incident events',
      price: 'queueRequest',
      quantity: incidents * queued,
    },
    {
      id: 'write/incidents',
      what: 'incidents in the table',
      price: 'tableWrite',
      quantity: incidents * written,
    },
    {
      id: 'metric/responses',
      what: 'times to acknowledge and resolve, in the hours they are written',
      price: 'metric',
      quantity: Math.min(timesMeasured, (2 * incidents) / assumed.hoursPerMonth),
    },
    { id: 'mail/incidents', what: 'mail to channels', price: 'mail', quantity: toldBy('notify-email') },
    {
      id: 'bus/incidents',
      what: 'events to channels',
      price: 'busEvent',
      quantity: toldBy('notify-eventbridge'),
    },
  ];
}
