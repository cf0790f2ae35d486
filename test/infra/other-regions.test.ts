import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCloudWatch } from '../../infra/local/services/cloudwatch.ts';
import { heartbeatWriter } from '../../shared/aws/heartbeat.ts';
import { serveAws } from '../support/aws-endpoint.ts';
import {
  type AlarmProperties,
  configOf,
  listOf,
  monitor,
  type PolicyDocument,
  type Resource,
  type Synthesis,
  synthesize,
  type Template,
  written,
} from '../support/synthesis.ts';

const network = {
  vpcId: 'vpc-0a1b2c3d',
  subnets: ['subnet-0a1b2c3d', 'subnet-4e5f6071'],
  securityGroups: ['sg-0a1b2c3d'],
};

/** Three Regions and two networks, the second of them away from home. */
const everywhere = ['home', 'office', 'frankfurt', 'lab'];
const config = configOf(
  [
    monitor('website', { every: 10_000, quorum: 3, locations: everywhere }),
    monitor('own', {
      locations: everywhere,
      settings: { url: 'https://own.example.com', auth: { bearer: { secret: 'own-token' } } },
    }),
  ],
  {
    region: 'eu-west-1',
    stacks: 2,
    deadMan: { region: 'us-east-1' },
    locations: [
      { id: 'home' },
      { id: 'office', region: 'eu-west-1', network },
      { id: 'frankfurt', region: 'eu-central-1' },
      { id: 'lab', region: 'eu-central-1', network },
      { id: 'unused', region: 'ap-northeast-1' },
    ],
  },
);

let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesize(config);
});

const ofType = <Properties>(template: Template, type: string) =>
  Object.values(template.Resources).filter(({ Type }) => Type === type) as Resource<Properties>[];

const main = () => synthesis.templates['Tocsin-acme']!;
const away = () => synthesis.templates['Tocsin-acme-eu-central-1']!;
const deadMan = () => synthesis.templates['Tocsin-acme-dead-man']!;

interface Probe {
  FunctionName: string;
  Role: unknown;
  VpcConfig?: { SubnetIds: string[]; SecurityGroupIds: string[] };
  Environment: { Variables: Record<string, unknown> };
}

const probesIn = (template: Template) =>
  ofType<Probe>(template, 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties)
    .filter(({ FunctionName }) => FunctionName.includes('-probe-'));

const probeNamed = (template: Template, location: string) =>
  probesIn(template).find(({ FunctionName }) => FunctionName === `Tocsin-acme-probe-${location}`)!;

/** Statements of a function's role, without those on its log. */
function statementsOf(template: Template, { Role }: Probe) {
  const role = written(Role).slice(1, -'.Arn>'.length);
  return ofType<{ Roles: unknown[]; PolicyDocument: PolicyDocument }>(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) => Properties.Roles.map(written).includes(`<${role}>`))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => !listOf(Action).some((action) => action.startsWith('logs:')));
}

describe('several Regions', () => {
  it('are a stack each, of what is checked there, all after the main one', () => {
    const { artifacts } = JSON.parse(readFileSync(join(synthesis.directory, 'manifest.json'), 'utf8'));
    const places = Object.keys(synthesis.templates).map((name) => [
      name,
      artifacts[name].environment,
      artifacts[name].dependencies.filter((id: string) => id in synthesis.templates),
    ]);
    expect(places.sort()).toEqual([
      ['Tocsin-acme', 'aws://unknown-account/eu-west-1', []],
      ['Tocsin-acme-dead-man', 'aws://unknown-account/us-east-1', ['Tocsin-acme']],
      ['Tocsin-acme-eu-central-1', 'aws://unknown-account/eu-central-1', ['Tocsin-acme']],
      ['Tocsin-acme-monitors-0', 'aws://unknown-account/eu-west-1', ['Tocsin-acme']],
      [
        'Tocsin-acme-monitors-1',
        'aws://unknown-account/eu-west-1',
        ['Tocsin-acme', 'Tocsin-acme-monitors-0'],
      ],
    ]);
  });

  it('need no lookup in an account', () => {
    const manifest = JSON.parse(readFileSync(join(synthesis.directory, 'manifest.json'), 'utf8'));
    expect(manifest.missing ?? []).toEqual([]);
  });

  it.each([
    ['home', main, 'public'],
    ['office', main, 'private'],
    ['frankfurt', away, 'public'],
    ['lab', away, 'private'],
  ] as const)(
    'have the probe of %s, which knows where home is and what it may reach',
    (id, template, reach) => {
      const { Environment } = probeNamed(template(), id);
      expect(written(Environment.Variables.HOME_REGION)).toBe('eu-west-1');
      expect(Environment.Variables.LOCATION).toBe(id);
      expect(Environment.Variables.REACH).toBe(reach);
    },
  );

  it('report to the queue at home by its name, and read secrets there', () => {
    const probe = probeNamed(away(), 'frankfurt');
    expect(written(probe.Environment.Variables.OBSERVATIONS_QUEUE_URL)).toBe(
      'https://sqs.eu-west-1.amazonaws.com/123456789012/Tocsin-acme-observations',
    );
    expect(
      statementsOf(away(), probe).flatMap(({ Action, Resource }) =>
        listOf(Resource).map((one) => `${Action} on ${written(one)}`),
      ),
    ).toEqual([
      'sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:Tocsin-acme-observations',
      'ssm:GetParameter on arn:aws:ssm:eu-west-1:123456789012:parameter/tocsin/acme/own-token',
      'ssm:GetParameter on arn:aws:ssm:eu-west-1:123456789012:parameter/tocsin/acme/state/paused',
    ]);
  });

  it('hold probes and schedules, and nothing that costs by the month', () => {
    expect([...new Set(Object.values(away().Resources).map(({ Type }) => Type))].sort()).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'AWS::Scheduler::Schedule',
      'AWS::Scheduler::ScheduleGroup',
    ]);
    expect(
      ofType<{ Name: string }>(away(), 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties.Name),
    ).toEqual(['probe-frankfurt-10s-0', 'probe-frankfurt-60s-0', 'probe-lab-10s-0', 'probe-lab-60s-0']);
  });

  it('are known to the key at home by the very names of their roles, through SQS alone', () => {
    const [key] = ofType<{ KeyPolicy: PolicyDocument }>(main(), 'AWS::KMS::Key');
    const [statement, ...others] = key!.Properties.KeyPolicy.Statement.filter(
      ({ Condition }) => Condition?.ArnEquals?.['aws:PrincipalArn'],
    );
    expect(others).toEqual([]);
    const roles = ofType<{ RoleName?: string }>(away(), 'AWS::IAM::Role').flatMap(
      ({ Properties }) => Properties.RoleName ?? [],
    );
    expect(roles).toEqual(['Tocsin-acme-probe-frankfurt', 'Tocsin-acme-probe-lab']);
    expect(listOf(statement!.Condition!.ArnEquals!['aws:PrincipalArn']).map(written)).toEqual(
      roles.map((role) => `arn:aws:iam::123456789012:role/${role}`),
    );
    expect(statement!.Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(Object.values(statement!.Condition!.StringEquals!).map(written)).toEqual([
      '123456789012',
      'sqs.eu-west-1.amazonaws.com',
    ]);
  });

  it('are seen from home: each shard of each location has its dead-man’s alarm there', () => {
    const names = Object.values(synthesis.templates)
      .flatMap((template) => ofType<AlarmProperties>(template, 'AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties.AlarmName)
      .filter((name) => name.startsWith('acme/self/blind-'));
    expect(names.sort()).toEqual(
      everywhere.flatMap((id) => [`acme/self/blind-${id}-10s-0`, `acme/self/blind-${id}-60s-0`]).sort(),
    );
  });
});

describe('a network', () => {
  it.each([
    ['office', main],
    ['lab', away],
  ])('has the probe of %s in its subnets and security groups, others are in none', (id, template) => {
    const { VpcConfig } = probeNamed(template(), id);
    expect(VpcConfig).toEqual({ SubnetIds: network.subnets, SecurityGroupIds: network.securityGroups });
    for (const probe of probesIn(template()))
      if (probe !== probeNamed(template(), id)) expect(probe).not.toHaveProperty('VpcConfig');
  });

  it('is entered by Lambda with the probe’s role, and not by the probe’s own code', () => {
    const placing = statementsOf(main(), probeNamed(main(), 'office')).filter(({ Action }) =>
      listOf(Action).some((action) => action.startsWith('ec2:')),
    );
    const [allowed, denied, ...others] = placing;
    expect(others).toEqual([]);
    expect([allowed!.Effect, denied!.Effect]).toEqual(['Allow', 'Deny']);
    expect(denied!.Action).toEqual(allowed!.Action);
    expect(written(denied!.Condition?.ArnEquals?.['lambda:SourceFunctionArn'])).toBe(
      'arn:aws:lambda:eu-west-1:123456789012:function:Tocsin-acme-probe-office',
    );
  });

  it('is for its own probe: nobody else may touch network interfaces', () => {
    const probe = probeNamed(main(), 'home');
    expect(JSON.stringify(statementsOf(main(), probe))).not.toContain('ec2:');
  });
});

describe('the dead-man', () => {
  const properties = () =>
    ofType<AlarmProperties>(deadMan(), 'AWS::CloudWatch::Alarm').map((alarm) => alarm.Properties);

  it('tells people by SNS in its own Region', () => {
    const [alarm] = properties();
    const [topicId] = Object.entries(deadMan().Resources).find(([, { Type }]) => Type === 'AWS::SNS::Topic')!;
    expect(alarm!.AlarmActions.map(written)).toEqual([`<${topicId}>`]);
    const subscriptions = ofType<{ TopicArn: unknown }>(deadMan(), 'AWS::SNS::Subscription').map(
      ({ Properties }) => Properties,
    );
    expect(subscriptions).toMatchObject([{ Protocol: 'email', Endpoint: 'platform@example.com' }]);
    expect(written(subscriptions[0]!.TopicArn)).toBe(`<${topicId}>`);
  });

  it('hears from reconcile, which may write into the namespace and no other', () => {
    const reconcile = ofType<Probe>(main(), 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === 'Tocsin-acme-reconcile',
    )!;
    const writing = statementsOf(main(), reconcile.Properties).filter(
      ({ Action }) => Action === 'cloudwatch:PutMetricData',
    );
    expect(writing.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'cloudwatch:namespace': 'Tocsin/acme' } },
    ]);
  });

  it('is told of nothing without the config: no stack, no right to write metrics', async () => {
    const { templates } = await synthesize(configOf([]));
    expect(Object.keys(templates)).toEqual(['Tocsin-acme']);
    expect(JSON.stringify(templates)).not.toContain('PutMetricData');
  });

  it('fires when five heartbeats are missing, not four, and is over with the next', async () => {
    const noon = Date.UTC(2026, 10, 20, 12);
    const told: string[] = [];
    const { aws, clock } = await serveAws(noon, async (runtime) => {
      const cloudwatch = createCloudWatch(runtime, {
        publish: async (_topic, { message }) => {
          told.push(JSON.parse(message.default).NewStateValue);
        },
        gauges: () => [],
      });
      const actions = ['arn:aws:sns:us-east-1:123456789012:dead-man'];
      const input = { ...properties()[0]!, AlarmActions: actions, OKActions: actions };
      await cloudwatch.handle({ operation: 'PutMetricAlarm', input, caller: undefined });
      return { monitoring: cloudwatch };
    });
    const beat = heartbeatWriter(aws, 'us-east-1', 'Tocsin/acme');
    const live = async (minutes: number) => {
      for (let n = 0; n < minutes; n++) {
        await beat();
        await clock.advance(60_000);
      }
    };
    await live(10);
    expect(told).toEqual(['OK']);
    await clock.advance(4 * 60_000);
    await live(5);
    expect(told).toEqual(['OK']);
    await clock.advance(8 * 60_000);
    expect(told).toEqual(['OK', 'ALARM']);
    await live(2);
    expect(told).toEqual(['OK', 'ALARM', 'OK']);
  });
});

it('all stacks pass cdk-nag’s AwsSolutions and CloudFormation’s own validation', async () => {
  const prepare = (app: App) => Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { directory } = await synthesize(config, { validate: true, prepare });
  const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
  const rules = report.pluginReports.flatMap(({ violations }: { violations: { ruleName: string }[] }) =>
    violations.map(({ ruleName }) => ruleName),
  );
  expect(rules).toEqual([]);
});
