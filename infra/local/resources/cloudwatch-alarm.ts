import { alarmType } from './alarm-type.ts';

export const cloudwatchAlarm = alarmType('PutMetricAlarm');
