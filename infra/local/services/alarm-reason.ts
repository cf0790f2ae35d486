import { breaches, type Comparison, type MetricAlarm } from './alarm.ts';
import { type AlarmState, type Datapoint, type Evaluation, evaluationRange } from './alarm-evaluation.ts';
import { alarmTime } from './alarm-notification.ts';

const comparisonWords: Record<Comparison, string> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** The sentence CloudWatch gives as the reason of a new state. */
export function stateReason(alarm: MetricAlarm, evaluation: Evaluation, from: AlarmState): string {
  const { state, evaluated, filled } = evaluation;
  if (state === 'INSUFFICIENT_DATA') {
    const unknown = alarm.evaluationPeriods;
    return `Insufficient Data: ${unknown} ${plural(unknown, 'datapoint was', 'datapoints were')} unknown.`;
  }
  const policy = alarm.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  const treated = `${filled} missing ${plural(filled, 'datapoint was', 'datapoints were')} treated as [${policy}]`;
  if (evaluated.length === 0)
    return `Threshold Crossed: no datapoints were received for ${filled} ${plural(filled, 'period', 'periods')} and ${treated}.`;
  const crossing = evaluated.filter(({ value }) => alarmBreaches(alarm, value!) === (state === 'ALARM'));
  const needed =
    state === 'ALARM' ? alarm.datapointsToAlarm : alarm.evaluationPeriods - alarm.datapointsToAlarm + 1;
  const which = `${crossing.length} out of the last ${alarm.evaluationPeriods} datapoints [${crossing.map(pointText).join(', ')}]`;
  const not = state === 'ALARM' ? '' : 'not ';
  const verb = `${plural(crossing.length, 'was', 'were')} ${not}${comparisonWords[alarm.comparison]} the threshold (${decimalText(alarm.threshold)})`;
  const fills =
    filled > 0 && ['breaching', 'notBreaching'].includes(alarm.treatMissingData) ? ` and ${treated}` : '';
  return `Threshold Crossed: ${which} ${verb}${fills} (minimum ${needed} ${plural(needed, 'datapoint', 'datapoints')} for ${from} -> ${state} transition).`;
}

/** `StateReasonData`, JSON. */
export function reasonData(alarm: MetricAlarm, evaluation: Evaluation, at: number): string {
  const statistic = alarm.single ? alarm.queries[0]!.MetricStat!.Stat : undefined;
  const oldestFirst = evaluation.evaluated.toReversed();
  return JSON.stringify({
    version: '1.0',
    queryDate: alarmTime(at),
    startDate: alarmTime(at - evaluationRange(alarm.evaluationPeriods) * alarm.period * 1000),
    ...(statistic && { statistic }),
    period: alarm.period,
    recentDatapoints: oldestFirst.map(({ value }) => value),
    threshold: alarm.threshold,
    evaluatedDatapoints: evaluation.evaluated.map(({ time, value }) => ({
      timestamp: alarmTime(time),
      value,
    })),
  });
}

const alarmBreaches = (alarm: MetricAlarm, value: number) =>
  breaches[alarm.comparison](value, alarm.threshold);
const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);
const decimalText = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `1.0 (20/11/26 05:10:00)` */
function pointText({ time, value }: Datapoint): string {
  const [date, clock] = new Date(time).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-') as [string, string, string];
  return `${decimalText(value!)} (${day}/${month}/${year.slice(2)} ${clock.slice(0, 8)})`;
}
