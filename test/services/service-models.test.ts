import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeploymentStage, deployment, deploymentStage } from '../end-to-end/deployment.ts';
import type { RecordedCall } from '../support/aws-account.ts';
import { tocsin } from '../support/tocsin.ts';
import { program } from './program.ts';

let stage: DeploymentStage;

beforeAll(async () => {
  stage = await deploymentStage();
});

afterAll(() => stage?.close());

/** What of the calls does not fit the models of AWS's own SDK. */
function misfits(calls: RecordedCall[]): string[] {
  const checker = path.join(import.meta.dirname, 'service-models.py');
  const { stdout, stderr, status } = spawnSync(program('python3'), [checker], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`service-models.py ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

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
