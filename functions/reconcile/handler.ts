import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { alarmDescriber, type DescribedAlarm } from '../../shared/aws/cloudwatch.ts';
import { digestTable } from '../../shared/aws/digest-table.ts';
import { awsOf } from '../../shared/aws/environment.ts';
import { heartbeatWriter } from '../../shared/aws/heartbeat.ts';
import { connectIncidents } from '../../shared/aws/incident-ports.ts';
import { connectPauses } from '../../shared/aws/pause-ports.ts';
import { probeRuns } from '../../shared/aws/probe-runs.ts';
import { sendMessage } from '../../shared/aws/sqs.ts';
import type { Config } from '../../shared/config/config.ts';
import { foldRollups } from '../../shared/history/roll-up.ts';
import { checkedMeanwhile, checkMeanwhile } from '../../shared/incidents/check-meanwhile.ts';
import type { AlarmRecord } from '../../shared/incidents/incident.ts';
import { ownAlarms, reconcile } from '../../shared/incidents/reconcile.ts';
import { releaseStuckAlarms } from '../../shared/incidents/stuck-alarms.ts';
import { type MetricName, namespaceOf } from '../../shared/metrics/catalog.ts';
import type { Undelivered } from '../../shared/notifications/delivery/undelivered.ts';
import { tellDigests } from '../../shared/notifications/digests/tell-digests.ts';
import { keepPauses } from '../../shared/pauses/pausing.ts';
import { overReason, testsToEnd } from '../../shared/test-alerts/alarm.ts';
import { readEnvironment } from './env.ts';

const env = readEnvironment();
const aws = awsOf(env);
const config: Config = JSON.parse(readFileSync(path.join(env.LAMBDA_TASK_ROOT, 'config.json'), 'utf8'));
const logger = new Logger({ serviceName: 'reconcile' });
const { ports, history, client } = connectIncidents(aws, env, config, (message, error) =>
  logger.warn(message, error as Error),
);
const digests = digestTable(client, env.INCIDENTS_TABLE);
const giveUp = (undelivered: Undelivered) =>
  sendMessage(aws, env.TIMERS_QUEUE_URL, JSON.stringify(undelivered));
const pauses = connectPauses(aws, ports, history);
const describeAlarms = alarmDescriber(aws);
const isAnyCheckedMeanwhile = checkedMeanwhile(config).length > 0;
const { deadMan } = config;
const beat = deadMan && heartbeatWriter(aws, deadMan.region, namespaceOf(config.name));

/** Every minute: tells the digests that are due, heals what differs from CloudWatch, does what is overdue, checks what is critical, keeps and ends pauses, ends tests, folds history. Throws in the end if anything failed. */
export async function handler(): Promise<void> {
  const untold = await tellDigests({ ...ports, digests, system: config.name, giveUp });
  const { drift, inAlarm, firing, overdue, failures } = await reconcile({
    ...ports,
    describeAlarms,
    ownAlarms: ownAlarms(env.EVENTS_TOPIC_ARN, config.name),
  });
  failures.push(...untold);
  // In a maintenance window it is CloudWatch's duty to tell nothing.
  const lost = drift.filter(({ form }) => form !== 'muted');
  for (const { name, state, at, form } of lost) logger.warn('healed', { alarm: name, state, at, form });
  if (overdue.length > 0) logger.warn('overdue effects done', { incidents: overdue });
  if (lost.length > 0) await reportDrift(lost.length);
  await keepPauses(pauses).catch((error) => failures.push(error));
  await checkUrgent(firing).catch((error) => failures.push(error));
  await release(inAlarm).catch((error) => failures.push(error));
  await foldRollups(history, config, ports.now()).catch((error) => failures.push(error));
  await beat?.().catch((error) => failures.push(error));
  for (const failure of failures) logger.error('not reconciled', failure as Error);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parts of this run failed`);
}

/** Asks probes only while something fires. */
async function checkUrgent(firing: AlarmRecord[]): Promise<void> {
  if (firing.length === 0 || !isAnyCheckedMeanwhile) return;
  const startRun = probeRuns(aws, history, config, env.FUNCTION_PREFIX);
  const { readIncident } = ports.table;
  await checkMeanwhile(
    { config, now: ports.now, readIncident, putMeanwhile: history.putMeanwhile, startRun },
    firing,
  );
}

/** Sets alarms back that nothing else would: those of tests that whoever began them left, and those that are stuck. */
async function release(inAlarm: DescribedAlarm[]): Promise<void> {
  for (const { name, reason } of testsToEnd(inAlarm, config, ports.now()))
    await pauses.setOk(name, overReason(reason));
  const { readNow } = history;
  const released = await releaseStuckAlarms(
    { config, now: ports.now, readNow, setOk: pauses.setOk },
    inAlarm,
  );
  for (const alarm of released) logger.warn('alarm was stuck', { alarm });
}

/** CloudWatch bills a metric by the hours it has data in, so none is not written; and only a run that healed something loads this. */
async function reportDrift(healed: number): Promise<void> {
  const { Metrics, MetricUnit } = await import('@aws-lambda-powertools/metrics');
  const metrics = new Metrics({ namespace: namespaceOf(config.name), serviceName: 'reconcile' });
  metrics.addMetric('ReconcileDrift' satisfies MetricName, MetricUnit.Count, healed);
  metrics.publishStoredMetrics();
}
