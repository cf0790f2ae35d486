import * as z from 'zod/mini';
import { policyDocument, statementsOf } from '../policy.ts';
import { resourceType } from './resource.ts';

export const iamPolicy = resourceType(
  { PolicyName: z.string(), PolicyDocument: policyDocument, Roles: z.array(z.string()) },
  ({ PolicyName, PolicyDocument, Roles }, { world }) => {
    for (const role of Roles) world.identities.grant(role, statementsOf(PolicyDocument));
    return { ref: PolicyName };
  },
);
