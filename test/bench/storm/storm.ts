/**
 * 5,000 alarms in ten seconds, through the functions as they deploy, in the local runtime: how many messages each channel gets, when the
 * first page comes, how long it takes to drain, and that nothing is lost; then everything recovers. Takes some minutes.
 * `npm run bench:storm`, or with another number `npm run bench:storm -- 500`.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { defaultRate } from '../../../shared/notifications/delivery/storm-guard.ts';
import { isBusy, type Left, messagesPerMinute, readLeft, toldOf } from './measure.ts';
import { idOf, raise, type Shape } from './stack.ts';

const monitors = Number(process.argv[2] ?? 5_000);
const shape: Shape = { monitors, critical: Math.ceil(monitors / 50), grouped: monitors / 2, teams: 20 };

/** Targets: milliseconds. */
const limits = { firstPage: 15_000, drained: 10 * 60_000 };

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/alarm-events/metric.json', import.meta.url), 'utf8'),
);

/** An alarm's notification. The alarms are of another Region: nobody asks CloudWatch here whether they exist. */
function notification(index: number, state: 'ALARM' | 'OK', at: number): string {
  const AlarmName = `storm/monitor/${idOf(index)}`;
  return JSON.stringify({
    ...recorded,
    AlarmName,
    AlarmArn: `arn:aws:cloudwatch:eu-west-1:000000000000:alarm:${AlarmName}`,
    NewStateValue: state,
    OldStateValue: state === 'OK' ? 'ALARM' : 'OK',
    StateChangeTime: new Date(at).toISOString().replace('Z', '+0000'),
  });
}

const stack = await raise(shape);
const sns = new SNSClient({
  endpoint: stack.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});
const TopicArn = 'arn:aws:sns:us-east-1:000000000000:Tocsin-storm-alarms';

/** All alarms change within ten seconds, in no order. */
async function change(state: 'ALARM' | 'OK'): Promise<void> {
  const order = Array.from({ length: monitors }, (_, n) => (n * 7_919) % monitors);
  const from = Date.now();
  for (let sent = 0; sent < monitors; sent += 10) {
    const batch = order.slice(sent, sent + 10);
    const PublishBatchRequestEntries = batch.map((index) => ({
      Id: idOf(index),
      Message: notification(index, state, Date.now()),
    }));
    await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    await pause(Math.max(0, from + ((sent + 10) / monitors) * 10_000 - Date.now()));
  }
}

/** Waits until nothing is under way, and every incident is told and in the state that its alarms are in. */
async function drained(status: 'triggered' | 'resolved', from: number): Promise<Left> {
  for (;;) {
    // Groups wait 30 s before they are told.
    await pause(40_000);
    while (await isBusy(stack)) await pause(2_000);
    const left = await readLeft(stack);
    const firing = left.alerts.filter(({ endedAt }) => endedAt === undefined).length;
    const done =
      left.alerts.length === monitors &&
      firing === (status === 'resolved' ? 0 : monitors) &&
      left.incidents.every(
        (incident) => incident.status === status && (status === 'resolved' || incident.announced),
      );
    if (done || Date.now() - from > limits.drained) return left;
  }
}

const verdict = (what: string, figure: string, holds: boolean, limit: string) => {
  console.log(`${holds ? '  ok  ' : ' FAIL '}  ${what.padEnd(34)} ${figure} (${limit})`);
  if (!holds) process.exitCode = 1;
};

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

function report(type: 'firing' | 'resolved', left: Left, from: number, to: number): void {
  const { alone, together, lost, doubled } = toldOf(left, type);
  console.log(`        told alone ${alone}, in digests ${together}`);
  for (const [channel, minutes] of messagesPerMinute(stack, from))
    verdict(
      `messages to ${channel}`,
      `${minutes.join(', ')} a minute`,
      Math.max(...minutes) <= defaultRate + 1,
      `at most ${defaultRate} and a digest`,
    );
  verdict('lost', String(lost), lost === 0, '0');
  verdict('doubled', String(doubled), doubled === 0, '0');
  verdict('drained after', seconds(to - from), to - from <= limits.drained, seconds(limits.drained));
}

try {
  const from = Date.now();
  console.log(`at a load of ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} processors`);
  console.log(
    `${monitors} alarms in 10 s: ${shape.critical} critical, ${shape.grouped} in ${shape.teams} groups`,
  );
  await change('ALARM');
  const left = await drained('triggered', from);
  const end = Math.max(...left.ledger.map(({ at }) => at));
  verdict('alarms stored', String(left.alerts.length), left.alerts.length === monitors, `${monitors}`);
  console.log(`        incidents ${left.incidents.length}`);
  const pages = left.ledger.filter(({ channel, result }) => channel === 'oncall' && result === 'sent');
  const firstPage = Math.min(...pages.map(({ at }) => at)) - from;
  verdict('first page after', seconds(firstPage), firstPage <= limits.firstPage, seconds(limits.firstPage));
  report('firing', left, from, end);

  const again = Date.now();
  console.log('All recover:');
  await change('OK');
  const over = await drained('resolved', again);
  report('resolved', over, again, Math.max(...over.ledger.map(({ at }) => at)));
  for (const title of over.own) console.log(`        about Tocsin itself: ${title}`);
  const { user, system } = process.cpuUsage();
  console.log(`        CPU of everything, AWS included: ${seconds((user + system) / 1_000)}`);
  if (stack.errors.length > 0) console.log(`${stack.errors.length} errors, the first:\n${stack.errors[0]}`);
} finally {
  sns.destroy();
  await stack.stop();
}
