import * as z from 'zod/mini';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

export const cloudwatchAlarmMuteRule = resourceType(
  {
    Name: optionalText,
    Description: onAwsOnly,
    Rule: z.strictObject({
      Schedule: z.strictObject({ Expression: z.string(), Duration: z.string(), Timezone: optionalText }),
    }),
    MuteTargets: z.strictObject({ AlarmNames: z.array(z.string()) }),
    Tags: onAwsOnly,
  },
  ({ Name, Rule, MuteTargets }, { named, arn, world }) => {
    const name = named(Name);
    const prepare = async () => {
      const input = { Name: name, Rule, MuteTargets };
      await world.cloudwatch.handle({ operation: 'PutAlarmMuteRule', input, caller: undefined });
    };
    return { ref: name, attributes: { Arn: arn('cloudwatch', `alarm-mute-rule:${name}`) }, prepare };
  },
);
