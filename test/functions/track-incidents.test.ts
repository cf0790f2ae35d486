import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { historyTable } from '../../shared/aws/history-table.ts';
import { start } from '../incidents/signals.ts';
import { serveIncidents } from './incident-functions.ts';

const fixture = (file: string) =>
  readFileSync(new URL(`../fixtures/alarm-events/${file}`, import.meta.url), 'utf8');

async function serve() {
  const world = await serveIncidents();
  const { handler } = await import('../../functions/track-incidents/handler.ts');
  return { ...world, handler };
}

describe('track-incidents', () => {
  test('an alarm published to the topic opens an incident, and programs and mailboxes hear of it', async () => {
    const { publishAlarm, receive, handler, heard, outbox, at } = await serve();
    await at(1);
    publishAlarm(fixture('metric.json'));
    expect(await handler(receive('alarms'))).toEqual({ batchItemFailures: [] });
    const [event, ...others] = heard();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      version: 1,
      type: 'firing',
      system: 'acme',
      receivers: ['ops', 'oncall'],
      incident: { title: 'website is down', severity: 'critical', openedAt: start + 472 },
      links: { incident: `https://tocsin.example.com/incidents/${event.incident.id}` },
    });
    const [mail] = outbox.list();
    expect(mail).toMatchObject({
      channel: 'sns-email',
      subject: '[CRITICAL] website is down (acme)',
    });
    expect(mail!.text).toContain('Threshold Crossed: 2 out of the last 3 datapoints');
    expect(mail!.text).toContain('Runbook: https://wiki.example.com/runbooks/website');
  });

  test('its evidence is what the checks recorded last', async () => {
    const { publishAlarm, receive, handler, heard, client, at } = await serve();
    await at(1);
    const observation = {
      monitor: 'website',
      at: start - 5_000,
      outcome: 'down' as const,
      status: 503,
      failures: [{ line: 'status == 200', seen: '503' }],
    };
    await historyTable(client, 'history').putEvidence({
      location: 'home',
      slot: start - 10_000,
      observation,
    });
    publishAlarm(fixture('metric.json'));
    await handler(receive('alarms'));
    expect(heard()[0].incident.evidence).toEqual({ location: 'home', slot: start - 10_000, observation });
  });

  test('the recovery resolves it, once, however often it is delivered', async () => {
    const { publishAlarm, receive, handler, heard, outbox, at } = await serve();
    await at(300);
    for (const file of ['metric-ok.json', 'metric.json', 'metric-ok.json', 'metric.json'])
      publishAlarm(fixture(file));
    expect(await handler(receive('alarms'))).toEqual({ batchItemFailures: [] });
    expect(heard().map(({ type }) => type)).toEqual(['firing', 'resolved']);
    expect(outbox.list().map(({ subject }) => subject)).toEqual([
      '[CRITICAL] website is down (acme)',
      '[RESOLVED] website is down (acme)',
    ]);
    expect(outbox.list()[1]!.text).toContain('after 3 min 20 s');
  });

  test('what is not critical is told when its timer arrives from the queue, 30 s later', async () => {
    const { publishAlarm, receive, handler, heard, at, table } = await serve();
    publishAlarm(fixture('math.json'));
    await handler(receive('alarms'));
    expect(heard()).toEqual([]);
    await at(29);
    expect(receive('timers').Records).toEqual([]);
    await at(30);
    expect(await handler(receive('timers'))).toEqual({ batchItemFailures: [] });
    expect(heard().map(({ type, incident }) => `${type} ${incident.title}`)).toEqual([
      'firing checkout error rate',
    ]);
    expect((await table.listOverdue(start + 1e9)).map(({ effect }) => effect.kind)).toEqual(['timer']);
  });

  test('a text that is no alarm reaches people as it came', async () => {
    const { publishAlarm, receive, handler, outbox, at } = await serve();
    publishAlarm(fixture('autoscaling.json'));
    await handler(receive('alarms'));
    await at(30);
    await handler(receive('timers'));
    expect(outbox.list()[0]!.text).toContain('autoscaling:EC2_INSTANCE_LAUNCH_ERROR');
  });

  test('only what failed goes back to the queue', async () => {
    const { publishAlarm, receive, handler, heard } = await serve();
    publishAlarm(fixture('metric.json'));
    const { Records } = receive('alarms');
    const poison = { ...Records[0]!, messageId: 'poison', eventSourceARN: 'arn:aws:sqs:x:1:timers' };
    expect(await handler({ Records: [poison, ...Records] })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'poison' }],
    });
    expect(heard()).toHaveLength(1);
  });
});
