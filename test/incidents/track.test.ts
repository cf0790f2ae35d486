import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Deployment } from '../../shared/deployments/deployment.ts';
import { applyEvent, type IncidentPorts } from '../../shared/incidents/apply.ts';
import type { AlarmSignal } from '../../shared/incidents/incident.ts';
import { type Message, type Tracked, trackMessages } from '../../shared/incidents/track.ts';
import { routeTo } from '../support/routes.ts';
import { signal, start } from './signals.ts';
import { track } from './tracking.ts';

const fixture = (file: string) =>
  readFileSync(new URL(`../fixtures/alarm-events/${file}`, import.meta.url), 'utf8');

const message = (id: string, body: string, queue: Message['queue'] = 'alarms'): Message => ({
  id,
  queue,
  body,
  sentAt: start + 600_000,
});

/** The message of an alarm's change as CloudWatch sends it. */
const messageOf = ({ key, name, state, at }: AlarmSignal): Message =>
  message(
    key,
    JSON.stringify({
      ...JSON.parse(fixture('metric.json')),
      AlarmName: name,
      AlarmArn: key,
      NewStateValue: state,
      StateChangeTime: new Date(at).toISOString().replace('Z', '+0000'),
    }),
  );

const reasons = (tracked: Tracked[]) =>
  Object.fromEntries(
    tracked.map(({ message: id, result }) => [id, 'error' in result ? 'failed' : result.reason]),
  );

describe('a batch of messages', () => {
  test('is applied in the order the alarms changed, whatever order it came in', async () => {
    const { ports, told } = await track();
    const tracked = await trackMessages(ports, [
      message('ok', fixture('metric-ok.json')),
      message('alarm', fixture('metric.json')),
    ]);
    expect(reasons(tracked)).toEqual({ alarm: 'opened', ok: 'resolved' });
    expect(told()).toEqual(['firing website 1', 'resolved website 2']);
  });

  test('every form opens an incident, and a poisoned message harms no other (8, 17, 18)', async () => {
    const { ports, table } = await track();
    const files = [
      'metric',
      'math',
      'composite',
      'anomaly',
      'contributor',
      'percentile-legacy',
      'autoscaling',
    ];
    const messages = files.map((file) => message(file, fixture(`${file}.json`)));
    const tracked = await trackMessages(ports, [
      message('poison', '{', 'timers'),
      ...messages,
      message('budget', fixture('budget.txt')),
    ]);
    const { poison, ...others } = reasons(tracked);
    expect(poison).toBe('failed');
    expect(others).toEqual(Object.fromEntries([...files, 'budget'].map((id) => [id, 'opened'])));
    expect(await table.list()).toHaveLength(8);
  });

  test('a change that fails takes later ones of its alarm with it, not those of others', async () => {
    const { ports, told } = await track();
    const website = { alarm: fixture('metric.json'), ok: fixture('metric-ok.json') };
    const messages = [
      message('alarm', website.alarm),
      message('ok', website.ok),
      message('other', fixture('math.json')),
    ];
    let failures = 1;
    const { table } = ports;
    const store: typeof table.store = async (stored, decided, now) => {
      if (decided.incident?.subject.id === 'website' && failures-- > 0) throw new Error('throttled');
      return table.store(stored, decided, now);
    };
    const tracked = await trackMessages({ ...ports, table: { ...table, store } }, messages);
    expect(reasons(tracked)).toEqual({ alarm: 'failed', ok: 'failed', other: 'opened' });
    await trackMessages(ports, messages);
    expect(told()).toEqual(['firing website 1', 'resolved website 2']);
  });

  test('what EventBridge tells of deployments is kept, what it tells besides is not, and none of it is an alarm', async () => {
    const { ports, table } = await track();
    const kept: string[] = [];
    const putDeployment = async ({ title }: Deployment) => void kept.push(title);
    const event = JSON.parse(
      readFileSync(new URL('../fixtures/deployment-events/ecs.json', import.meta.url), 'utf8'),
    );
    const tracked = await trackMessages({ ...ports, putDeployment }, [
      message('deployment', JSON.stringify(event)),
      message('task', JSON.stringify({ ...event, 'detail-type': 'ECS Task State Change' })),
    ]);
    expect(reasons(tracked)).toEqual({ deployment: 'deployment', task: 'ignored' });
    expect(kept).toEqual(['deployment of ECS service web done']);
    expect(await table.list()).toEqual([]);
  });

  test('what was deployed before it is part of an incident that opens, and in its timeline', async () => {
    const { ports, table, published } = await track();
    const asked: unknown[] = [];
    const deploymentsBefore: IncidentPorts['deploymentsBefore'] = async (at, { service }) => {
      asked.push([at, service]);
      return [{ id: 'a', at: at - 720_000, source: 'api', title: 'web 1.2.3', by: 'ana' }];
    };
    const { at } = signal('website', 'ALARM', 0);
    const tracking = { ...ports, deploymentsBefore };
    await applyEvent(tracking, { type: 'alarm', signal: signal('website', 'ALARM', 0) });
    await applyEvent(tracking, { type: 'alarm', signal: signal('website', 'ALARM', 5, '-2') });
    const whole = await table.readWhole((await table.list())[0]!.id);
    expect(asked).toEqual([[at, 'web']]);
    expect(whole?.timeline.map(({ text }) => text)[1]).toBe('deployed 12 min before: web 1.2.3 by ana');
    expect(published[0]?.incident.changes).toMatchObject([{ title: 'web 1.2.3' }]);
  });

  test('timers are known by their queue, not by what they look like', async () => {
    const { ports, scheduled, told, at } = await track();
    await trackMessages(ports, [message('a', fixture('math.json'))]);
    const timer = JSON.stringify(scheduled[0]);
    at(3_600);
    expect(reasons(await trackMessages(ports, [message('text', timer)]))).toEqual({ text: 'opened' });
    expect(reasons(await trackMessages(ports, [message('timer', timer, 'timers')]))).toEqual({
      timer: 'announced',
    });
    expect(told()).toHaveLength(1);
  });

  test('54 many alarms of one group are few transactions, and one page first', async () => {
    const { ports, table, published } = await track();
    let stores = 0;
    const store: typeof table.store = (before, decided, now) => {
      stores += 1;
      return table.store(before, decided, now);
    };
    const messages = Array.from({ length: 40 }, (_, n) => messageOf(signal('website', 'ALARM', n, `-${n}`)));
    const tracked = await trackMessages({ ...ports, table: { ...table, store } }, messages);
    expect(tracked.filter(({ result }) => 'error' in result)).toEqual([]);
    expect(stores).toBe(4);
    expect(await table.list()).toMatchObject([{ firing: 40, alerts: 40 }]);
    expect(published.map(({ reason }) => reason)).toEqual(['first']);
  });

  test('28 five batches of one group at the same time lose no alarm', async () => {
    const { ports, table } = await track();
    const batches = Array.from({ length: 5 }, (_, batch) =>
      Array.from({ length: 10 }, (_, n) => messageOf(signal('website', 'ALARM', n, `-${batch}-${n}`))),
    );
    const tracked = await Promise.all(batches.map((messages) => trackMessages(ports, messages)));
    expect(tracked.flat().filter(({ result }) => 'error' in result)).toEqual([]);
    expect(await table.list()).toMatchObject([{ firing: 50, alerts: 50 }]);
    expect((await table.readAlerts((await table.list())[0]!.id)).length).toBe(50);
  });

  test('a channel that could not be told is heard of in the queue of timers', async () => {
    const { ports, table, published } = await track();
    const { channels } = ports.config;
    const withFallback = channels.map((channel) => ({ ...channel, fallback: 'oncall' }));
    const config = { ...ports.config, channels: withFallback, routes: [routeTo(['ops'])] };
    const { incident } = await applyEvent(
      { ...ports, config },
      { type: 'alarm', signal: signal('website', 'ALARM', 0) },
    );
    const failure = {
      type: 'undelivered',
      incident: incident!.id,
      channel: 'ops',
      revision: 1,
      reason: 'gone',
    };
    const told = message('failure', JSON.stringify(failure), 'timers');
    expect(reasons(await trackMessages({ ...ports, config }, [told]))).toEqual({ failure: 'undelivered' });
    expect(published.map(({ reason, receivers }) => `${reason} ${receivers}`)).toEqual([
      'first ops',
      'fallback oncall',
    ]);
    expect((await table.readIncident(incident!.id))!.undelivered).toEqual({ ops: 1 });
  });
});
