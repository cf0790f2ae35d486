import { describe, expect, it, test } from 'vitest';
import { receivePing } from '../../shared/heartbeats/receive.ts';
import { maxBody, readPing } from '../../shared/heartbeats/request.ts';
import { pingToken } from '../../shared/heartbeats/token.ts';
import { serveHeartbeatTable } from '../support/heartbeat-table.ts';

const noon = Date.UTC(2026, 10, 20, 12);
const request = { method: 'GET', path: '/ping/token', at: noon };

describe('a request', () => {
  test.each([
    ['/ping/token', { signal: 'success' }],
    ['/ping/token/start', { signal: 'start' }],
    ['/ping/token/fail', { signal: 'fail' }],
    ['/ping/token/log', { signal: 'log' }],
    ['/ping/token/0', { signal: 'success', exitCode: 0 }],
    ['/ping/token/137', { signal: 'fail', exitCode: 137 }],
  ])('for %s is a ping', (path, said) => {
    expect(readPing({ ...request, path })).toEqual({ token: 'token', ping: { at: noon, ...said } });
  });

  test.each([
    ['/ping', 404],
    ['/ping/token/256', 404],
    ['/ping/token/-1', 404],
    ['/ping/token/stop', 404],
    ['/ping/token/fail/more', 404],
    ['/ping/to%20ken', 404],
  ])('for %s is none', (path, status) => {
    expect(readPing({ ...request, path })).toMatchObject({ status });
  });

  it('has a body that is cut to its end, without control characters', () => {
    const body = `first ${'🙂'.repeat(maxBody)}\u001b[31m\0last\u202e`;
    const read = readPing({ ...request, method: 'POST', body });
    const kept = 'ping' in read ? read.ping.body! : '';
    expect(kept).toMatch(/🙂\[31mlast$/u);
    expect(kept).not.toContain('first');
    expect(kept.length).toBeLessThanOrEqual(maxBody);
    expect(kept.isWellFormed()).toBe(true);
  });
});

describe('receiving', () => {
  async function receiver() {
    const table = await serveHeartbeatTable();
    let id = 0;
    const ports = {
      ...table,
      monitorOf: async (token: string) => (token === 'token' ? 'backup' : undefined),
      putPing: (monitor: string, ping: Parameters<typeof table.putPing>[1]) =>
        table.putPing(monitor, ping, String(id++)),
    };
    return { table, ping: (path: string, at = noon) => receivePing(ports, { method: 'GET', path, at }) };
  }

  it('keeps every one of the pings that race each other', async () => {
    const { table, ping } = await receiver();
    const racing = ['start?', 'fail', 'log', '3', ''].map((word, n) =>
      ping(`/ping/token${word && `/${word.replace('?', '')}`}`, noon + n),
    );
    expect((await Promise.all(racing)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await table.readRecord('backup'))?.record).toMatchObject({
      success: { at: noon + 4 },
      fail: { at: noon + 3, exitCode: 3 },
      runs: { '': { endedAt: noon + 4 } },
    });
    expect((await table.readPings('backup')).map(({ at }) => at - noon)).toEqual([4, 3, 2, 1, 0]);
    expect([...(await table.readRecords()).keys()]).toEqual(['backup']);
  });

  it('of a token that is none leaves nothing', async () => {
    const { table, ping } = await receiver();
    expect(await ping('/ping/other')).toEqual({ status: 404, message: 'not found' });
    expect(await table.readRecords()).toEqual(new Map());
  });

  it('of too many pings in a minute takes no more', async () => {
    const { table, ping } = await receiver();
    for (let n = 0; n < 20; n++) await ping('/ping/token', noon + n);
    expect(await ping('/ping/token/fail', noon + 20)).toMatchObject({ status: 429 });
    expect((await table.readRecord('backup'))?.record.fail).toBeUndefined();
  });
});

it('a token is of one key and one monitor, and long enough that nobody guesses it', () => {
  const tokens = [pingToken('key', 'a'), pingToken('key', 'b'), pingToken('other', 'a')];
  expect(new Set(tokens).size).toBe(3);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{22}$/);
  expect(pingToken('key', 'a')).toBe(tokens[0]);
});
