import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** Lets a function see the states of alarms. */
export function grantDescribeAlarms(reader: LambdaFunction): void {
  reader.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
  Validations.of(reader.role!).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'DescribeAlarms leaves out composite alarms unless it is allowed on all resources',
  });
}
