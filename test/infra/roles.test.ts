import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { channelKinds } from '../../shared/notifications/index.ts';
import {
  channelsOfEveryKind,
  configOf,
  heartbeat,
  listOf,
  monitor,
  type PolicyDocument,
  page,
  type Synthesis,
  scriptOf,
  synthesize,
  written,
} from '../support/synthesis.ts';

const config = configOf(
  [
    monitor('api', {
      every: 300_000,
      settings: { url: 'https://api.example.com', auth: { bearer: { secret: 'token' } } },
    }),
    heartbeat('backup'),
    page('shop'),
    scriptOf('checkout'),
  ],
  {
    region: 'eu-central-1',
    deadMan: { region: 'eu-west-1' },
    channels: channelsOfEveryKind(),
  },
);

let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesize(config);
});

/** What a resource is called in the docs. */
function calledInDocs(resource: string): string {
  const ours = /^arn:.*:(parameter|identity|alarm|event-bus)[:/]/.exec(resource)?.[1];
  if (ours !== undefined) return ours;
  if (resource.startsWith('arn:aws:sns:eu-west-1:')) return 'topic';
  if (resource.startsWith('arn:aws:lambda:eu-west-1:')) return 'function';
  const named = /:function:Tocsin-acme-(.+)$/.exec(resource)?.[1];
  if (named !== undefined) return named;
  const id = /^<(\w+?)(?:\.Arn)?>/.exec(resource)?.[1];
  const found = id === undefined ? undefined : synthesis.template.Resources[id];
  if (found === undefined) return resource;
  const { QueueName, TopicName, FunctionName } = found.Properties as Record<string, string | undefined>;
  const name = (QueueName ?? TopicName ?? FunctionName ?? '').replace('Tocsin-acme-', '');
  if (found.Type === 'AWS::DynamoDB::Table')
    return `table of ${id!.startsWith('History') ? 'history' : 'incidents'}`;
  return name;
}

/** The function that has a role; the schedules have one as well. */
function ownerOf(role: string): string {
  const functions = Object.values(
    synthesis.ofType<{ FunctionName: string; Role: unknown }>('AWS::Lambda::Function'),
  );
  const owner = functions.find(({ Properties }) => written(Properties.Role) === `<${role}.Arn>`);
  return owner?.Properties.FunctionName.replace('Tocsin-acme-', '') ?? 'schedules';
}

const isOfEveryFunction = (action: string) => /^(logs:|kms:)/.test(action);

/** Permissions of the template's roles: `role: action on resource`, without the own log and the key. */
function permissionsInTemplate(): string[] {
  const policies = synthesis.ofType<{ Roles: unknown[]; PolicyDocument: PolicyDocument }>('AWS::IAM::Policy');
  const permissions = Object.values(policies).flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }) => {
      expect(Effect).toBe('Allow');
      const owner = ownerOf(written(Properties.Roles[0]).slice(1, -1));
      return listOf(Action)
        .filter((action) => !isOfEveryFunction(action))
        .flatMap((action) =>
          listOf(Resource).map((resource) => `${owner}: ${action} on ${calledInDocs(written(resource))}`),
        );
    }),
  );
  return [...new Set(permissions)].sort();
}

/** What a cell of the docs means, for the function of its row. */
function resourcesIn(cell: string, role: string): string[] {
  if (cell.startsWith('its own dead-letter queue')) return [`${role}-dead`];
  if (cell.startsWith('table of')) return [/^table of \w+/.exec(cell)![0]];
  if (/^(secret|parameter)/.test(cell)) return ['parameter'];
  if (cell.startsWith('identities')) return ['identity'];
  if (cell.startsWith('alarms')) return ['alarm'];
  if (cell.startsWith('topics that')) return ['topic'];
  if (cell.startsWith('buses that')) return ['event-bus'];
  if (cell.startsWith('functions that')) return ['function'];
  if (cell.startsWith('the probes'))
    return [
      'probe-home',
      'browser-home',
      'script-home',
      ...[...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
    ];
  return [...cell.split(', in ')[0]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}

/** The roles that a row is about, or several by a placeholder. */
function rolesIn(cell: string): string[] {
  if (cell === '`notify-<kind>`') return Object.keys(channelKinds).map((kind) => `notify-${kind}`);
  const named = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!.replace('<location>', 'home'));
  return named.length > 0 ? named : [cell];
}

/** The same from the table of docs/security.md. */
function permissionsInDocs(): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8');
  const table = text.split('\n\n').find((block) => block.startsWith('| Role of |'))!;
  let roles: string[] = [];
  const permissions = table
    .split('\n')
    .slice(2)
    .flatMap((row) => {
      const [, named = '', actions = '', resources = ''] = row.split('|').map((cell) => cell.trim());
      if (named !== '') roles = rolesIn(named);
      return roles.flatMap((role) =>
        [...actions.matchAll(/`([^`]+)`/g)].flatMap(([, action]) =>
          resourcesIn(resources.replace('<kind>', role.replace('notify-', '')), role).map(
            (resource) => `${role}: ${action} on ${resource}`,
          ),
        ),
      );
    });
  return permissions.sort();
}

describe('the roles in docs/security.md', () => {
  it('may do what those of the template may, and nothing else', () => {
    expect(permissionsInDocs()).toEqual(permissionsInTemplate());
  });

  it('are wide in no other place than the docs say', () => {
    const wide = permissionsInTemplate().filter((permission) => permission.endsWith(' on *'));
    expect(wide).toEqual([
      'api: cloudwatch:DescribeAlarms on *',
      'reconcile: cloudwatch:DescribeAlarms on *',
      'reconcile: cloudwatch:PutMetricData on *',
    ]);
  });
});
