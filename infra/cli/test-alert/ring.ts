import { testReason } from '../../../shared/incidents/test-alert.ts';
import { assertUsable, overReason } from '../../../shared/test-alerts/alarm.ts';
import { answersIn, type ChannelAnswer, isFinal } from '../../../shared/test-alerts/answers.ts';
import type { AlarmPorts } from '../../../shared/test-alerts/testing.ts';
import { CommandError } from '../command.ts';
import type { ConsoleApi } from './console-api.ts';

/** What a test needs of the world. */
export interface RingPorts extends AlarmPorts {
  api: ConsoleApi;
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

/** Seconds until an answer counts as missing: cold starts, SNS, SQS and a provider's own time. */
const patience = 90;

/**
 * Sets a monitor's alarm, waits for what each channel answers, and sets it back: the very path of a real alert. The alarm is set
 * back whatever happens; CloudWatch's next evaluation would do so too.
 * @throws TestRefusal where the alarm cannot be used, CommandError where no incident comes of it
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
    await setAlarm(alarm, 'OK', overReason(testReason(who)));
  }
  await answersTo('resolved', incident, channels, ports);
  const ledger = await api.readLedger(incident);
  const answers = (['firing', 'resolved'] as const).flatMap((event) => answersIn(ledger, event, channels));
  const resolved = (await find())?.status === 'resolved';
  return { incident, answers, resolved };
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
  return until(ports, ask, (answers) => answers.every(isFinal));
}
