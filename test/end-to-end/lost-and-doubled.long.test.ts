import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudWatchClient,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
} from '@aws-sdk/client-cloudwatch';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { Trail } from '../../shared/notifications/delivery/trail.ts';
import { broken, healthy, noon, type Stack } from './stage.ts';
import { website } from './website.ts';

const site = website();

const recorded = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../fixtures/alarm-events/metric.json'), 'utf8'),
);

const client = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** Publishes an alarm notification of the recorded shape as CloudWatch would. */
async function publish(stack: Stack, state: 'ALARM' | 'OK', at: number, name = 'shop/monitor/checkout') {
  const sns = new SNSClient({ ...client, endpoint: stack.endpoint });
  const Message = JSON.stringify({
    ...recorded,
    AlarmName: name,
    AlarmArn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`,
    NewStateValue: state,
    OldStateValue: state === 'OK' ? 'ALARM' : 'OK',
    StateChangeTime: new Date(at).toISOString().replace('Z', '+0000'),
  });
  await sns.send(
    new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:Tocsin-shop-alarms', Message }),
  );
  sns.destroy();
}

describe('notifications of alarms that come', () => {
  it('twice open one incident and tell once', async () => {
    const stack = await site.raise();

    await Promise.all([publish(stack, 'ALARM', noon), publish(stack, 'ALARM', noon)]);
    await stack.advance('30s');
    await publish(stack, 'ALARM', noon);
    await stack.advance('30s');

    expect(await stack.incidents()).toMatchObject([{ status: 'triggered', alerts: 1, firing: 1 }]);
    expect(site.slack.received).toHaveLength(1);
  });

  it('in the wrong order leave the newer state standing', async () => {
    const stack = await site.raise();

    await publish(stack, 'ALARM', noon - 10_000);
    await stack.advance('30s');
    await publish(stack, 'OK', noon - 20_000);
    await stack.advance('30s');

    expect(await stack.incidents()).toMatchObject([{ status: 'triggered' }]);
    expect(site.slack.received).toHaveLength(1);
  });

  it('as a recovery before its alarm open nothing: the alarm is older', async () => {
    const stack = await site.raise();

    await publish(stack, 'OK', noon - 10_000);
    await stack.advance('30s');
    await publish(stack, 'ALARM', noon - 20_000);
    await stack.advance('30s');

    expect(await stack.incidents()).toEqual([]);
    expect(site.slack.received).toEqual([]);
  });
});

describe('a storm', () => {
  it('54 of forty alarms is an incident each, twenty messages and one digest, and so is its end', async () => {
    // Reconcile has two minutes' patience with alarms that CloudWatch does not have.
    const stack = await site.raise();
    const services = Array.from({ length: 40 }, (_, n) => `shop/monitor/service-${n}`);
    const all = (state: 'ALARM' | 'OK', at: number) =>
      Promise.all(services.map((name) => publish(stack, state, at, name)));

    await all('ALARM', noon);
    await stack.advance('90s');

    expect(await stack.incidents()).toHaveLength(40);
    expect(site.slack.accepted()).toHaveLength(21);
    expect(site.slack.accepted().at(-1)?.text).toMatch(/20 incidents began, 40 open/);

    await all('OK', noon + 90_000);
    await stack.advance('90s');

    expect(site.slack.accepted()).toHaveLength(42);
    expect(site.slack.accepted().at(-1)?.text).toMatch(/20 incidents ended, none open/);
    const [incident] = await stack.incidents();
    const { deliveries } = await stack.api<{ deliveries: Trail[] }>(`incidents/${incident!.id}/deliveries`);
    expect(deliveries.filter(({ channel }) => channel === 'ops').map(({ state }) => state)).toEqual([
      'sent',
      'sent',
    ]);
  });
});

describe('a lost notification', () => {
  const cloudWatch = (stack: Stack) => new CloudWatchClient({ ...client, endpoint: stack.endpoint });
  const AlarmNames = ['shop/monitor/website'];

  it('of a recovery is healed by reconcile within minutes, and people are told', async () => {
    const stack = await site.raise();
    await stack.advance('1m');
    site.target.behave(broken);
    await stack.advance('1m');
    expect(site.slack.received).toHaveLength(1);

    await cloudWatch(stack).send(new DisableAlarmActionsCommand({ AlarmNames }));
    site.target.behave(healthy);
    await stack.advance('1m');
    await cloudWatch(stack).send(new EnableAlarmActionsCommand({ AlarmNames }));
    expect(await stack.incidents()).toMatchObject([{ status: 'triggered' }]);
    await stack.advance('4m');

    expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'recovered' }]);
    expect(site.slack.received).toHaveLength(2);
  });

  it('of a failure is healed likewise', async () => {
    const stack = await site.raise();
    await stack.advance('1m');
    await cloudWatch(stack).send(new DisableAlarmActionsCommand({ AlarmNames }));
    site.target.behave(broken);
    await stack.advance('1m');
    await cloudWatch(stack).send(new EnableAlarmActionsCommand({ AlarmNames }));
    expect(await stack.incidents()).toEqual([]);

    await stack.advance('4m');

    expect(await stack.incidents()).toMatchObject([{ status: 'triggered' }]);
    expect(site.slack.received).toHaveLength(1);
  });
});
