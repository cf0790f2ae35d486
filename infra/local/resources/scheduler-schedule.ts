import * as z from 'zod/mini';
import { parseSchedule } from '../schedule-expression.ts';
import { startSchedule } from '../scheduler.ts';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

export const schedulerSchedule = resourceType(
  {
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: optionalText,
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
    Target: z.strictObject({
      Arn: z.string().check(z.regex(/^arn:aws:lambda:/, 'only functions are scheduled locally')),
      RoleArn: z.string(),
      Input: optionalText,
      // Starting a function never fails here, so there is nothing to repeat.
      RetryPolicy: onAwsOnly,
    }),
    Name: optionalText,
    GroupName: optionalText,
    State: z.optional(z.enum(['ENABLED', 'DISABLED'])),
    Description: onAwsOnly,
  },
  (properties, { named, arn, world }) => {
    const { Target } = properties;
    const { clock, log } = world.runtime;
    const name = named(properties.Name);
    const scheduleArn = arn('scheduler', `schedule/${properties.GroupName ?? 'default'}/${name}`);
    const recurrence = parseSchedule(
      properties.ScheduleExpression,
      properties.ScheduleExpressionTimezone ?? 'UTC',
    );
    const run = (event: unknown) => {
      const attempt = { action: 'lambda:InvokeFunction', resource: Target.Arn };
      const refused = world.identities.roleRefusal(Target.RoleArn, attempt);
      if (refused) return log(`SCHEDULE ${name} STARTED NOTHING: ${refused}`);
      world.lambda.invokeLater(Target.Arn, event);
    };
    const start = () => {
      if (properties.State !== 'DISABLED')
        startSchedule({ arn: scheduleArn, recurrence, input: Target.Input ?? '{}', run }, clock);
    };
    return { ref: name, attributes: { Arn: scheduleArn }, start };
  },
);
