import type { ResourceType } from './resource.ts';

/** An alarm has the properties of the operation that makes it, which refuses those it does not know. */
export const alarmType = (operation: 'PutMetricAlarm' | 'PutCompositeAlarm'): ResourceType => ({
  create(properties, { named, arn, world }) {
    const given = properties as { AlarmName?: string };
    const name = named(given.AlarmName);
    const prepare = async () => {
      await world.cloudwatch.handle({ operation, input: { ...given, AlarmName: name }, caller: undefined });
    };
    return { ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) }, prepare };
  },
});
