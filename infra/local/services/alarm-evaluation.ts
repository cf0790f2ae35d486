export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** A period of the evaluation range; without `value` its data is missing. */
export interface Datapoint {
  /** Start of the period, epoch milliseconds. */
  time: number;
  value: number | undefined;
}

export interface Evaluation {
  state: AlarmState;
  /** The datapoints that decided, newest first. */
  evaluated: Datapoint[];
  /** How many missing datapoints were counted by the missing-data policy. */
  filled: number;
}

export interface EvaluationRule {
  evaluationPeriods: number;
  datapointsToAlarm: number;
  treatMissingData: MissingData;
  breaches(value: number): boolean;
}

/** Periods CloudWatch looks back. It publishes no formula; its worked example is 5 for 3 evaluation periods. */
export const evaluationRange = (evaluationPeriods: number) => evaluationPeriods + 2;

/**
 * The state these datapoints (oldest first) call for, as CloudWatch documents it: enough real points decide alone,
 * however old; otherwise the missing ones are counted as the policy says.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
 */
export function evaluate(range: Datapoint[], rule: EvaluationRule, current: AlarmState): Evaluation {
  const newestFirst = range.toReversed();
  const real = newestFirst.filter(({ value }) => value !== undefined).slice(0, rule.evaluationPeriods);
  const missing = range.length - range.filter(({ value }) => value !== undefined).length;
  const filled = Math.min(rule.evaluationPeriods - real.length, missing);
  const breaching = real.filter(({ value }) => rule.breaches(value!)).length;
  const decided = (state: AlarmState): Evaluation => ({ state, evaluated: real, filled });

  if (breaching >= rule.datapointsToAlarm) return decided('ALARM');
  if (range.length === 0) return decided(current);
  if (filled > 0 && rule.treatMissingData === 'breaching')
    return decided(breaching + filled >= rule.datapointsToAlarm ? 'ALARM' : 'OK');
  if (filled > 0 && rule.treatMissingData === 'notBreaching') return decided('OK');
  if (real.length > breaching) return decided('OK');
  if (rule.treatMissingData === 'ignore') return decided(current);
  if (real.length === 0) return decided('INSUFFICIENT_DATA');
  return decided(alarmsEarly(newestFirst, rule) ? 'ALARM' : current);
}

/**
 * With nothing but breaching and missing points: a breaching one within the evaluation periods that is at least as many
 * periods old as points are needed to alarm is enough. A newer one could still be followed by good ones.
 */
function alarmsEarly(newestFirst: Datapoint[], rule: EvaluationRule): boolean {
  const window = newestFirst.slice(0, rule.evaluationPeriods);
  const age = window.findLastIndex(({ value }) => value !== undefined) + 1;
  return age >= rule.datapointsToAlarm;
}
