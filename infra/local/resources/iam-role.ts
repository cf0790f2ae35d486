import * as z from 'zod/mini';
import { policyDocument, type Statement, statementsOf } from '../policy.ts';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

/** Policies that AWS keeps, as far as functions use them. */
const awsManaged: Record<string, Statement[]> = {
  'service-role/AWSLambdaBasicExecutionRole': [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    },
  ],
};

export const iamRole = resourceType(
  {
    AssumeRolePolicyDocument: policyDocument,
    RoleName: optionalText,
    Path: z.optional(z.literal('/')),
    Policies: z.optional(z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument }))),
    ManagedPolicyArns: z.optional(z.array(z.string())),
    Description: onAwsOnly,
    Tags: onAwsOnly,
  },
  ({ RoleName, Policies = [], ManagedPolicyArns = [] }, { named, world }) => {
    const name = named(RoleName);
    const arn = `arn:aws:iam::${world.runtime.account}:role/${name}`;
    world.identities.addRole({ name, arn });
    for (const policy of Policies) world.identities.grant(name, statementsOf(policy.PolicyDocument));
    for (const managed of ManagedPolicyArns) {
      const statements = world.managedPolicies.get(managed) ?? awsManaged[managed.split(':policy/')[1] ?? ''];
      if (!statements) throw new Error(`ManagedPolicyArns: ${managed} is not known locally`);
      world.identities.grant(name, statements);
    }
    return { ref: name, attributes: { Arn: arn, RoleId: name } };
  },
);
