import { rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, expect, test } from 'vitest';
import { CannotDeploy } from '../../infra/local/deployment.ts';
import { type Running, start } from '../../infra/local/runtime.ts';
import { chainTemplate, writeChain } from './fixtures/chain.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const minute = 60_000;
const topic = 'arn:aws:sns:us-east-1:000000000000:alarms';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Resources = ReturnType<typeof chainTemplate>;

/** A real HTTP server to be checked, healthy until told otherwise. */
async function startTarget() {
  const state = { status: 200 };
  const server = http.createServer((_, response) => {
    response.statusCode = state.status;
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanups.push(() => server.close());
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** The chain stack on a manual clock at noon. `change` alters its resources before. */
async function startChain(change: (resources: Resources) => void = () => {}) {
  const target = await startTarget();
  const resources = chainTemplate(target.url);
  change(resources);
  const template = writeChain(resources);
  cleanups.push(() => rmSync(template, { recursive: true }));
  const lines: string[] = [];
  const running = await start({ template, manualFrom: noon, log: (line) => lines.push(line) });
  cleanups.push(running.stop);
  return { target, running, lines, manual: running.manual! };
}

const linesOf = (running: Running, name: string) => running.logs.read(name).map(({ line }) => line);

test('a target that breaks and recovers is told of, once each, through every part of the stack', async () => {
  const { running, target, manual } = await startChain();

  await manual.advance(5 * minute);
  target.state.status = 500;
  await manual.advance(5 * minute);
  target.state.status = 200;
  await manual.advance(5 * minute);

  expect(linesOf(running, 'tell')).toEqual(['OK 12:01:00', 'ALARM 12:07:00', 'OK 12:12:00']);
});

test('a minute’s ticks happen at their own times, and moving the clock waits for what they cause', async () => {
  const { running, manual } = await startChain();

  await manual.advance(29_999);
  const before = linesOf(running, 'record').length;
  await manual.advance(1);
  const after = linesOf(running, 'record').length;

  expect({ before, after }).toEqual({ before: 1, after: 2 });
});

test('a function that was not granted a queue is denied it, and the log says so', async () => {
  const { running, lines, manual } = await startChain((resources) => {
    resources.CheckRole!.Properties!.Policies = [];
  });

  await manual.advance(0);

  expect(linesOf(running, 'record')).toEqual([]);
  expect(lines.join('\n')).toMatch(
    /ACCESS DENIED: check is not authorized to perform sqs:SendMessage on arn:aws:sqs:\S+:work/,
  );
});

test.each([
  [
    'the topic’s policy',
    (resources: Resources) => {
      resources.AlarmsPolicy!.Properties!.PolicyDocument = { Statement: [] };
    },
    /its policy does not allow sns:Publish to cloudwatch/,
  ],
  [
    'the key’s policy',
    (resources: Resources) => {
      resources.Key!.Properties!.KeyPolicy = { Statement: [] };
    },
    /the policy of its key \S+ does not allow kms:Decrypt to cloudwatch/,
  ],
  [
    'the queue’s policy',
    (resources: Resources) => {
      resources.ToldPolicy!.Properties!.PolicyDocument = { Statement: [] };
    },
    /its policy does not allow sqs:SendMessage to sns/,
  ],
])(
  'an alarm’s notification vanishes, with a line in the log, when %s does not allow it',
  async (_, change, line) => {
    const { running, lines, manual } = await startChain(change);

    await manual.advance(2 * minute);

    expect(linesOf(running, 'tell')).toEqual([]);
    expect(lines.join('\n')).toMatch(line);
  },
);

test.each([
  [
    'an unknown type',
    (resources: Resources) => {
      resources.Stream = { Type: 'AWS::Kinesis::Stream' };
    },
    'Stream (AWS::Kinesis::Stream): AWS::Kinesis::Stream is not emulated locally',
  ],
  [
    'an unknown property',
    (resources: Resources) => {
      resources.Work!.Properties!.FifoThroughputLimit = 'x';
    },
    'Work (AWS::SQS::Queue): FifoThroughputLimit is not supported locally',
  ],
  [
    'a nested unknown property',
    (resources: Resources) => {
      (resources.Schedule!.Properties!.Target as Record<string, unknown>).SqsParameters = {};
    },
    'Schedule (AWS::Scheduler::Schedule): Target.SqsParameters is not supported locally',
  ],
  [
    'a value that does nothing here',
    (resources: Resources) => {
      resources.Check!.Properties!.Runtime = 'nodejs22.x';
    },
    'Check (AWS::Lambda::Function): Runtime: ',
  ],
  [
    'an alarm’s unknown property',
    (resources: Resources) => {
      resources.Alarm!.Properties!.ThresholdMetricId = 'x';
    },
    'Alarm (AWS::CloudWatch::Alarm): PutMetricAlarm: the local runtime does not support ThresholdMetricId',
  ],
  [
    'a schedule that cannot be kept',
    (resources: Resources) => {
      resources.Schedule!.Properties!.ScheduleExpression = 'rate(10 seconds)';
    },
    'Schedule (AWS::Scheduler::Schedule): schedule expression rate(10 seconds)',
  ],
  [
    'a queue its function may not read',
    (resources: Resources) => {
      resources.RecordRole!.Properties!.Policies = [];
    },
    'Records (AWS::Lambda::EventSourceMapping): arn:aws:iam::000000000000:role/Chain-RecordRole does not allow sqs:ReceiveMessage',
  ],
  [
    'an API without a permission',
    (resources: Resources) => {
      delete resources.Permission;
    },
    'Route (AWS::ApiGatewayV2::Route): no AWS::Lambda::Permission lets apigateway.amazonaws.com invoke',
  ],
  [
    'a reference to nothing',
    (resources: Resources) => {
      resources.Subscription!.Properties!.TopicArn = { Ref: 'Nowhere' };
    },
    'Subscription (AWS::SNS::Subscription): the template refers to Nowhere, which it does not have',
  ],
  [
    'an unknown function of CloudFormation',
    (resources: Resources) => {
      resources.Work!.Properties!.QueueName = { 'Fn::Cidr': [] };
    },
    'Work (AWS::SQS::Queue): Fn::Cidr is not emulated locally',
  ],
])('%s stops the start, named by logical id', async (_, change, message) => {
  const resources = chainTemplate('http://127.0.0.1:1/');
  change(resources);
  const template = writeChain(resources);
  cleanups.push(() => rmSync(template, { recursive: true }));

  const failure = await start({ template, manualFrom: noon }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(CannotDeploy);
  expect((failure as Error).message).toContain(`Chain.template.json: ${message}`);
});

test('people reach the API with its token, programs by their own', async () => {
  const { running } = await startChain();
  const token = running.world.ssm.adminToken;
  const get = async (headers: Record<string, string>) =>
    (await fetch(`${running.url}/things/7`, { headers })).json();

  expect(await get({})).toEqual({ path: '/things/7', token: `Bearer ${token}`, id: { id: '7' } });
  expect(await get({ authorization: 'Bearer wrong' })).toMatchObject({ token: 'Bearer wrong' });
});

test('pages of another origin reach neither port', async () => {
  const { running } = await startChain();
  const origin = 'https://evil.example';

  const answers = await Promise.all([
    fetch(`${running.url}/things/7`, { headers: { origin } }),
    fetch(`${running.url}/local/outbox`, { headers: { origin } }),
    fetch(`${running.endpoint}/`, { method: 'POST', headers: { origin }, body: 'Action=Publish' }),
    fetch(`${running.endpoint}/outbox/ops`, { method: 'POST', headers: { origin }, body: '{}' }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  expect(running.outbox()).toEqual([]);
});

test('the clock is told and moved over HTTP', async () => {
  const { running } = await startChain();
  const move = (body: string) => fetch(`${running.url}/local/clock`, { method: 'POST', body });

  expect(await (await move('{"advance":"5m"}')).json()).toEqual({
    now: '2026-11-20T12:05:00.000Z',
    manual: true,
    advanced: '5 min',
  });
  expect((await move('{"advance":"soon"}')).status).toBe(400);
  expect(await (await fetch(`${running.url}/local/clock`)).json()).toMatchObject({
    now: '2026-11-20T12:05:00.000Z',
  });
});

test('unchanged SDK clients publish and look', async () => {
  const { running, manual } = await startChain();
  const client = {
    region: 'us-east-1',
    endpoint: running.endpoint,
    credentials: { accessKeyId: 'me', secretAccessKey: 'x' },
  };
  const sns = new SNSClient(client);
  const cloudwatch = new CloudWatchClient(client);
  cleanups.push(() => {
    sns.destroy();
    cloudwatch.destroy();
  });

  const Message = JSON.stringify({ NewStateValue: 'ALARM', StateChangeTime: '2026-11-20T11:59:59.000+0000' });
  const published = await sns.send(new PublishCommand({ TopicArn: topic, Message, Subject: 'by hand' }));
  await manual.advance(0);
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}));

  expect(published.MessageId).toMatch(/^[0-9a-f-]{36}$/);
  expect(linesOf(running, 'tell')).toEqual(['ALARM 11:59:59']);
  expect(MetricAlarms?.map(({ AlarmName, StateValue }) => [AlarmName, StateValue])).toEqual([
    ['site', 'INSUFFICIENT_DATA'],
  ]);
});
