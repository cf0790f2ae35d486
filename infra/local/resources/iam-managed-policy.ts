import * as z from 'zod/mini';
import { policyDocument, statementsOf } from '../policy.ts';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

export const iamManagedPolicy = resourceType(
  {
    ManagedPolicyName: optionalText,
    PolicyDocument: policyDocument,
    Roles: z.optional(z.array(z.string())),
    Path: z.optional(z.literal('/')),
    Description: onAwsOnly,
  },
  ({ ManagedPolicyName, PolicyDocument, Roles = [] }, { named, world }) => {
    const arn = `arn:aws:iam::${world.runtime.account}:policy/${named(ManagedPolicyName)}`;
    const statements = statementsOf(PolicyDocument);
    world.managedPolicies.set(arn, statements);
    for (const role of Roles) world.identities.grant(role, statements);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
);
