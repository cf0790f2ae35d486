import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { alarmDescriber, alarmSwitch } from '../../../shared/aws/cloudwatch.ts';
import type { Aws } from '../../../shared/aws/environment.ts';
import { notifiedChannels } from '../../../shared/config/channel-kinds.ts';
import type { Config } from '../../../shared/config/config.ts';
import { severityOf, severityWords } from '../../../shared/config/schema.ts';
import { alarmOf, assertUnmuted } from '../../../shared/test-alerts/alarm.ts';
import type { ChannelAnswer } from '../../../shared/test-alerts/answers.ts';
import { chooseMonitor, type Wanted } from '../../../shared/test-alerts/choose.ts';
import { TestRefusal } from '../../../shared/test-alerts/refusal.ts';
import type { AlarmPorts } from '../../../shared/test-alerts/testing.ts';
import { openAccount } from '../account.ts';
import { type Command, CommandError, type ExitCode, UsageError } from '../command.ts';
import { openLocal } from '../local-account.ts';
import { consoleAccess } from '../login.ts';
import { configFile, configOption, readOptions } from '../options.ts';
import { readConfig } from '../read-config.ts';
import { consoleApi } from './console-api.ts';
import { type RingPorts, ring } from './ring.ts';

/** Sets an alarm for real, marked as a test, and shows what every channel answered. */
export const testAlert: Command = {
  summary: 'sends a marked test through the real path, and shows what each channel answered',
  usage: '[--channel ID] [--severity WORD] [--monitor ID] [--url http://localhost:4400] [--config FILE]',
  async run(args) {
    const options = readOptions(args, {
      ...configOption,
      channel: { type: 'string' },
      severity: { type: 'string' },
      monitor: { type: 'string' },
      url: { type: 'string' },
    });
    const severity = options.severity === undefined ? undefined : severityOf(options.severity);
    if (options.severity !== undefined && severity === undefined)
      throw new UsageError(`--severity ${options.severity}: it is ${severityWords.join(', ')}`);
    const config = await readConfig(configFile(options.config), { local: options.url !== undefined });
    const place = options.url === undefined ? await deployed(config) : local(options.url);
    return sendTestAlert(config, { ...options, severity }, place);
  },
};

/** Where a system runs that a test goes through. */
export interface Place {
  ports: RingPorts;
  /** Of its console, without a slash at the end. */
  url: string;
}

/** A system in the account. */
export async function deployed(config: Config): Promise<Place> {
  const account = await openAccount(config);
  const { url, token } = await consoleAccess(account, config.name);
  return { url, ports: { ...alarmPorts(account.aws), api: consoleApi(url, token), wait: second } };
}

/** A system under `npm start`; `endpoint` as in `openLocal`. */
export function local(address: string, endpoint?: string): Place {
  const { url, aws } = openLocal(address, endpoint);
  return { url, ports: { ...alarmPorts(aws), api: consoleApi(url), wait: second } };
}

const second = () => setTimeout(1_000);

const alarmPorts = (aws: Aws): AlarmPorts => ({
  describeAlarm: async (name) => (await alarmDescriber(aws)({ names: [name] }))[0],
  setAlarm: alarmSwitch(aws).setState,
});

/**
 * @returns 0 where every channel was told of the alert and of its end
 * @throws CommandError where that cannot be, or was not so
 */
export async function sendTestAlert(config: Config, wanted: Wanted, place: Place): Promise<ExitCode> {
  try {
    return await send(config, wanted, place);
  } catch (error) {
    throw error instanceof TestRefusal ? refused(error) : error;
  }
}

/** With what to run next, where the refusal does not say it. */
function refused({ code, message }: TestRefusal): CommandError {
  const isAnswered = code === 'nothing-fits' || message.includes('\n');
  return new CommandError(
    isAnswered ? message : `${message}\nnpm run tocsin -- test-alert --monitor …   # another one`,
  );
}

async function send(config: Config, wanted: Wanted, { ports, url }: Place): Promise<ExitCode> {
  const { monitor, receivers } = chooseMonitor(config, wanted);
  assertUnmuted(config, monitor, Date.now());
  const notified = new Set(notifiedChannels(config).map(({ id }) => id));
  const channels = receivers.filter((id) => notified.has(id));
  const alarm = alarmOf(config, monitor.id);
  console.log(`a test of ${alarm}, told to ${receivers.join(', ')}`);
  const rung = await ring({ alarm, monitor: monitor.id, channels, who: userInfo().username }, ports);
  for (const answer of rung.answers) console.log(formatAnswer(answer));
  for (const id of receivers.filter((each) => !notified.has(each)))
    console.log(`  ${id}: mailed by SNS to whoever confirmed, without an answer to show`);
  console.log(`${url}/incidents/${rung.incident}`);
  if (!rung.resolved)
    throw new CommandError(`the incident is still open\nresolve it at ${url}/incidents/${rung.incident}`);
  if (rung.answers.every(({ result }) => result === 'sent')) return 0;
  throw new CommandError('not every channel was told\nnpm run tocsin -- doctor');
}

export function formatAnswer({ channel, event, result, status, detail }: ChannelAnswer): string {
  const said = [status, detail].filter((part) => part !== undefined).join(' ');
  const text = result === 'waiting' ? 'no answer yet' : result;
  return `${result === 'sent' ? '✓' : '✗'} ${channel}, ${event}: ${text}${said ? ` (${said})` : ''}`;
}
