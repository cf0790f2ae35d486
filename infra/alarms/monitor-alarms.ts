import { Duration } from 'aws-cdk-lib';
import { type Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config, Monitor } from '../../shared/config/config.ts';
import { heartbeatKind } from '../../shared/monitors/shards.ts';
import { monitorMetric } from '../metrics.ts';
import { alarm } from './alarm.ts';
import { muteInMaintenance } from './mute-rules.ts';

/** Names of a monitor's alarms: it is down, and where the config asks for it, it is degraded. */
export function monitorAlarmNames({ name }: Pick<Config, 'name'>, { id, alert }: Monitor): string[] {
  const down = `${name}/monitor/${id}`;
  return alert.degraded ? [down, `${down}/degraded`] : [down];
}

export interface MonitorAlarmsProps {
  config: Config;
  /** Those whose alarms are in this stack; paused ones have none. */
  monitors: Monitor[];
  topic: ITopic;
}

/**
 * One alarm per monitor, whatever the number of locations: enough of them saw it fail, in enough slots; and another for being
 * degraded where the config asks for it.
 */
export class MonitorAlarms extends Construct {
  private readonly config: Config;
  private readonly topic: ITopic;

  constructor(scope: Construct, id: string, { config, monitors, topic }: MonitorAlarmsProps) {
    super(scope, id);
    this.config = config;
    this.topic = topic;
    const watched = monitors.filter(({ enabled }) => enabled);
    const alarms = new Map(watched.map((monitor) => [monitor.id, this.watch(monitor)]));
    muteInMaintenance(this, config.maintenance, (id) => alarms.get(id) ?? []);
  }

  private watch(monitor: Monitor): Alarm[] {
    const [name = '', nameOfDegraded = ''] = monitorAlarmNames(this.config, monitor);
    const { degraded, ...down } = monitor.alert;
    const ofDown = alarm(this, monitor.id, {
      ...this.vote(monitor, 'Failed', down),
      name,
      symptom: symptomOf(monitor, 'failed', down),
      missingData: {
        treatment: 'ignore',
        because: 'the monitor keeps its last state; a blind probe is an alarm of its own',
      },
    });
    if (!degraded) return [ofDown];
    // A dot, which no id has: another monitor may be called so.
    const ofDegraded = alarm(this, `${monitor.id}.degraded`, {
      ...this.vote(monitor, 'Degraded', degraded),
      name: nameOfDegraded,
      symptom: symptomOf(monitor, 'was degraded', degraded),
      missingData: {
        treatment: 'ignore',
        because: 'the monitor keeps its last state; while it is down nothing is said about this',
      },
    });
    return [ofDown, ofDegraded];
  }

  private vote(monitor: Monitor, metric: 'Failed' | 'Degraded', { failing, of }: Window) {
    return {
      runbook: monitor.runbook ?? '#monitor-failed',
      // Every location writes 0 or 1 into this one metric: its sum over a slot is the number of votes.
      metric: monitorMetric(this.config, metric, monitor, {
        statistic: 'Sum',
        period: Duration.millis(monitor.every),
      }),
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: monitor.quorum,
      failing,
      of,
      topic: this.topic,
    };
  }
}

type Window = Pick<Monitor['alert'], 'failing' | 'of'>;

function symptomOf(
  { name, kind, quorum, locations, confirmFrom = [] }: Monitor,
  what: string,
  { failing, of }: Window,
): string {
  if (kind === heartbeatKind) return `${name} did not report success in time, or reported a failure.`;
  const all = locations.length + confirmFrom.length;
  const voters = all > 1 ? ` seen from ${quorum} of ${all} locations` : '';
  return `${name} ${what} in ${failing} of ${of} checks${voters}.`;
}
