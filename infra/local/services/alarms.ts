import { type Runtime, ServiceError } from '../service.ts';
import { type Alarm, type AlarmStatus, breaches, type CompositeAlarm, type MetricAlarm } from './alarm.ts';
import { type AlarmState, type Evaluation, evaluate, evaluationRange } from './alarm-evaluation.ts';
import { type AlarmNotification, alarmNotification } from './alarm-notification.ts';
import { reasonData, stateReason } from './alarm-reason.ts';
import { childrenOf, holds } from './alarm-rule.ts';
import { type HistoryItem, openAlarmStates } from './alarm-states.ts';
import { runQueries } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import { createMuteRules, type MuteRule } from './mute-rules.ts';

/** Publishes to an SNS topic; rejects where SNS refuses. */
export type PublishAlarm = (topicArn: string, notification: AlarmNotification) => Promise<void>;

/** How often CloudWatch evaluates alarms whose period is under a minute, and all others; milliseconds. */
const highResolution = 10_000;
const standard = 60_000;

interface Kept {
  alarm: Alarm;
  status: AlarmStatus;
  /** Nothing before is counted as missing: the alarm did not exist yet, the runtime did not run, or the machine slept. Epoch milliseconds. */
  since: number;
}

export type Alarms = ReturnType<typeof createAlarms>;

/** Alarms on the runtime's clock. Their definitions come from the template; their states and history survive a restart. */
export function createAlarms(
  runtime: Runtime,
  store: MetricStore,
  /** Called before every minute's evaluation, for services that measure themselves. */
  measure: () => void,
  publish: PublishAlarm,
) {
  const { clock } = runtime;
  const saved = openAlarmStates(runtime);
  const alarms = new Map<string, Kept>();
  const rules = createMuteRules();
  let next = { time: Number.POSITIVE_INFINITY, cancel: () => {} };

  function schedule(): void {
    const fast = [...alarms.values()].some(({ alarm }) => stepOf(alarm) === highResolution);
    const step = fast ? highResolution : standard;
    const time = (Math.floor(clock.now() / step) + 1) * step;
    if (next.time <= time && next.time > clock.now()) return;
    next.cancel();
    const due = clock.at(time, () => tick(time));
    next = { time, cancel: () => due.cancel() };
  }

  async function tick(dueAt: number): Promise<void> {
    if (clock.now() - dueAt > standard) for (const kept of alarms.values()) kept.since = clock.now();
    const time = Math.floor(clock.now() / highResolution) * highResolution;
    next = { time: Number.POSITIVE_INFINITY, cancel: () => {} };
    schedule();
    if (time % standard === 0) measure();
    const metric = [...alarms.values()].filter(
      ({ alarm }) => alarm.kind === 'metric' && time % stepOf(alarm) === 0,
    );
    await Promise.all(metric.map((kept) => evaluateMetric(kept, kept.alarm as MetricAlarm, time)));
    await evaluateComposites();
    for (const kept of alarms.values()) await actAfterMute(kept);
  }

  /** The rule that muted it is over, and it is still in the state that nobody was told of. */
  async function actAfterMute(kept: Kept): Promise<void> {
    const { mutedFrom, ...status } = kept.status;
    if (mutedFrom === undefined || rules.isMuted(kept.alarm.name, clock.now())) return;
    kept.status = status;
    saved.write(kept.alarm.name, status);
    if (kept.alarm.actionsEnabled) await act(kept, mutedFrom, true);
  }

  async function evaluateMetric(kept: Kept, alarm: MetricAlarm, time: number): Promise<void> {
    const evaluation = evaluateAlarm(store, alarm, { time, since: kept.since }, kept.status.state);
    if (evaluation.state === kept.status.state) return;
    const reason = stateReason(alarm, evaluation, kept.status.state);
    await enter(kept, evaluation.state, reason, reasonData(alarm, evaluation, time));
  }

  async function evaluateComposites(): Promise<void> {
    for (const kept of alarms.values())
      if (kept.alarm.kind === 'composite') await evaluateComposite(kept, kept.alarm);
  }

  async function evaluateComposite(kept: Kept, { rule, ruleText }: CompositeAlarm): Promise<void> {
    const state = holds(rule, (name) => alarms.get(name)?.status.state) ? 'ALARM' : 'OK';
    if (state !== kept.status.state) await enter(kept, state, `the rule ${ruleText} is ${state === 'ALARM'}`);
  }

  /** A new state: remembered, told in the history, and acted upon where it is another. */
  async function enter(kept: Kept, state: AlarmState, reason: string, data?: string): Promise<void> {
    const { alarm, status: old } = kept;
    const now = clock.now();
    const changed = state !== old.state;
    const isMuted = rules.isMuted(alarm.name, now);
    const mutedFrom = changed ? (isMuted ? old.state : undefined) : old.mutedFrom;
    kept.status = {
      state,
      reason,
      reasonData: data,
      updatedAt: now,
      transitionedAt: changed ? now : old.transitionedAt,
      ...(mutedFrom && { mutedFrom }),
    };
    saved.write(alarm.name, kept.status);
    if (!changed) return;
    remember(alarm, 'StateUpdate', `Alarm updated from ${old.state} to ${state}`);
    if (state === 'ALARM' || old.state === 'ALARM')
      runtime.log(`alarm ${alarm.name}: ${old.state} -> ${state}: ${reason}`);
    if (isMuted) remember(alarm, 'Action', `Muted the actions of ${state}: a mute rule is on`);
    else if (alarm.actionsEnabled) await act(kept, old.state, false);
  }

  async function act({ alarm, status }: Kept, from: AlarmState, isAfterMute: boolean): Promise<void> {
    const { region, account } = runtime;
    const notification = alarmNotification({
      alarm,
      from,
      to: status,
      region,
      account,
      isAfterMute,
      children: childStates(alarm),
    });
    for (const action of alarm.actions[status.state]) {
      try {
        await publish(action, notification);
        remember(alarm, 'Action', `Successfully executed action ${action}`);
      } catch (error) {
        remember(alarm, 'Action', `Failed to execute action ${action}: ${(error as Error).message}`);
        runtime.log(`alarm ${alarm.name}: action ${action} failed: ${(error as Error).message}`);
      }
    }
  }

  function childStates(alarm: Alarm) {
    const names = alarm.kind === 'composite' ? childrenOf(alarm.rule) : [];
    return names.flatMap((name) => {
      const child = alarms.get(name);
      if (child?.status.state !== 'ALARM') return [];
      return [{ arn: child.alarm.arn, state: child.status.state, at: child.status.transitionedAt }];
    });
  }

  function remember(alarm: Alarm, type: HistoryItem['type'], summary: string): void {
    saved.remember({ alarm: alarm.name, kind: alarm.kind, at: clock.now(), type, summary });
  }

  function known(name: string): Kept {
    const kept = alarms.get(name);
    if (!kept) throw new ServiceError('ResourceNotFound', `no alarm ${name}`, 404);
    return kept;
  }

  schedule();

  return {
    /** Creates the alarm or replaces its settings; its state stays. */
    put(alarm: Alarm): void {
      const now = clock.now();
      const kept = alarms.get(alarm.name);
      const status = kept?.status ?? saved.read(alarm.name) ?? initialStatus(now);
      remember(alarm, 'ConfigurationUpdate', `Alarm "${alarm.name}" ${kept ? 'updated' : 'created'}`);
      alarms.set(alarm.name, { alarm, status, since: kept?.since ?? now });
      saved.write(alarm.name, status);
      schedule();
    },

    delete(name: string): void {
      alarms.delete(name);
      saved.forget(name);
    },

    /** By name, as CloudWatch lists them. */
    list: (): { alarm: Alarm; status: AlarmStatus }[] =>
      [...alarms.values()].sort((a, b) => (a.alarm.name < b.alarm.name ? -1 : 1)),

    /** Until the next evaluation, which corrects it. Runs the actions of the new state. */
    async setState(name: string, state: AlarmState, reason: string, data: string | undefined): Promise<void> {
      await enter(known(name), state, reason, data);
      await evaluateComposites();
    },

    enableActions(name: string, enabled: boolean): void {
      known(name).alarm.actionsEnabled = enabled;
    },

    /** Creates the rule or replaces it. */
    mute: (rule: MuteRule) => rules.put(rule),

    history: saved.history,

    close(): void {
      next.cancel();
      saved.close();
    },
  };
}

const stepOf = (alarm: Alarm) => (alarm.kind === 'metric' && alarm.period < 60 ? highResolution : standard);

const initialStatus = (now: number): AlarmStatus => ({
  state: 'INSUFFICIENT_DATA',
  reason: 'Unchecked: Initial alarm creation',
  reasonData: undefined,
  updatedAt: now,
  transitionedAt: now,
});

/** Reads the completed periods before `time` and judges them. */
function evaluateAlarm(
  store: MetricStore,
  alarm: MetricAlarm,
  { time, since }: { time: number; since: number },
  current: AlarmState,
): Evaluation {
  const step = alarm.period * 1000;
  const periods = evaluationRange(alarm.evaluationPeriods);
  const start = time - periods * step;
  const results = runQueries(store, alarm.queries, { start, end: time, periodOf: () => step });
  const returned = alarm.queries.find(({ ReturnData }) => ReturnData ?? true);
  const series = results.get(returned!.Id);
  const range = Array.from({ length: periods }, (_, index) => start + index * step)
    .map((at) => ({ time: at, value: series?.get(at) }))
    .filter((point) => point.value !== undefined || point.time >= since);
  return evaluate(
    range,
    { ...alarm, breaches: (value) => breaches[alarm.comparison](value, alarm.threshold) },
    current,
  );
}
