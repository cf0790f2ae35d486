import * as z from 'zod/mini';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

export const ssmParameter = resourceType(
  {
    Name: optionalText,
    Type: z.enum(['String', 'StringList']),
    Value: z.string(),
    Description: onAwsOnly,
    Tier: onAwsOnly,
    Tags: onAwsOnly,
  },
  ({ Name, Type, Value }, { named, world }) => {
    const name = named(Name);
    const prepare = async () => {
      const input = { Name: name, Type, Value, Overwrite: true };
      await world.ssm.handle({ operation: 'PutParameter', input, caller: undefined });
    };
    return { ref: name, attributes: { Type, Value }, prepare };
  },
);
