import { alarmType } from './alarm-type.ts';

export const cloudwatchCompositeAlarm = alarmType('PutCompositeAlarm');
