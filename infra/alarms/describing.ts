import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../../shared/config/config.ts';

/** Lets a function silence the alarms of this system's monitors, wake them and set them to OK. */
export function grantPauseAlarms(pauser: LambdaFunction, { name }: Pick<Config, 'name'>): void {
  const stack = Stack.of(pauser);
  const resource = { service: 'cloudwatch', resource: 'alarm', resourceName: `${name}/monitor/*` };
  const ofMonitors = stack.formatArn({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const actions = ['DisableAlarmActions', 'EnableAlarmActions', 'SetAlarmState'];
  pauser.addToRolePolicy(
    new PolicyStatement({
      actions: actions.map((action) => `cloudwatch:${action}`),
      resources: [ofMonitors],
    }),
  );
  // A stack that knows its Region has it in the ARN.
  const isAnywhere = Token.isUnresolved(stack.region);
  const place = isAnywhere ? '<AWS::Partition>:cloudwatch:<AWS::Region>' : `aws:cloudwatch:${stack.region}`;
  Validations.of(pauser.role!).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:${place}:<AWS::AccountId>:alarm:${name}/monitor/*]`,
    reason: 'any monitor may be paused; ten thousand alarms do not fit into a policy by name',
  });
}

/** Lets a function see the states of alarms. */
export function grantDescribeAlarms(reader: LambdaFunction): void {
  reader.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
  Validations.of(reader.role!).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'DescribeAlarms leaves out composite alarms unless it is allowed on all resources',
  });
}
