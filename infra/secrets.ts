import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { pauseNotice } from '../shared/pauses/notice.ts';

/**
 * Lets a function read exactly these secrets of the system, SecureStrings under the account's free `aws/ssm` key.
 * @param region where the secrets are. Default: the function's own
 */
export function grantSecrets(
  reader: LambdaFunction,
  prefix: string,
  names: readonly string[],
  region = Stack.of(reader).region,
): void {
  if (names.length === 0) return;
  reader.addToRolePolicy(
    new PolicyStatement({
      actions: ['ssm:GetParameter'],
      resources: [...new Set(names)].map((name) => parameterArn(reader, prefix + name, region)),
    }),
  );
}

/** Lets a function tell the probes which monitors to leave alone. */
export function grantPauseNotice(pauser: LambdaFunction, prefix: string): void {
  pauser.addToRolePolicy(
    new PolicyStatement({
      actions: ['ssm:PutParameter'],
      resources: [parameterArn(pauser, prefix + pauseNotice, Stack.of(pauser).region)],
    }),
  );
}

/** @param parameter full name, e.g. `/tocsin/acme/admin-token` */
const parameterArn = (scope: Construct, parameter: string, region: string) =>
  Stack.of(scope).formatArn({
    region,
    service: 'ssm',
    resource: 'parameter',
    resourceName: parameter.slice(1),
  });
