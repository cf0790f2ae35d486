import { Alarm, type ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Characters of an alarm's description. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const maxDescription = 1024;

export interface AlarmProps {
  /** `<system>/<monitor|self>/<id>`: track-incidents reads what broke from it. */
  name: string;
  /** What is wrong when it fires, for somebody woken up by it. Nothing that changes without a deployment. */
  symptom: string;
  /** Link, or heading of docs/runbook.md as `#heading`. */
  runbook: string;
  metric: IMetric;
  comparison: ComparisonOperator;
  threshold: number;
  /** Fires when `failing` of the last `of` periods breach. */
  failing: number;
  of: number;
  missingData: MissingData;
  /** Told when it fires and when it recovers. */
  topic: ITopic;
  /**
   * Told as well when it fires, past all functions of ours. Not when it recovers: every new alarm goes to OK once, and a first
   * deployment would mail each of them.
   */
  direct?: ITopic;
}

/** What a period without data counts as, and why. */
export interface MissingData {
  treatment: 'breaching' | 'notBreaching' | 'ignore';
  /** One line, shown in the alarm's description. */
  because: string;
}

const treatments = {
  breaching: TreatMissingData.BREACHING,
  notBreaching: TreatMissingData.NOT_BREACHING,
  ignore: TreatMissingData.IGNORE,
};

/** The only way alarms of ours are made: none is without name, runbook, both actions and a reason for missing data. */
export function alarm(scope: Construct, id: string, props: AlarmProps): Alarm {
  const { missingData, topic, direct } = props;
  const made = new Alarm(scope, id, {
    alarmName: props.name,
    alarmDescription: description(props),
    metric: props.metric,
    comparisonOperator: props.comparison,
    threshold: props.threshold,
    datapointsToAlarm: props.failing,
    evaluationPeriods: props.of,
    treatMissingData: treatments[missingData.treatment],
  });
  made.addAlarmAction(new SnsAction(topic));
  made.addOkAction(new SnsAction(topic));
  if (direct) made.addAlarmAction(new SnsAction(direct));
  return made;
}

/** The runbook's link stays whole; the symptom is cut when there is too much text. */
function description({ symptom, runbook, missingData }: AlarmProps): string {
  const link = runbook.startsWith('#') ? `docs/runbook.md${runbook}` : runbook;
  const rest = `Runbook: ${link}\nWithout data: ${missingData.because}`;
  const room = maxDescription - rest.length - 1;
  return `${symptom.length > room ? `${symptom.slice(0, room - 1)}…` : symptom}\n${rest}`;
}
