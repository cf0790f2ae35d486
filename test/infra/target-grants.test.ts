import { beforeAll, describe, expect, it } from 'vitest';
import {
  configOf,
  listOf,
  monitor,
  type PolicyDocument,
  type Synthesis,
  synthesize,
  written,
} from '../support/synthesis.ts';

const arn = 'arn:aws:execute-api:eu-central-1:123456789012:a1b2c3/prod/GET/health';
const signed = (allow?: object) => ({
  url: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com/prod/health',
  auth: { sigv4: { service: 'execute-api', region: 'eu-central-1', ...(allow && { allow }) } },
});
const allow = { actions: ['execute-api:Invoke'], resources: [arn] };

const network = {
  vpcId: 'vpc-0a1b2c3d',
  subnets: ['subnet-0a1b2c3d'],
  securityGroups: ['sg-0a1b2c3d'],
};

let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesize(
    configOf(
      [
        monitor('orders', { settings: signed(allow) }),
        monitor('health', { kind: 'health', settings: signed({ ...allow, resources: [`${arn}z`] }) }),
        monitor('flow', {
          kind: 'api',
          settings: { steps: [signed({ ...allow, resources: [`${arn}/first`] })], cleanup: [] },
        }),
        monitor('known-by-its-role', { settings: signed() }),
        monitor('plain', { locations: ['home', 'office'] }),
      ],
      { locations: [{ id: 'home' }, { id: 'office', network }] },
    ),
  );
});

/** What a probe may do to targets, as `action on resource`. */
function grantsOf(location: string): string[] {
  const probes = Object.values(
    synthesis.ofType<{ FunctionName: string; Role: unknown }>('AWS::Lambda::Function'),
  );
  const role = written(
    probes.find(({ Properties }) => Properties.FunctionName.endsWith(`probe-${location}`))!.Properties.Role,
  );
  const policies = synthesis.ofType<{ Roles: unknown[]; PolicyDocument: PolicyDocument }>('AWS::IAM::Policy');
  return Object.values(policies)
    .filter(({ Properties: { Roles } }) => role === `${written(Roles[0]).slice(0, -1)}.Arn>`)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      listOf(Action).flatMap((action) => listOf(Resource).map((to) => `${action} on ${written(to)}`)),
    )
    .filter((grant) => grant.startsWith('execute-api:'))
    .sort();
}

describe('the role of a probe', () => {
  it('may ask for the targets of its own monitors that name them, and for exactly these', () => {
    expect(grantsOf('home')).toEqual([
      `execute-api:Invoke on ${arn}`,
      `execute-api:Invoke on ${arn}/first`,
      `execute-api:Invoke on ${arn}z`,
    ]);
  });

  it('may ask for none that other locations check', () => {
    expect(grantsOf('office')).toEqual([]);
  });
});
