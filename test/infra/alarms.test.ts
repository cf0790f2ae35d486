import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalog, type MetricName } from '../../shared/metrics/catalog.ts';
import {
  type AlarmProperties,
  configOf,
  listOf,
  monitor,
  type PolicyDocument,
  type Statement,
  type Synthesis,
  synthesize,
  written,
} from '../support/synthesis.ts';

const config = configOf(
  [
    monitor('website', { every: 10_000, runbook: 'https://wiki.example.com/website' }),
    monitor('shop', { every: 300_000, quorum: 2, locations: ['home', 'vpc', 'office'] }),
    monitor('nightly', { every: 86_400_000, alert: { failing: 1, of: 7, severity: 'info' } }),
    monitor('wordy', { name: 'x'.repeat(2_000) }),
    monitor('api', {
      alert: {
        failing: 2,
        of: 3,
        severity: 'critical',
        degraded: { failing: 3, of: 5, severity: 'warning' },
      },
    }),
    monitor('paused', { enabled: false }),
  ],
  {
    region: 'eu-central-1',
    deadMan: { region: 'us-east-1' },
    locations: [{ id: 'home' }, { id: 'vpc' }, { id: 'office' }],
  },
);

let synthesis: Synthesis;
let alarms: AlarmProperties[];
beforeAll(async () => {
  synthesis = await synthesize(config);
  alarms = Object.values(synthesis.ofType<AlarmProperties>('AWS::CloudWatch::Alarm')).map(
    (a) => a.Properties,
  );
});

const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === name)!;

describe('the alarm of a monitor', () => {
  it('counts the votes of a slot, M of N, and keeps its state without data', () => {
    expect(named('acme/monitor/website')).toMatchObject({
      Namespace: 'Tocsin/acme',
      MetricName: 'Failed',
      Dimensions: [{ Name: 'Monitor', Value: 'website' }],
      Statistic: 'Sum',
      Period: 10,
      DatapointsToAlarm: 2,
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
    });
  });

  it('asks for the quorum, in the monitor’s own period', () => {
    expect(named('acme/monitor/shop')).toMatchObject({ Threshold: 2, Period: 300 });
    expect(named('acme/monitor/shop').AlarmDescription).toContain('seen from 2 of 3 locations');
  });

  it('has a second beside it for being degraded where the config asks for it', () => {
    expect(named('acme/monitor/api/degraded')).toMatchObject({
      MetricName: 'Degraded',
      Dimensions: [{ Name: 'Monitor', Value: 'api' }],
      DatapointsToAlarm: 3,
      EvaluationPeriods: 5,
      TreatMissingData: 'ignore',
      AlarmDescription: expect.stringContaining('api was degraded in 3 of 5 checks.'),
    });
  });

  it('is one per monitor, whatever the number of locations, and none for a paused one', () => {
    const names = alarms.map(({ AlarmName }) => AlarmName).filter((name) => name.startsWith('acme/monitor/'));
    const expected = ['api', 'api/degraded', 'nightly', 'shop', 'website', 'wordy'];
    expect(names.sort()).toEqual(expected.map((id) => `acme/monitor/${id}`));
  });

  it('links to the monitor’s own runbook', () => {
    expect(named('acme/monitor/website').AlarmDescription).toContain(
      'Runbook: https://wiki.example.com/website',
    );
  });
});

describe('the alarm on blind probes', () => {
  it.each([
    ['acme/self/blind-home-10s-0', 'home', '10s-0', 60, 1],
    ['acme/self/blind-office-300s-0', 'office', '300s-0', 300, 1],
    ['acme/self/blind-home-60s-0', 'home', '60s-0', 60, 2],
  ])(
    '%s expects every monitor of its shard, 3 of 5, silence included',
    (name, location, shard, period, count) => {
      expect(named(name)).toMatchObject({
        MetricName: 'Observed',
        Dimensions: [
          { Name: 'Location', Value: location },
          { Name: 'Shard', Value: shard },
        ],
        Statistic: 'Maximum',
        Period: period,
        DatapointsToAlarm: 3,
        EvaluationPeriods: 5,
        Threshold: count,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
    },
  );
});

describe('alarms about ourselves', () => {
  const own = (family: string) =>
    alarms
      .map(({ AlarmName }) => AlarmName)
      .filter((name) => name.startsWith(`acme/self/${family}-`))
      .map((name) => name.slice(`acme/self/${family}-`.length))
      .sort();

  it('watch every function', () => {
    const functions = Object.values(synthesis.ofType<{ FunctionName: string }>('AWS::Lambda::Function'));
    expect(own('errors')).toEqual(
      functions.map((f) => f.Properties.FunctionName.replace('Tocsin-acme-', '')).sort(),
    );
  });

  it('watch every dead-letter queue', () => {
    const queues = Object.values(synthesis.ofType<{ QueueName: string }>('AWS::SQS::Queue'));
    const dead = queues.map((queue) => queue.Properties.QueueName).filter((name) => name.endsWith('-dead'));
    expect(own('dead-letters')).toEqual(
      dead.map((name) => name.slice('Tocsin-acme-'.length, -'-dead'.length)).sort(),
    );
  });

  it('watch the age of what waits', () => {
    expect(own('late')).toEqual(['alarms', 'notify-email', 'notify-slack', 'observations']);
  });

  it('watch metrics that CloudWatch drops', () => {
    expect(alarms.filter((a) => a.Namespace === 'AWS/Logs').map((a) => a.MetricName)).toEqual([
      'EMFParsingErrors',
      'EMFValidationErrors',
    ]);
  });

  it('go to people by SNS itself as well when they fire, others only to incidents', () => {
    const [selfTopic] = topicIds('Tocsin-acme-self');
    const [alarmsTopic] = topicIds('Tocsin-acme-alarms');
    for (const { AlarmName, AlarmActions } of alarms) {
      const isOwn = AlarmName.startsWith('acme/self/');
      const topics = [`<${alarmsTopic}>`, ...(isOwn ? [`<${selfTopic}>`] : [])];
      expect(AlarmActions.map(written), AlarmName).toEqual(topics);
    }
  });

  it('cost at most 2.50 USD a month in a stack that watches nothing', async () => {
    const empty = await synthesize(configOf([]));
    const count = Object.keys(empty.ofType('AWS::CloudWatch::Alarm')).length;
    expect(count * 0.1).toBeLessThanOrEqual(2.5);
  });
});

const topicIds = (name: string) =>
  Object.entries(synthesis.ofType<{ TopicName: string }>('AWS::SNS::Topic'))
    .filter(([, topic]) => topic.Properties.TopicName === name)
    .map(([id]) => id);

/** What people look up in the runbook although no alarm leads there. */
const headingsWithoutAlarm = [
  'high-latency',
  'missing-metrics',
  'channel-failing',
  'what-stays-when-the-stack-is-deleted',
];

describe('every alarm', () => {
  it('is within CloudWatch’s limits', () => {
    for (const alarm of alarms) {
      expect(alarm.DatapointsToAlarm, alarm.AlarmName).toBeLessThanOrEqual(alarm.EvaluationPeriods);
      expect([10, 20, 30].includes(alarm.Period) || alarm.Period % 60 === 0, alarm.AlarmName).toBe(true);
      const days = alarm.Period < 3_600 ? 1 : 7;
      expect(alarm.Period * alarm.EvaluationPeriods, alarm.AlarmName).toBeLessThanOrEqual(days * 86_400);
      expect(alarm.AlarmDescription.length, alarm.AlarmName).toBeLessThanOrEqual(1_024);
      expect(alarm.AlarmName.length).toBeLessThanOrEqual(255);
    }
  });

  it('tells incidents when it fires and when it recovers', () => {
    const [alarmsTopic] = topicIds('Tocsin-acme-alarms');
    for (const { AlarmName, AlarmActions, OKActions } of alarms) {
      expect(AlarmActions.map(written), AlarmName).toContain(`<${alarmsTopic}>`);
      expect(OKActions.map(written), AlarmName).toEqual([`<${alarmsTopic}>`]);
    }
  });

  it('says what data that is missing counts as, and why', () => {
    for (const { AlarmDescription, TreatMissingData, AlarmName } of alarms) {
      expect(['ignore', 'breaching', 'notBreaching'], AlarmName).toContain(TreatMissingData);
      expect(AlarmDescription, AlarmName).toMatch(/\nWithout data: .+$/);
    }
  });

  it('names a metric and dimensions that somebody writes', () => {
    const ours = alarms.filter(({ Namespace }) => Namespace === 'Tocsin/acme');
    expect(ours.length).toBeGreaterThan(0);
    for (const { MetricName, Dimensions = [] } of ours)
      expect(Dimensions.map(({ Name }) => Name).sort()).toEqual(
        [...catalog[MetricName as MetricName].dimensions].sort(),
      );
  });

  it('has its heading in the runbook, and every heading its alarms', () => {
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map((heading) => heading[1]!);
    const anchors = headings.map((heading) => heading.toLowerCase().replaceAll(' ', '-'));
    const all = Object.values(synthesis.templates).flatMap(({ Resources }) =>
      Object.values(Resources)
        .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
        .map(({ Properties }) => Properties as unknown as AlarmProperties),
    );
    const links = all.flatMap(({ AlarmDescription }) =>
      [...AlarmDescription.matchAll(/Runbook: docs\/runbook\.md#(\S+)/g)].map((link) => link[1]!),
    );
    const withoutRunbook = all.filter(({ AlarmDescription }) => !/\nRunbook: \S+\n/.test(AlarmDescription));
    expect(withoutRunbook).toEqual([]);
    expect([...new Set(links)].sort()).toEqual(
      anchors.filter((anchor) => !headingsWithoutAlarm.includes(anchor)).sort(),
    );
  });

  it('may publish to each topic it names, by the topic’s policy and by the key’s', () => {
    const topicIdsNamed = new Set(alarms.flatMap(({ AlarmActions }) => AlarmActions.map(written)));
    expect(topicIdsNamed.size).toBe(2);
    const policies = Object.values(
      synthesis.ofType<{ Topics: unknown[]; PolicyDocument: PolicyDocument }>('AWS::SNS::TopicPolicy'),
    );
    for (const topic of topicIdsNamed) {
      const policy = policies.find(({ Properties }) => Properties.Topics.map(written).includes(topic))!;
      const allowed = policy.Properties.PolicyDocument.Statement.filter(isForCloudWatch);
      expect(allowed.flatMap(({ Action }) => listOf(Action))).toEqual(['sns:Publish']);
      expect(allowed.map(({ Resource }) => written(Resource))).toEqual([topic]);
      allowed.forEach(expectOurAlarms);
    }
    const [key] = Object.values(synthesis.ofType<{ KeyPolicy: PolicyDocument }>('AWS::KMS::Key'));
    const uses = key!.Properties.KeyPolicy.Statement.filter(isForCloudWatch);
    expect(uses.flatMap(({ Action }) => listOf(Action)).sort()).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey*',
    ]);
    uses.forEach(expectOurAlarms);
  });
});

const isForCloudWatch = ({ Effect, Principal }: Statement) =>
  Effect === 'Allow' && typeof Principal === 'object' && Principal.Service === 'cloudwatch.amazonaws.com';

/** The condition that keeps others' alarms out and lets all of the account's own in, whatever they are called. */
function expectOurAlarms({ Condition }: Statement): void {
  expect(written(Condition?.StringEquals?.['aws:SourceAccount'])).toBe('123456789012');
  expect(written(Condition?.ArnLike?.['aws:SourceArn'])).toBe(
    'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*',
  );
}
