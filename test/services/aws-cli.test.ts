import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { broken, noon } from '../end-to-end/stage.ts';
import { website } from '../end-to-end/website.ts';
import { awsCli } from './aws-cli.ts';

const site = website();

/** The stack two minutes after its start, its website healthy, and the command pointed at it. */
async function raiseStack() {
  const stack = await site.raise();
  await stack.advance('2m');
  return { stack, aws: awsCli(stack.endpoint) };
}

const alarm = 'shop/monitor/website';
const topic = (name: string) => `arn:aws:sns:us-east-1:000000000000:Tocsin-shop-${name}`;

const fixtures = path.resolve(import.meta.dirname, '../fixtures/alarm-events');

/** A notification as it was recorded, of this system's alarm at this time. */
const recorded = (file: string, at: number) =>
  JSON.stringify({
    ...JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')),
    AlarmName: alarm,
    AlarmArn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarm}`,
    StateChangeTime: new Date(at).toISOString().replace('Z', '+0000'),
  });

it('sns publish of an alarm opens the incident that CloudWatch’s own would, and subscribers read of each transition', async () => {
  const { stack, aws } = await raiseStack();
  const { Topics } = await aws<{ Topics: { TopicArn: string }[] }>('sns', 'list-topics');
  expect(Topics.map(({ TopicArn }) => TopicArn)).toEqual(
    expect.arrayContaining([topic('alarms'), topic('incident-events'), topic('self')]),
  );
  const subscriber = 'reader@example.com';
  const receiver = ['--protocol', 'email', '--notification-endpoint', subscriber];
  await aws('sns', 'subscribe', '--topic-arn', topic('incident-events'), ...receiver);
  const publish = async (file: string) => {
    const message = recorded(file, stack.clock.now());
    await aws('sns', 'publish', '--topic-arn', topic('alarms'), '--message', message);
    await stack.advance('30s');
  };

  await publish('metric.json');

  const opened = await stack.incidents();
  expect(opened).toMatchObject([
    {
      status: 'triggered',
      severity: 'critical',
      subject: { type: 'monitor', id: 'website' },
      runbook: 'https://wiki.example.com/runbooks/website',
      receivers: ['ops', 'oncall'],
    },
  ]);
  expect(site.slack.received).toHaveLength(1);
  expect(stack.mailsTo('oncall@example.com')).toHaveLength(1);

  await publish('metric-ok.json');

  expect(await stack.incidents()).toMatchObject([{ id: opened[0]!.id, status: 'resolved' }]);
  expect(site.slack.received).toHaveLength(2);
  const [firing, resolved, ...more] = stack.mailsTo(subscriber);
  expect(more).toEqual([]);
  expect(firing!.subject).toMatch(/^\[CRITICAL\] .*website/);
  expect(firing!.text).toMatch(/^CRITICAL: .*website/);
  expect(firing!.text).toContain('https://wiki.example.com/runbooks/website');
  expect(resolved!.subject).toMatch(/^\[RESOLVED\] .*website/);
  expect(resolved!.text).toMatch(/^RESOLVED: .*website/);
  expect(resolved!.text).toContain('30 s');
});

it('cloudwatch set-alarm-state acts at once, and the next evaluation puts the alarm right', async () => {
  const { stack, aws } = await raiseStack();
  const state = async () => {
    const names = ['--alarm-names', alarm];
    const { MetricAlarms } = await aws<{ MetricAlarms: { StateValue: string; StateReason: string }[] }>(
      'cloudwatch',
      'describe-alarms',
      ...names,
    );
    return MetricAlarms.map(({ StateValue, StateReason }) => ({ StateValue, StateReason }));
  };
  expect(await state()).toMatchObject([{ StateValue: 'OK' }]);

  const wanted = ['--state-value', 'ALARM', '--state-reason', 'a drill'];
  await aws('cloudwatch', 'set-alarm-state', '--alarm-name', alarm, ...wanted);
  expect(await state()).toEqual([{ StateValue: 'ALARM', StateReason: 'a drill' }]);
  await stack.advance('1s');
  expect(await stack.incidents()).toMatchObject([{ status: 'triggered', subject: { id: 'website' } }]);
  expect(site.slack.received).toHaveLength(1);

  await stack.advance('1m');
  expect(await state()).toMatchObject([{ StateValue: 'OK' }]);
  expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'recovered' }]);
  expect(site.slack.received).toHaveLength(2);
});

it('cloudwatch get-metric-statistics and get-metric-data count the failed checks', async () => {
  const { stack, aws } = await raiseStack();
  site.target.behave(broken);
  await stack.advance('1m');

  const at = (ms: number) => new Date(noon + ms).toISOString();
  const period = ['--start-time', at(0), '--end-time', at(180_000)];
  const failed = { Namespace: 'Tocsin/shop', MetricName: 'Failed' };
  const query = {
    Id: 'failed',
    MetricStat: {
      Metric: { ...failed, Dimensions: [{ Name: 'Monitor', Value: 'website' }] },
      Period: 60,
      Stat: 'Sum',
    },
  };
  const [statistics, data] = await Promise.all([
    aws<{ Datapoints: { Sum: number }[] }>(
      'cloudwatch',
      'get-metric-statistics',
      ...['--namespace', failed.Namespace, '--metric-name', failed.MetricName],
      ...['--dimensions', 'Name=Monitor,Value=website', '--period', '60', '--statistics', 'Sum'],
      ...period,
    ),
    aws<{ MetricDataResults: { Values: number[] }[] }>(
      'cloudwatch',
      'get-metric-data',
      ...['--metric-data-queries', JSON.stringify([query]), '--scan-by', 'TimestampAscending'],
      ...period,
    ),
  ]);

  // The first of the third minute's six checks was already made, and good.
  expect(data.MetricDataResults.map(({ Values }) => Values)).toEqual([[0, 0, 5]]);
  expect(statistics.Datapoints.map(({ Sum }) => Sum).sort()).toEqual([0, 0, 5]);
});

it('sqs get-queue-attributes and receive-message show what waits in a queue', async () => {
  const { aws } = await raiseStack();
  const { QueueUrl } = await aws<{ QueueUrl: string }>(
    ...['sqs', 'get-queue-url', '--queue-name', 'Tocsin-shop-alarms-dead'],
  );
  const queue = ['--queue-url', QueueUrl];
  await aws('sqs', 'send-message', ...queue, '--message-body', 'a letter nobody could read');

  const { Attributes } = await aws<{ Attributes: Record<string, string> }>(
    ...['sqs', 'get-queue-attributes', ...queue, '--attribute-names', 'All'],
  );
  const { Messages } = await aws<{ Messages: { Body: string }[] }>('sqs', 'receive-message', ...queue);

  expect(Attributes).toMatchObject({
    QueueArn: 'arn:aws:sqs:us-east-1:000000000000:Tocsin-shop-alarms-dead',
    ApproximateNumberOfMessages: '1',
  });
  expect(Messages.map(({ Body }) => Body)).toEqual(['a letter nobody could read']);
});

it('dynamodb scan and query read the tables', async () => {
  const { stack, aws } = await raiseStack();
  site.target.behave(broken);
  await stack.advance('1m');
  const [incident] = await stack.incidents();
  const { TableNames } = await aws<{ TableNames: string[] }>('dynamodb', 'list-tables');
  const table = (name: RegExp) => ['--table-name', TableNames.find((each) => name.test(each)) ?? ''];

  const [history, told] = await Promise.all([
    aws<{ Count: number }>('dynamodb', 'scan', ...table(/history/i)),
    aws<{ Items: { sk: { S: string } }[] }>(
      ...['dynamodb', 'query', ...table(/incidents/i), '--key-condition-expression', 'pk = :pk'],
      ...['--expression-attribute-values', JSON.stringify({ ':pk': { S: `INCIDENT#${incident!.id}` } })],
    ),
  ]);

  expect(history.Count).toBeGreaterThan(0);
  expect(told.Items.map(({ sk }) => sk.S)).toEqual(
    expect.arrayContaining(['INCIDENT', expect.stringMatching(/^ALERT#/), expect.stringMatching(/^LEDGER#/)]),
  );
});

it('ssm get-parameter hands out the outbox’s address in place of a channel’s webhook', async () => {
  const { stack, aws } = await raiseStack();
  const webhook = ['--name', '/tocsin/shop/slack-webhook', '--with-decryption'];

  const { Parameter } = await aws<{ Parameter: { Value: string } }>('ssm', 'get-parameter', ...webhook);

  expect(Parameter.Value).toBe(`${stack.endpoint}/outbox/ops`);
});

it.each([
  [
    'a function that is not there',
    ['lambda', 'invoke', '--function-name', 'nobody', '/dev/null'],
    /ResourceNotFound.*no function nobody/,
  ],
  [
    'a parameter that is not there',
    ['ssm', 'get-parameter', '--name', '/tocsin/shop/nothing'],
    /ParameterNotFound/,
  ],
  [
    'a topic that is not there',
    ['sns', 'publish', '--topic-arn', topic('nothing'), '--message', 'x'],
    /NotFound/,
  ],
  ['a service that does not run here', ['sts', 'get-caller-identity'], /the local runtime has no sts/],
])('%s is refused in AWS’s words', async (_, command, words) => {
  const { aws } = await raiseStack();

  await expect(aws(...command)).rejects.toThrow(words);
});
