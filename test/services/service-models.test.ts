import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeploymentStage, deployment, deploymentStage } from '../end-to-end/deployment.ts';
import { tocsin } from '../support/tocsin.ts';
import { misfits } from './service-models.ts';

let stage: DeploymentStage;

beforeAll(async () => {
  stage = await deploymentStage();
});

afterAll(() => stage?.close());

it('every call of a deployment is one that AWS has, with its members and all that are needed', async () => {
  const { calls, environment, run } = await deployment(stage);
  await run();
  await tocsin(['doctor', '--config', 'test/fixtures/cli/slack-and-mail.config.ts'], { environment });
  await tocsin(['secrets', 'list'], { environment });

  const services = new Set(calls.map(({ service }) => service));
  expect([...services].toSorted()).toEqual(['cloudformation', 'monitoring', 'ses', 'ssm', 'sts']);
  expect(misfits(calls)).toEqual([]);
});

it('a call that AWS has not, or that lacks something, is found', () => {
  const calls = [
    { service: 'ssm', operation: 'PutParameters', input: {} },
    { service: 'ssm', operation: 'PutParameter', input: { Name: '/tocsin/acme/x', Valeu: 'y' } },
  ];
  expect(misfits(calls)).toEqual([
    'ssm:PutParameters: there is no such operation',
    'ssm:PutParameter: Valeu is no member',
    expect.stringContaining('Missing required parameter in input: "Value"'),
  ]);
});
