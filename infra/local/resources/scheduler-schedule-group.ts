import { onAwsOnly, optionalText, resourceType } from './resource.ts';

export const schedulerScheduleGroup = resourceType(
  { Name: optionalText, Tags: onAwsOnly },
  ({ Name }, { named, arn }) => {
    const name = named(Name);
    return { ref: name, attributes: { Arn: arn('scheduler', `schedule-group/${name}`) } };
  },
);
