import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { type Call, type Service, ServiceError } from '../../infra/local/service.ts';
import { incidentTable } from '../../shared/aws/incident-table.ts';
import { applyEvent, applyToIncident } from '../../shared/incidents/apply.ts';
import { transition } from '../../shared/incidents/transition.ts';
import { incidentsTable, serveIncidentsTable } from '../support/incidents-table.ts';
import { about, sceneAt, signal, start } from './signals.ts';
import { track } from './tracking.ts';

const down = signal('website', 'ALARM', 0);
const scene = sceneAt(start);
const opening = () => transition({}, { type: 'alarm', signal: down, about: about(down) }, scene);

/** A table whose first `times` transactions are refused for these reasons. */
async function refusing(times: number, codes: string[]) {
  let refusals = 0;
  const wrap = (service: Service): Service => ({
    async handle(call: Call) {
      if (call.operation !== 'TransactWriteItems' || refusals === times) return service.handle(call);
      refusals += 1;
      const CancellationReasons = codes.map((Code) => ({ Code }));
      throw new ServiceError('TransactionCanceledException', 'cancelled', 400, { CancellationReasons });
    },
  });
  const client = await serveIncidentsTable(wrap);
  const pauses: number[] = [];
  const table = incidentTable(client, incidentsTable, async (attempt) => void pauses.push(attempt));
  return { table, pauses };
}

describe('storing a transition (32)', () => {
  test('tries again, after ever longer pauses, when it collides with another transaction', async () => {
    const { table, pauses } = await refusing(3, ['TransactionConflict', 'None']);
    expect(await table.store({}, opening(), start)).toBe(true);
    expect(pauses).toEqual([1, 2, 3]);
    expect(await table.list()).toHaveLength(1);
  });

  test('gives up when it collides for ever', async () => {
    const { table } = await refusing(Number.POSITIVE_INFINITY, ['TransactionConflict']);
    await expect(table.store({}, opening(), start)).rejects.toThrow('cancelled');
  });

  test('does not insist when a condition failed, even beside a conflict: what was decided on is old', async () => {
    const { table, pauses } = await refusing(1, ['TransactionConflict', 'ConditionalCheckFailed']);
    expect(await table.store({}, opening(), start)).toBe(false);
    expect(pauses).toEqual([]);
  });

  test('throws what is no contention at all', async () => {
    const { table } = await refusing(1, ['ValidationError']);
    await expect(table.store({}, opening(), start)).rejects.toThrow('cancelled');
  });

  test('is all or nothing: a second decision on the same state stores none of its parts', async () => {
    const { table } = await track();
    const opened = opening();
    await table.store({}, opened, start);
    const stored = { incident: opened.incident!, alarm: opened.alarms[0]!.after };
    const acknowledged = transition(stored, { type: 'acknowledge', actor: 'ann' }, scene);
    const commented = transition(stored, { type: 'comment', actor: 'bob', text: 'late' }, scene);
    expect(await table.store(stored, acknowledged, start)).toBe(true);
    expect(await table.store(stored, commented, start)).toBe(false);
    const { incident, timeline } = (await table.readWhole(opened.incident!.id))!;
    expect(incident.version).toBe(2);
    expect(timeline.map(({ type }) => type)).not.toContain('commented');
  });
});

describe('reading', () => {
  test('lists incidents newest first, a page at a time', async () => {
    const { ports, table } = await track();
    for (const [n, state] of (['ALARM', 'OK', 'ALARM', 'OK', 'ALARM'] as const).entries())
      await applyEvent(ports, { type: 'alarm', signal: signal('website', state, n * 700) });
    const all = await table.list();
    expect(all.map(({ openedAt }) => openedAt)).toEqual([2_800, 1_400, 0].map((s) => start + s * 1_000));
    expect(await table.list({ limit: 2 })).toEqual(all.slice(0, 2));
    expect(await table.list({ limit: 2, before: all[1]!.openedAt })).toEqual(all.slice(2));
    expect(await table.listOpen()).toEqual([all[0]!.id]);
  });

  test('a long timeline is read whole and in order, and weighs nothing on the incident (44)', async () => {
    const { ports, table } = await track();
    const { incident } = await applyEvent(ports, { type: 'alarm', signal: down });
    const text = 'x'.repeat(30_000);
    for (let n = 0; n < 14; n++)
      await applyToIncident(ports, incident!.id, { type: 'comment', actor: 'ann', text });
    const { timeline } = (await table.readWhole(incident!.id))!;
    expect(timeline).toHaveLength(16);
    expect(timeline.map(({ sequence }) => sequence)).toEqual(
      timeline.map(({ sequence }) => sequence).sort((a, b) => a - b),
    );
    expect(JSON.stringify(await table.readIncident(incident!.id)).length).toBeLessThan(2_000);
  });

  test('what does not exist is undefined', async () => {
    const { table } = await track();
    expect(await table.readWhole('none')).toBeUndefined();
    expect(await table.readIncident('none')).toBeUndefined();
    expect(await table.readAlarm('none')).toBeUndefined();
    expect(await table.readOpen('none')).toBeUndefined();
  });
});

test('45 a pointer to an incident that has left already opens another one', async () => {
  const client = await serveIncidentsTable();
  const table = incidentTable(client, incidentsTable, async () => {});
  await table.store({}, opening(), start);
  const id = opening().incident!.id;
  await client.send(
    new DeleteCommand({ TableName: incidentsTable, Key: { pk: `INCIDENT#${id}`, sk: 'INCIDENT' } }),
  );
  const left = await table.readLatest('monitor/website');
  expect(left).toEqual({ group: id });
  const other = signal('website', 'ALARM', 9, '-2');
  const next = transition(left, { type: 'alarm', signal: other, about: about(other) }, scene);
  expect(await table.store({}, next, start)).toBe(false);
  expect(await table.store(left, next, start)).toBe(true);
  expect((await table.readOpen('monitor/website'))!.id).toBe(next.incident!.id);
});

test('everything but an open incident and its pointer leaves after 400 days', async () => {
  const client = await serveIncidentsTable();
  const table = incidentTable(client, incidentsTable, async () => {});
  const opened = opening();
  await table.store({}, opened, start);
  const id = opened.incident!.id;
  const expiry = async (pk: string, sk: string) => {
    const { Item } = await client.send(new GetCommand({ TableName: incidentsTable, Key: { pk, sk } }));
    return Item!.expiresAt;
  };
  const later = start / 1_000 + 400 * 86_400;
  expect(await expiry(`INCIDENT#${id}`, 'INCIDENT')).toBeUndefined();
  expect(await expiry('GROUP#monitor/website', 'OPEN')).toBeUndefined();
  expect(await expiry(`INCIDENT#${id}`, 'TIMELINE#00000001')).toBe(later);
  expect(await expiry(`ALARM#${down.key}`, 'STATE')).toBe(later);
  const stored = { incident: opened.incident!, alarm: opened.alarms[0]!.after };
  const recovered = signal('website', 'OK', 60);
  await table.store(
    stored,
    transition(stored, { type: 'alarm', signal: recovered, about: about(recovered) }, scene),
    start,
  );
  expect(await expiry(`INCIDENT#${id}`, 'INCIDENT')).toBe(later);
  expect(await expiry('GROUP#monitor/website', 'OPEN')).toBe(later);
  expect(await table.listOpen()).toEqual([]);
});
