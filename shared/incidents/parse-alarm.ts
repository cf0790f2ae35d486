import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { AlarmSignal, Subject } from './incident.ts';
import { isTestReason } from './test-alert.ts';

/** Characters kept of a text in an unknown form. */
const rawLimit = 4_000;

/** CloudWatch's own limit of a reason (`StateReason`), in characters. */
const reasonLimit = 1_023;

const state = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
const text = z.catch(z.optional(z.string()), undefined);
/** Part of a key in DynamoDB, which takes 2,048 bytes. */
const id = (limit: number) =>
  z.catch(z.optional(z.string().check(z.minLength(1), z.maxLength(limit))), undefined);
const loose = z.catch(z.optional(z.looseObject({})), undefined);

/** SNS puts the HTTP form of its envelope into an SQS body, unless delivery is raw. */
const envelope = z.looseObject({
  Type: z.string(),
  Message: z.string(),
  Timestamp: text,
  Subject: text,
});

/** What all forms of a notification share. Anything else may be absent, null, or new. */
const notification = z.looseObject({
  AlarmName: z.string().check(z.minLength(1), z.maxLength(255)),
  AlarmDescription: text,
  AWSAccountId: id(64),
  NewStateValue: state,
  OldStateValue: z.catch(z.optional(state), undefined),
  NewStateReason: text,
  StateChangeTime: text,
  AlarmArn: id(512),
  AlarmRule: text,
  Trigger: loose,
  AlarmContributorId: id(256),
  AlarmContributor: z.catch(z.optional(z.object({ ContributorId: id(256), id: id(256) })), undefined),
});

type Notification = z.infer<typeof notification>;

/**
 * Reads the body of an SQS record from the `alarms` topic. Never throws: what it does not understand
 * becomes a signal of form `unknown` in state ALARM, so that it reaches people.
 * @param system the config's name: alarms called `<system>/<type>/<id>` are our own
 * @param sentAt when the message was sent, epoch milliseconds: stands in for a time that is missing or lies in the future
 */
export function parseAlarm(body: string, system: string, sentAt: number): AlarmSignal {
  const outer = envelope.safeParse(parseJson(body));
  const message = outer.success ? outer.data.Message : body;
  const published = (outer.success && parseTime(outer.data.Timestamp)) || sentAt;
  const inner = notification.safeParse(parseJson(message));
  if (inner.success) return signalOf(inner.data, system, published);
  return unknownSignal(message, outer.success ? outer.data.Subject : undefined, published);
}

function signalOf(alarm: Notification, system: string, published: number): AlarmSignal {
  const arn = alarm.AlarmArn;
  const contributor = contributorOf(alarm);
  const account = accountOf(arn) ?? alarm.AWSAccountId;
  const region = regionOf(arn);
  const alarmKey = arn ?? `${account ?? ''}:${alarm.AlarmName}`;
  return {
    form: contributor ? 'contributor' : formOf(alarm),
    key: contributor ? `${alarmKey}#${contributor}` : alarmKey,
    name: alarm.AlarmName,
    ...(alarm.AlarmDescription && { description: alarm.AlarmDescription }),
    ...(account && { account }),
    ...(region && { region }),
    state: alarm.NewStateValue,
    ...(alarm.OldStateValue && { previousState: alarm.OldStateValue }),
    at: Math.min(parseTime(alarm.StateChangeTime) ?? published, published),
    reason: start(alarm.NewStateReason ?? '', reasonLimit),
    ...(isTestReason(alarm.NewStateReason ?? '') && { test: true }),
    subject: subjectOf(alarm.AlarmName, alarmKey, system),
  };
}

/** Metric math has `Metrics` in its trigger, an anomaly band a threshold metric too, a composite alarm no trigger at all. */
function formOf({ Trigger: trigger, AlarmRule: rule }: Notification): AlarmSignal['form'] {
  if (!trigger) return rule === undefined ? 'metric' : 'composite';
  if (trigger.ThresholdMetricId !== undefined) return 'anomaly';
  return Array.isArray(trigger.Metrics) ? 'math' : 'metric';
}

/** Its JSON is not documented: both spellings of CloudWatch's other interfaces are read. */
function contributorOf(alarm: Notification): string | undefined {
  if (alarm.AlarmContributorId) return alarm.AlarmContributorId;
  return alarm.AlarmContributor?.ContributorId ?? alarm.AlarmContributor?.id;
}

function unknownSignal(message: string, subject: string | undefined, published: number): AlarmSignal {
  const key = createHash('sha256').update(message).digest('hex').slice(0, 32);
  return {
    form: 'unknown',
    key,
    name: start(subject ?? firstLine(message), 255),
    state: 'ALARM',
    at: published,
    reason: start(message, reasonLimit),
    subject: { type: 'alarm', id: key },
    raw: start(message, rawLimit),
  };
}

/** Half of a character would be refused by the table. */
const start = (text: string, limit: number) => text.slice(0, limit).toWellFormed();

const firstLine = (message: string) => message.trim().split(/\r?\n/, 1)[0] || 'empty message';

/**
 * What an alarm is about, by its name: `acme/monitor/website` is our monitor `website`, `acme/monitor/website/degraded` the same
 * when it is degraded, anything else is itself.
 */
export function subjectOf(name: string, key: string, system: string): Subject {
  const prefix = `${system}/`;
  const [, type, id] = (name.startsWith(prefix) && /^([a-z]+)\/(.+)$/s.exec(name.slice(prefix.length))) || [];
  const [, monitor, aspect] = (type === 'monitor' && /^([^/]+)\/(degraded)$/.exec(id!)) || [];
  if (type === 'monitor' && monitor && aspect === 'degraded') return { type, id: monitor, aspect };
  if (id !== undefined && (type === 'monitor' || type === 'rule' || type === 'slo' || type === 'self'))
    return { type, id };
  return { type: 'alarm', id: key };
}

/** Region code of an ARN in any partition: `arn:aws-cn:cloudwatch:cn-north-1:…`. The `Region` field is a name for people. */
const regionOf = (arn: string | undefined) => arn?.split(':')[3] || undefined;

const accountOf = (arn: string | undefined) => arn?.split(':')[4] || undefined;

/** Epoch milliseconds of a time as CloudWatch writes it, `2026-11-20T05:10:00.123+0000`; undefined where it is none. */
export function parseTime(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const at = Date.parse(time.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? undefined : at;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
