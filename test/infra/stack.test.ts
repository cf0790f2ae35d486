import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Template as AssertedTemplate } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { environment as api } from '../../functions/api/env.ts';
import { environment as notify } from '../../functions/notify/env.ts';
import { environment as probe } from '../../functions/probe/env.ts';
import { environment as reconcile } from '../../functions/reconcile/env.ts';
import { environment as recordObservations } from '../../functions/record-observations/env.ts';
import { environment as trackIncidents } from '../../functions/track-incidents/env.ts';
import {
  configOf,
  listOf,
  monitor,
  type PolicyDocument,
  type Resource,
  type Synthesis,
  synthesize,
  written,
} from '../support/synthesis.ts';

const tenMonitors = configOf([
  ...Array.from({ length: 8 }, (_, n) => monitor(`site-${n}`)),
  monitor('website', { every: 10_000 }),
  monitor('slow', {
    every: 300_000,
    settings: { url: 'https://slow.example.com', auth: { bearer: { secret: 'slow-token' } } },
  }),
]);

let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesize(tenMonitors);
});

interface FunctionProperties {
  FunctionName: string;
  Handler: string;
  Runtime: string;
  Architectures: string[];
  Timeout: number;
  Role: unknown;
  Code: { S3Key: string };
  Environment: { Variables: Record<string, unknown> };
  LoggingConfig: { LogFormat: string; LogGroup: unknown };
}

const functions = () =>
  Object.values(synthesis.ofType<FunctionProperties>('AWS::Lambda::Function')).map((f) => f.Properties);

const functionNamed = (name: string) =>
  functions().find(({ FunctionName }) => FunctionName === `Tocsin-acme-${name}`)!;

/** What a function's role may do: `action on resource`, sorted. */
function permissionsOf(name: string): string[] {
  const role = written(functionNamed(name).Role).slice(1, -'.Arn>'.length);
  const policies = Object.values(
    synthesis.ofType<{ Roles: unknown[]; PolicyDocument: PolicyDocument }>('AWS::IAM::Policy'),
  ).filter(({ Properties }) => Properties.Roles.map(written).includes(`<${role}>`));
  return policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      listOf(Resource).flatMap((resource) =>
        listOf(Action).map((action) => `${action} on ${written(resource)}`),
      ),
    )
    .sort();
}

const names = [
  'api',
  'notify-email',
  'notify-slack',
  'probe-home',
  'reconcile',
  'record-observations',
  'track-incidents',
];

describe('the stack', () => {
  it('is one, far below CloudFormation’s 500 resources, with ten monitors', () => {
    expect(Object.keys(synthesis.template.Resources).length).toBeLessThan(150);
  });

  it('can be made in some order: nothing in it waits for itself', () => {
    expect(() => AssertedTemplate.fromJSON({ ...synthesis.template })).not.toThrow();
  });

  it('says what to do with more monitors than a stack can hold', async () => {
    const monitors = Array.from({ length: 450 }, (_, n) => monitor(`m-${n}`));
    await expect(synthesize(configOf(monitors))).rejects.toThrow(
      /450 monitors need \d+ CloudFormation resources; a stack takes 500: write stacks: 2 into the config/,
    );
  });

  it('tells people where its console is, where alarms come in and events go out, and where the token lies', () => {
    expect(
      Object.fromEntries(Object.entries(synthesis.template.Outputs).map(([id, o]) => [id, written(o.Value)])),
    ).toEqual({
      ConsoleUrl: expect.stringMatching(/^<\w+\.ApiEndpoint>$/),
      AlarmsTopicArn: expect.stringMatching(/^<IncidentsAlarms\w+>$/),
      IncidentEventsTopicArn: expect.stringMatching(/^<IncidentsEvents\w+>$/),
      AdminTokenParameter: '/tocsin/acme/admin-token',
    });
  });

  it('keeps what was recorded, and the key to it, but not after a first deployment that failed', () => {
    const kept = Object.values(synthesis.template.Resources).filter(({ DeletionPolicy }) =>
      DeletionPolicy?.startsWith('Retain'),
    );
    expect(kept.map(({ Type, DeletionPolicy }) => `${Type} ${DeletionPolicy}`).sort()).toEqual([
      'AWS::DynamoDB::Table RetainExceptOnCreate',
      'AWS::DynamoDB::Table RetainExceptOnCreate',
      'AWS::KMS::Key RetainExceptOnCreate',
    ]);
  });

  it('keeps logs for two weeks', () => {
    const groups = Object.values(synthesis.ofType<{ RetentionInDays: number }>('AWS::Logs::LogGroup'));
    expect(groups.length).toBe(names.length + 1);
    for (const { Properties } of groups) expect(Properties.RetentionInDays).toBe(14);
  });

  it('encrypts queues, topics and tables with its one key, which is rotated', () => {
    const keys = Object.entries(synthesis.ofType('AWS::KMS::Key'));
    expect(keys.map(([, key]) => key.Properties.EnableKeyRotation)).toEqual([true]);
    const arn = `<${keys[0]![0]}.Arn>`;
    const encrypted = [
      ...Object.values(synthesis.ofType('AWS::SQS::Queue')).map((q) => q.Properties.KmsMasterKeyId),
      ...Object.values(synthesis.ofType('AWS::SNS::Topic')).map((t) => t.Properties.KmsMasterKeyId),
      ...Object.values(
        synthesis.ofType<{ SSESpecification: { KMSMasterKeyId: unknown } }>('AWS::DynamoDB::Table'),
      ).map((t) => t.Properties.SSESpecification.KMSMasterKeyId),
    ].map(written);
    expect(encrypted).toEqual(Array.from({ length: 10 + 3 + 2 }, () => arn));
  });
});

describe('every function', () => {
  it('is one of these', () => {
    expect(
      functions()
        .map((f) => f.FunctionName)
        .sort(),
    ).toEqual(names.map((name) => `Tocsin-acme-${name}`));
  });

  it('runs Node 24 on arm64, logs plain text to a group of its own, and has a role of its own', () => {
    for (const f of functions()) {
      expect(f).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'Text' },
      });
    }
    expect(new Set(functions().map((f) => written(f.LoggingConfig.LogGroup))).size).toBe(names.length);
    expect(new Set(functions().map((f) => written(f.Role))).size).toBe(names.length);
  });

  it('finds its handler in its asset', () => {
    for (const { Handler, Code } of functions()) {
      const asset = join(synthesis.directory, `asset.${Code.S3Key.replace('.zip', '')}`);
      expect(readdirSync(asset)).toContain(`${Handler.split('.')[0]}.cjs`);
    }
  });

  it.each([
    ['api', api],
    ['notify-email', notify],
    ['notify-slack', notify],
    ['probe-home', probe],
    ['reconcile', reconcile],
    ['record-observations', recordObservations],
    ['track-incidents', trackIncidents],
  ])('has every variable of its environment and no other: %s', (name, schema) => {
    const setByLambda = /^AWS_|^LAMBDA_TASK_ROOT$|^TOCSIN_/;
    const own = Object.keys(schema.shape).filter((variable) => !setByLambda.test(variable));
    expect(Object.keys(functionNamed(name).Environment.Variables).sort()).toEqual(own.sort());
  });

  it('leaves a message hidden six times as long as its timeout', () => {
    const mappings = Object.values(
      synthesis.ofType<{ FunctionName: unknown; EventSourceArn: unknown; FunctionResponseTypes: string[] }>(
        'AWS::Lambda::EventSourceMapping',
      ),
    ).map((mapping) => mapping.Properties);
    expect(mappings).toHaveLength(5);
    for (const { FunctionName, EventSourceArn, FunctionResponseTypes } of mappings) {
      const worker = resource<FunctionProperties>(written(FunctionName).slice(1, -1));
      const queue = resource<{ VisibilityTimeout: number }>(
        written(EventSourceArn).slice(1, -'.Arn>'.length),
      );
      expect(queue.Properties.VisibilityTimeout).toBe(6 * worker.Properties.Timeout);
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });
});

const resource = <Properties>(id: string) => synthesis.template.Resources[id] as Resource<Properties>;

describe('a role', () => {
  it('of the probe may send to the queue of observations, read its own secrets and what is paused, and nothing else', () => {
    expect(
      permissionsOf('probe-home').map((permission) => permission.replace(/[0-9A-F]{8}(?=\.Arn>)/, '')),
    ).toEqual([
      'kms:Decrypt on <Key.Arn>',
      'kms:GenerateDataKey on <Key.Arn>',
      'logs:CreateLogStream on <ProbeshomeLog.Arn>',
      'logs:PutLogEvents on <ProbeshomeLog.Arn>',
      'sqs:SendMessage on <HistoryObservationsQueue.Arn>',
      'ssm:GetParameter on arn:aws:ssm:eu-central-1:123456789012:parameter/tocsin/acme/slow-token',
      'ssm:GetParameter on arn:aws:ssm:eu-central-1:123456789012:parameter/tocsin/acme/state/paused',
    ]);
  });

  it('of the api may have probes run, that of reconcile those of critical monitors that are checked seldom, and no other function', () => {
    const invoked = names.flatMap((name) =>
      permissionsOf(name).flatMap((permission) =>
        permission.startsWith('lambda:') ? [[name, permission]] : [],
      ),
    );
    const probeArn = 'arn:aws:lambda:eu-central-1:123456789012:function:Tocsin-acme-probe-home';
    expect(invoked).toEqual(
      ['api', 'reconcile'].map((name) => [name, `lambda:InvokeFunction on ${probeArn}`]),
    );
  });

  it('may send mail only if it is that of notify-email, and only as the channel’s sender', () => {
    const mailers = names.filter((name) =>
      permissionsOf(name).some((permission) => permission.startsWith('ses:')),
    );
    expect(mailers).toEqual(['notify-email']);
    const statements = Object.values(
      synthesis.ofType<{ PolicyDocument: PolicyDocument }>('AWS::IAM::Policy'),
    ).flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.filter(({ Action }) => Action === 'ses:SendEmail'),
    );
    expect(statements.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'ses:FromAddress': 'tocsin@example.com' } },
    ]);
    expect(listOf(statements[0]!.Resource).map((arn) => written(arn).split('identity/')[1])).toEqual([
      'example.com',
      'oncall@example.com',
      'tocsin@example.com',
    ]);
  });

  it('may send no mail through SES where the channel has a mail server', async () => {
    const settings = { from: 'tocsin@example.com', to: ['oncall@example.com'], smtp: { secret: 'smtp-url' } };
    const smtp = await synthesize(configOf([], { channels: [{ id: 'mail', kind: 'email', settings }] }));
    const text = JSON.stringify(smtp.template);
    expect(text).not.toContain('ses:');
    expect(text).toContain(':parameter/tocsin/acme/smtp-url');
  });

  it('of api may read what Slack signs clicks with, where a channel has buttons', async () => {
    const settings = { token: { secret: 'slack-token' }, channel: 'C012AB3CD' };
    const withButtons = { ...settings, signingSecret: { secret: 'slack-signing-secret' } };
    const [plain, buttoned] = await Promise.all(
      [settings, withButtons].map((given) =>
        synthesize(configOf([], { channels: [{ id: 'bot', kind: 'slackbot', settings: given }] })),
      ),
    );
    const secret = ':parameter/tocsin/acme/slack-signing-secret';
    expect(JSON.stringify(plain!.template)).not.toContain(secret);
    expect(JSON.stringify(buttoned!.template).split(secret)).toHaveLength(2);
  });

  it.each([
    ['notify-slack', ['slack-webhook']],
    ['notify-email', ['mail-key']],
    ['api', ['admin-token', 'mail-key']],
    ['track-incidents', []],
    ['reconcile', []],
    ['record-observations', []],
  ])('of %s may read the secrets %j', (name, secrets) => {
    const read = permissionsOf(name).filter((permission) => permission.startsWith('ssm:GetParameter '));
    expect(read.map((permission) => permission.split('/').at(-1))).toEqual(secrets);
  });

  it('names what it may touch: alarms are described in no narrower way, and any monitor may be paused', () => {
    const wide = names.flatMap((name) =>
      permissionsOf(name)
        .filter((permission) => permission.includes('*'))
        .map((permission) => `${name}: ${permission}`),
    );
    const alarmsOfMonitors = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:acme/monitor/*';
    const pausing = ['DisableAlarmActions', 'EnableAlarmActions', 'SetAlarmState'].map(
      (action) => `cloudwatch:${action} on ${alarmsOfMonitors}`,
    );
    const expected = ['cloudwatch:DescribeAlarms on *', ...pausing];
    expect(wide).toEqual(['api', 'reconcile'].flatMap((name) => expected.map((each) => `${name}: ${each}`)));
  });

  it('of the schedules may invoke the probe and reconcile', () => {
    const policies = Object.entries(synthesis.ofType<{ PolicyDocument: PolicyDocument }>('AWS::IAM::Policy'));
    const [, policy] = policies.find(([id]) => id.startsWith('SchedulesRole'))!;
    const [statement, ...others] = policy.Properties.PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(statement!.Action).toBe('lambda:InvokeFunction');
    expect(listOf(statement!.Resource).map(written)).toEqual([
      expect.stringMatching(/^<Probeshome\w+\.Arn>$/),
      expect.stringMatching(/^<ReconciliationReconcile\w+\.Arn>$/),
    ]);
  });
});

interface QueueProperties {
  QueueName: string;
  RedrivePolicy?: { deadLetterTargetArn: unknown; maxReceiveCount: number };
}

describe('a queue', () => {
  it.each([
    ['observations', 5],
    ['alarms', 5],
    ['timers', 5],
    ['notify-slack', 1_000],
    ['notify-email', 1_000],
  ])('%s gives up after %i receives, into its own dead-letter queue', (name, receives) => {
    const queues = Object.entries(synthesis.ofType<QueueProperties>('AWS::SQS::Queue'));
    const [, queue] = queues.find(([, q]) => q.Properties.QueueName === `Tocsin-acme-${name}`)!;
    const [deadId] = queues.find(([, q]) => q.Properties.QueueName === `Tocsin-acme-${name}-dead`)!;
    expect(queue.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [deadId, 'Arn'] },
      maxReceiveCount: receives,
    });
  });

  it('that a topic fills lets SNS send, and so does its key', () => {
    const subscriptions = Object.values(
      synthesis.ofType<{ Protocol: string; Endpoint: unknown; TopicArn: unknown }>('AWS::SNS::Subscription'),
    ).filter(({ Properties }) => Properties.Protocol === 'sqs');
    expect(subscriptions).toHaveLength(3);
    const statements = Object.values(
      synthesis.ofType<{ PolicyDocument: PolicyDocument }>('AWS::SQS::QueuePolicy'),
    ).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    for (const { Properties } of subscriptions) {
      const allowed = statements.filter(
        ({ Effect, Resource, Condition }) =>
          Effect === 'Allow' &&
          written(Resource) === written(Properties.Endpoint) &&
          written(Condition?.ArnEquals?.['aws:SourceArn']) === written(Properties.TopicArn),
      );
      expect(allowed.map(({ Action, Principal }) => ({ Action, Principal }))).toEqual([
        { Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' } },
      ]);
    }
    const [key] = Object.values(synthesis.ofType<{ KeyPolicy: PolicyDocument }>('AWS::KMS::Key'));
    const forSns = key!.Properties.KeyPolicy.Statement.filter(
      ({ Principal }) => typeof Principal === 'object' && Principal.Service === 'sns.amazonaws.com',
    );
    expect(
      forSns.map(({ Action, Condition }) => [Action, written(Condition?.ArnLike?.['aws:SourceArn'])]),
    ).toEqual([
      [['kms:Decrypt', 'kms:GenerateDataKey'], 'arn:aws:sns:eu-central-1:123456789012:Tocsin-acme-*'],
    ]);
  });

  it('of a channel kind is filled with events for its channels: a filter policy is lists of strings', () => {
    const policies = Object.values(
      synthesis.ofType<{ FilterPolicy?: Record<string, string[]> }>('AWS::SNS::Subscription'),
    )
      .map(({ Properties }) => Properties.FilterPolicy)
      .filter((policy) => policy !== undefined);
    expect(policies).toEqual([{ receivers: ['ops'] }, { receivers: ['oncall'] }]);
  });

  it('of a channel kind is filled with all events where there are more channels than SNS can filter by', async () => {
    const channels = Array.from({ length: 151 }, (_, n) => ({
      id: `ops-${n}`,
      kind: 'slack',
      settings: { webhook: { secret: 'slack-webhook' } },
    }));
    const many = await synthesize(configOf([], { channels }));
    const subscriptions = Object.values(many.ofType('AWS::SNS::Subscription'));
    expect(subscriptions.filter(({ Properties }) => 'FilterPolicy' in Properties)).toEqual([]);
  });
});

describe('the topic self', () => {
  it('mails and texts people directly', async () => {
    const contact = { email: ['a@example.com', 'b@example.com'], sms: ['+4912345'] };
    const { ofType } = await synthesize(configOf([], { selfContact: contact }));
    const direct = Object.values(
      ofType<{ Protocol: string; Endpoint: string; TopicArn: unknown }>('AWS::SNS::Subscription'),
    )
      .map(({ Properties }) => Properties)
      .filter(({ TopicArn }) => written(TopicArn).startsWith('<Self'));
    expect(direct.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`)).toEqual([
      'email a@example.com',
      'email b@example.com',
      'sms +4912345',
    ]);
  });
});
