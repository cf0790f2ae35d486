import { beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { overridePorts } from '../support/oncall.ts';
import { config, now } from './fixtures.ts';
import { open as openApp, send } from './requests.ts';

/** Of Friday 2026-11-20, 05:10:58Z. */
const roster: Config = {
  ...config,
  people: [
    { id: 'ana', name: 'Ana', contacts: [] },
    { id: 'ben', name: 'Ben', contacts: [] },
  ],
  rotations: [
    {
      id: 'platform',
      zone: 'Europe/Madrid',
      layers: [{ people: ['ana', 'ben'], start: '2026-11-16T09:00', turn: { unit: 'days', count: 7 } }],
    },
  ],
};

const hour = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

interface Answered {
  rotations: { now: object }[];
  error: { message: string };
}

const read = async (answer: Response | Promise<Response>) => (await (await answer).json()) as Answered;

let overrides = overridePorts();
beforeEach(() => {
  overrides = overridePorts();
});

const open = () => openApp({ config: roster, overrides });

const wanted = { rotation: 'platform', person: 'ben', from: iso(now), for: '8h' };

describe('who is on call', () => {
  test('is told with who is next and the shifts of two weeks', async () => {
    const answer = await open().get('/api/oncall');
    const [ana, ben, again] = [
      { person: 'ana', name: 'Ana', from: iso(now), to: '2026-11-23T08:00:00.000Z' },
      { person: 'ben', name: 'Ben', from: '2026-11-23T08:00:00.000Z', to: '2026-11-30T08:00:00.000Z' },
      { person: 'ana', name: 'Ana', from: '2026-11-30T08:00:00.000Z', to: iso(now + 14 * 24 * hour) },
    ];
    expect(await answer.json()).toEqual({
      rotations: [
        {
          id: 'platform',
          zone: 'Europe/Madrid',
          now: ana,
          next: ben,
          shifts: [ana, ben, again],
          overrides: [],
        },
      ],
    });
  });

  test('is nothing where the config has no rotation', async () => {
    expect(await (await openApp().get('/api/oncall')).json()).toEqual({ rotations: [] });
  });
});

describe('an override', () => {
  test('puts somebody else on call, until it is removed', async () => {
    const { app, get, post } = open();
    const made = await post('/api/oncall/overrides', { ...wanted, actor: 'eva' });
    const override = (await made.json()) as { id: string };
    expect([made.status, override]).toEqual([
      201,
      { ...wanted, for: undefined, id: '20261120t051058000z-1', to: iso(now + 8 * hour), by: 'eva' },
    ]);
    const nowOn = async () => (await read(get('/api/oncall'))).rotations[0]!.now;
    expect(await nowOn()).toMatchObject({ person: 'ben', override: override.id });
    const removed = await send(app, `/api/oncall/overrides/${override.id}`, { method: 'DELETE' });
    expect(removed.status).toBe(200);
    expect(await nowOn()).toMatchObject({ person: 'ana' });
  });

  test('of somebody who is no more in the config changes nothing', async () => {
    const gone = { id: 'one', rotation: 'platform', person: 'zoe', from: 0, to: now + hour, by: 'eva' };
    overrides = overridePorts(gone);
    const { rotations } = await read(open().get('/api/oncall'));
    expect(rotations[0]).toMatchObject({ now: { person: 'ana' }, overrides: [] });
  });

  test.each([
    [{ rotation: 'data' }, 400, 'no rotation is called "data": there are platform'],
    [{ person: 'eve' }, 400, 'nobody is called "eve": there are ana, ben'],
    [{ to: iso(now + hour) }, 400, 'give `to` or `for`'],
    [{ for: undefined }, 400, 'give `to` or `for`'],
    [{ for: undefined, to: iso(now) }, 400, 'its end must come after its start'],
    [{ from: iso(now - 9 * hour) }, 400, 'its end has passed'],
    [{ for: '500d' }, 400, 'at most a year'],
    [{ from: 'tomorrow' }, 400, '`from` is a time in ISO 8601'],
  ])('%j is refused with %i: %s', async (change, status, message) => {
    const answer = await open().post('/api/oncall/overrides', { ...wanted, ...change });
    const { error } = await read(answer);
    expect([answer.status, error.message]).toEqual([status, expect.stringContaining(message)]);
  });

  test('that is not there cannot be removed', async () => {
    const answer = await send(open().app, '/api/oncall/overrides/one', { method: 'DELETE' });
    expect(answer.status).toBe(404);
  });
});

describe('the page', () => {
  test('shows who is on call, and takes overrides at the time of the zone', async () => {
    const { get, post } = open();
    const form = new URLSearchParams({
      rotation: 'platform',
      person: 'ben',
      from: '2026-11-21T09:00',
      lasts: '4h',
    });
    const made = await post('/oncall/overrides', form);
    expect([made.status, made.headers.get('location')]).toEqual([303, '/oncall']);
    const [override] = await overrides.readOverrides();
    expect(override).toMatchObject({
      person: 'ben',
      from: Date.parse('2026-11-21T08:00:00Z'),
      by: 'console',
    });
    const page = await (await get('/oncall')).text();
    expect(page).toContain('Sat 2026-11-21 09:00 to Sat 2026-11-21 13:00');
    expect(page).toContain('stands in, as console entered');
    await post(`/oncall/overrides/${override!.id}/remove`, new URLSearchParams());
    expect(await overrides.readOverrides()).toEqual([]);
  });

  test('says how there can be rotations where there are none', async () => {
    expect(await (await openApp().get('/oncall')).text()).toContain('The config has no rotations');
  });

  test('tells why an override was refused', async () => {
    const form = new URLSearchParams({ rotation: 'platform', person: 'nobody', lasts: '4h' });
    const refused = await open().post('/oncall/overrides', form);
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('nobody is called'),
    ]);
  });
});
