import type { DescribedAlarm } from '../../../shared/aws/cloudwatch.ts';
import { testReason } from '../../../shared/incidents/test-alert.ts';
import type { LedgerRow } from '../../../shared/notifications/delivery/ledger.ts';
import { CommandError } from '../command.ts';
import type { ConsoleApi } from './console-api.ts';

/** What a test needs of the world. */
export interface RingPorts {
  api: ConsoleApi;
  describeAlarm(name: string): Promise<DescribedAlarm | undefined>;
  setAlarm(name: string, state: 'OK' | 'ALARM', reason: string): Promise<void>;
  /** Lets a second pass. */
  wait(): Promise<unknown>;
}

export interface Bell {
  alarm: string;
  monitor: string;
  /** Channels whose answers are waited for. */
  channels: string[];
  /** Who tests: people read it. */
  who: string;
}

export interface Rung {
  incident: string;
  /** What each channel answered, to the alert and to its end; `waiting` where it did not in time. */
  answers: ChannelAnswer[];
  resolved: boolean;
}

export interface ChannelAnswer {
  channel: string;
  event: 'firing' | 'resolved';
  result: LedgerRow['result'] | 'waiting';
  detail?: string;
  status?: number;
}

/** Seconds until an answer counts as missing: cold starts, SNS, SQS and a provider's own time. */
const patience = 90;

/**
 * Sets a monitor's alarm, waits for what each channel answers, and sets it back: the very path of a real alert. The alarm is set
 * back whatever happens; CloudWatch's next evaluation would do so too.
 * @throws CommandError where the alarm cannot be used, or no incident comes of it
 */
export async function ring({ alarm, monitor, channels, who }: Bell, ports: RingPorts): Promise<Rung> {
  const { api, setAlarm } = ports;
  assertUsable(alarm, monitor, await ports.describeAlarm(alarm));
  const before = new Set((await api.listIncidents()).map(({ id }) => id));
  const isOurs = ({ id, groupKey, test }: Awaited<ReturnType<ConsoleApi['listIncidents']>>[number]) =>
    test === true && groupKey === `monitor/${monitor}` && !before.has(id);
  const find = async () => (await api.listIncidents()).find(isOurs);

  let incident: string | undefined;
  try {
    await setAlarm(alarm, 'ALARM', testReason(who));
    incident = (await until(ports, find, (found) => found !== undefined))?.id;
    if (incident === undefined)
      throw new CommandError(
        `the alarm ${alarm} was set, and no incident came of it in ${patience} s\nnpm run tocsin -- doctor   # and see docs/runbook.md`,
      );
    await answersTo('firing', incident, channels, ports);
  } finally {
    await setAlarm(alarm, 'OK', `${testReason(who)} is over`);
  }
  await answersTo('resolved', incident, channels, ports);
  const ledger = await api.readLedger(incident);
  const answers = (['firing', 'resolved'] as const).flatMap((event) => answersIn(ledger, event, channels));
  const resolved = (await find())?.status === 'resolved';
  return { incident, answers, resolved };
}

function assertUsable(name: string, monitor: string, alarm: DescribedAlarm | undefined): void {
  if (!alarm) throw new CommandError(`there is no alarm ${name}\nnpm run deploy`);
  if (alarm.state === 'ALARM')
    throw new CommandError(
      `${monitor} is failing now, and an alarm that fires cannot be tested\nnpm run tocsin -- test-alert --monitor …   # another one`,
    );
  if (!alarm.actionsEnabled)
    throw new CommandError(
      `${monitor} is paused, so its alarm tells nobody\nresume it, or name another by --monitor`,
    );
}

/** Asks every second until the answer is enough, or patience ends; the last answer. */
async function until<Answer>(
  { wait }: RingPorts,
  ask: () => Promise<Answer>,
  isEnough: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let second = 0; ; second++) {
    const answer = await ask();
    if (isEnough(answer) || second === patience) return answer;
    await wait();
  }
}

function answersTo(
  event: ChannelAnswer['event'],
  incident: string,
  channels: string[],
  ports: RingPorts,
): Promise<ChannelAnswer[]> {
  const ask = async () => answersIn(await ports.api.readLedger(incident), event, channels);
  return until(ports, ask, (answers) => answers.every(({ result }) => isFinal.has(result)));
}

const isFinal = new Set<ChannelAnswer['result']>(['sent', 'failed', 'superseded']);

type Ledger = Awaited<ReturnType<ConsoleApi['readLedger']>>;

function answersIn(ledger: Ledger, event: ChannelAnswer['event'], channels: string[]): ChannelAnswer[] {
  return channels.map((channel) => {
    const rows = ledger.filter(
      (row) => row.type === event && row.channel === channel && row.result !== 'duplicate',
    );
    const row = rows.find(({ result }) => isFinal.has(result)) ?? rows.at(-1);
    if (!row) return { channel, event, result: 'waiting' };
    const { result, detail, status } = row;
    return { channel, event, result, ...(detail && { detail }), ...(status && { status }) };
  });
}
