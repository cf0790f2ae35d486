import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundle } from '../../infra/bundles.ts';
import type { TocsinStack } from '../../infra/stack.ts';
import { addStacks } from '../../infra/stacks.ts';
import type { Channel, Config, Monitor } from '../../shared/config/config.ts';
import { channelKinds } from '../../shared/notifications/index.ts';
import type { ChannelKind } from '../../shared/notifications/kind.ts';
import { plainAlerting, routeTo } from './routes.ts';

const root = resolve(import.meta.dirname, '../..');

/** The feature flags the app runs with. */
export const context = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;

/** A monitor with what the config's defaults would fill in. */
export const monitor = (id: string, more: Partial<Monitor> = {}): Monitor => ({
  id,
  kind: 'http',
  name: id,
  enabled: true,
  localOnly: false,
  every: 60_000,
  timeout: 10_000,
  alert: { failing: 2, of: 3, severity: 'critical' },
  quorum: 1,
  locations: ['home'],
  labels: {},
  expect: [],
  settings: { url: `https://${id}.example.com/health` },
  ...more,
});

/** A job that is expected once a day. */
export const heartbeat = (id: string): Monitor =>
  monitor(id, {
    kind: 'heartbeat',
    alert: { failing: 1, of: 1, severity: 'critical' },
    locations: ['pings'],
    settings: { period: 86_400_000, zone: 'UTC' },
  });

/** A page in a browser, with a secret that is filled in. */
export const page = (id: string, more: Partial<Monitor> = {}): Monitor =>
  monitor(id, {
    kind: 'browser',
    every: 300_000,
    timeout: 30_000,
    settings: {
      url: `https://${id}.example.com/`,
      steps: [{ fill: '#password', with: { secret: 'page-password' } }],
      patience: 5_000,
      vitals: ['lcp'],
      viewport: { width: 1_280, height: 720 },
    },
    ...more,
  });

/** The script of the end-to-end tests. */
export const scriptOf = (id: string): Monitor =>
  monitor(id, {
    kind: 'script',
    every: 300_000,
    timeout: 30_000,
    settings: {
      file: 'test/fixtures/end-to-end/checks/shop.spec.ts',
      variables: { password: { secret: 'script-password' } },
      vitals: [],
      viewport: { width: 1_280, height: 720 },
    },
  });

/** Slack and email, and the monitors given. */
export const configOf = (monitors: Monitor[], more: Partial<Config> = {}): Config => ({
  name: 'acme',
  stacks: 1,
  witness: [],
  level: 'standard',
  locations: [{ id: 'home' }],
  monitors,
  channels: [
    { id: 'ops', kind: 'slack', settings: { webhook: { secret: 'slack-webhook' } } },
    { id: 'oncall', kind: 'email', settings: { from: 'tocsin@example.com', to: ['oncall@example.com'] } },
  ],
  routes: [routeTo(['ops', 'oncall'])],
  ...plainAlerting,
  subscribers: { email: [], sms: [], https: [], minSeverity: 'info' },
  selfContact: { email: ['platform@example.com'], sms: [] },
  ...more,
});

/** One channel of each kind. */
export function channelsOfEveryKind(): Channel[] {
  const [slack, email] = configOf([]).channels;
  const given: Record<string, object> = {
    slackbot: { token: { secret: 'slack-token' }, channel: 'C012AB3CD' },
    sns: { topic: 'arn:aws:sns:eu-west-1:123456789012:pages' },
    eventbridge: { bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/ops' },
    remediation: { lambda: 'arn:aws:lambda:eu-west-1:123456789012:function:restart-web' },
  };
  const others = Object.values<ChannelKind<unknown, unknown>>(channelKinds)
    .filter(({ kind }) => kind !== slack!.kind && kind !== email!.kind)
    .map(({ kind, settings }) => ({ id: kind, kind, settings: settings.parse(given[kind] ?? {}) }));
  return [slack!, email!, ...others];
}

export interface Resource<Properties = Record<string, unknown>> {
  Type: string;
  Properties: Properties;
  DeletionPolicy?: string;
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown }>;
}

export interface Synthesis {
  app: App;
  stack: TocsinStack;
  /** Directory of the cloud assembly. */
  directory: string;
  /** Of the main stack. */
  template: Template;
  /** Of every stack, by its name. */
  templates: Record<string, Template>;
  /** Resources of the main stack of a type, by logical id. */
  ofType<Properties = Record<string, unknown>>(type: string): Record<string, Resource<Properties>>;
}

export interface SynthesisOptions {
  /** Also let CloudFormation's own rules look at it, as `cdk synth` does. Default false: it takes a second. */
  validate?: boolean;
  /** Changes the app before its template is made. */
  prepare?(app: App): void;
}

/** The stacks of a config, with the functions' real bundles. */
export async function synthesize(
  config: Config,
  { validate = false, prepare }: SynthesisOptions = {},
): Promise<Synthesis> {
  const outdir = mkdtempSync(join(tmpdir(), 'tocsin-synthesis-'));
  const app = new App({
    analyticsReporting: false,
    outdir,
    context,
    builtinCloudFormationValidation: validate,
  });
  const build = join(outdir, 'functions');
  await bundle(config, build);
  const stack = addStacks(app, { config, build });
  prepare?.(app);
  const templates = Object.fromEntries(
    app.synth().stacks.map(({ stackName, template }): [string, Template] => [stackName, template]),
  );
  const template = templates[stack.stackName]!;
  const ofType = <Properties>(type: string) =>
    Object.fromEntries(
      Object.entries(template.Resources).filter(([, resource]) => resource.Type === type),
    ) as Record<string, Resource<Properties>>;
  return { app, stack, directory: outdir, template, templates, ofType };
}

const pseudo: Record<string, string> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A value of the template as text: references to resources are written `<LogicalId>` and `<LogicalId.Attribute>`. */
export function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = [], ...others] = Object.entries(value);
  if (others.length > 0) return JSON.stringify(value);
  if (intrinsic === 'Ref') return pseudo[argument] ?? `<${argument}>`;
  if (intrinsic === 'Fn::GetAtt') return `<${argument[0]}.${argument[1]}>`;
  if (intrinsic === 'Fn::Join') return argument[1].map(written).join(argument[0]);
  return JSON.stringify(value);
}

/** One or many, as a list: IAM writes a single action without brackets. */
export const listOf = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: unknown;
  Principal?: { Service?: string } | string;
  Condition?: Record<string, Record<string, unknown>>;
}

export interface PolicyDocument {
  Statement: Statement[];
}

export interface AlarmProperties {
  AlarmName: string;
  AlarmDescription: string;
  AlarmActions: unknown[];
  OKActions: unknown[];
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: unknown }[];
  Statistic: string;
  Period: number;
  EvaluationPeriods: number;
  DatapointsToAlarm: number;
  Threshold: number;
  ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  TreatMissingData: 'ignore' | 'breaching' | 'notBreaching';
}
