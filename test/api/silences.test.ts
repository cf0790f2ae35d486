import { describe, expect, test } from 'vitest';
import type { Incident } from '../../shared/incidents/incident.ts';
import { silencePorts } from '../support/suppression.ts';
import { incident, now } from './fixtures.ts';
import { open, send } from './requests.ts';

/** What the answers have in them, each some of it. */
interface Answered {
  id: string;
  silenceID: string;
  from: string;
  data: { silenceId: string };
  error: { message: string };
}

const read = async (answer: Response | Promise<Response>) => (await (await answer).json()) as Answered;

const hour = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const remove = (app: Parameters<typeof send>[0], path: string) => send(app, path, { method: 'DELETE' });

describe('our own API', () => {
  test('makes, lists and expires a silence', async () => {
    const { app, get, post } = open();
    const made = await post('/api/silences', {
      matchers: ['team="platform"', 'env=~"prod.*"'],
      for: '3h',
      comment: 'deploy',
      actor: 'ana',
    });
    expect(made.status).toBe(201);
    const silence = await read(made);
    expect(silence).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      state: 'active',
      matchers: ['team="platform"', 'env=~"prod.*"'],
      startsAt: iso(now),
      endsAt: iso(now + 3 * hour),
      by: 'ana',
      comment: 'deploy',
      updatedAt: iso(now),
    });
    expect(made.headers.get('location')).toBe(`/api/silences/${silence.id}`);
    expect(await (await get('/api/silences?state=active')).json()).toEqual({ silences: [silence] });
    expect(await (await get(`/api/silences/${silence.id}`)).json()).toEqual(silence);
    expect(await (await remove(app, `/api/silences/${silence.id}`)).json()).toMatchObject({
      state: 'expired',
      endsAt: iso(now),
    });
    expect(await (await get('/api/silences?state=active')).json()).toEqual({ silences: [] });
  });

  test('without an end it lasts two hours, and without a name the API made it', async () => {
    const { post } = open();
    const silence = await read(post('/api/silences', { matchers: ['team=platform'] }));
    expect(silence).toMatchObject({ endsAt: iso(now + 2 * hour), by: 'api', comment: '' });
  });

  test.each([
    [{ matchers: ['team'] }, 'is no matcher'],
    [{ matchers: [] }, 'needs a matcher'],
    [{ matchers: ['team=~".*"'] }, 'silence everything'],
    [{ matchers: 'team=platform' }, 'is a list'],
    [{ matchers: ['a=b'], for: 'long' }, 'a time like 30m'],
    [{ matchers: ['a=b'], for: '1h', endsAt: iso(now) }, 'not both'],
    [{ matchers: ['a=b'], endsAt: iso(now - 1) }, 'after its start'],
    [{ matchers: ['a=b'], until: iso(now) }, 'unknown field "until"'],
  ])('%j is refused', async (body, message) => {
    const { post } = open();
    const answer = await post('/api/silences', body);
    expect([answer.status, (await read(answer)).error.message]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  });

  test('what is not there is not found', async () => {
    const { app, get } = open();
    expect([
      (await get('/api/silences/none')).status,
      (await remove(app, '/api/silences/none')).status,
    ]).toEqual([404, 404]);
  });
});

const posted = {
  matchers: [
    { name: 'alertname', value: 'website', isRegex: false, isEqual: true },
    { name: 'env', value: 'prod.*', isRegex: true, isEqual: false },
  ],
  startsAt: iso(now - 5_000),
  endsAt: iso(now + hour),
  createdBy: 'ana',
  comment: 'deploy',
};

describe("Alertmanager's API, version 2", () => {
  test('takes a silence and tells it as Alertmanager does', async () => {
    const { app, get, post } = open();
    const { silenceID } = await read(post('/api/v2/silences', posted));
    const shape = {
      ...posted,
      id: silenceID,
      startsAt: iso(now),
      updatedAt: iso(now),
      status: { state: 'active' },
    };
    expect(await (await get('/api/v2/silences')).json()).toEqual([shape]);
    expect(await (await get(`/api/v2/silence/${silenceID}`)).json()).toEqual(shape);
    expect((await remove(app, `/api/v2/silence/${silenceID}`)).status).toBe(200);
    expect((await remove(app, `/api/v2/silence/${silenceID}`)).status).toBe(200);
    expect(await (await get('/api/v2/silences')).json()).toMatchObject([{ status: { state: 'expired' } }]);
  });

  test('an edit of what begun keeps the id where it may', async () => {
    const { post } = open();
    const { silenceID: id } = await read(post('/api/v2/silences', posted));
    const edit = async (more: object) =>
      (await read(post('/api/v2/silences', { ...posted, id, startsAt: iso(now), ...more }))).silenceID;
    expect(await edit({ endsAt: iso(now + 2 * hour) })).toBe(id);
    expect(await edit({ matchers: [posted.matchers[0]] })).not.toBe(id);
  });

  test('silences are filtered by what their matchers say', async () => {
    const { get, post } = open();
    await post('/api/v2/silences', posted);
    const found = async (filter: string) =>
      ((await (await get(`/api/v2/silences?filter=${encodeURIComponent(filter)}`)).json()) as unknown[])
        .length;
    expect([
      await found('alertname="website"'),
      await found('alertname=~"web.*"'),
      await found('alertname="api"'),
      await found('team="x"'),
    ]).toEqual([1, 1, 0, 0]);
    expect((await get('/api/v2/silences?filter=nonsense')).status).toBe(400);
  });

  test('errors are one text', async () => {
    const { app, post } = open();
    const bad = await post('/api/v2/silences', { ...posted, matchers: [] });
    expect([bad.status, await bad.json()]).toEqual([
      400,
      'a silence needs a matcher, such as team="platform"',
    ]);
    expect((await remove(app, '/api/v2/silence/none')).status).toBe(404);
    expect((await send(app, '/api/v2/silences', { headers: { authorization: 'Bearer other' } })).status).toBe(
      401,
    );
  });

  test('open incidents are alerts, and say what silences them', async () => {
    const { get, post } = open();
    const alerts = await (await get('/api/v2/alerts')).json();
    expect(alerts).toMatchObject([
      {
        labels: { alertname: 'website', service: 'web', severity: 'critical' },
        annotations: { summary: 'website is down', runbook: incident.runbook },
        startsAt: iso(incident.openedAt),
        generatorURL: `https://console.example.com/incidents/${incident.id}`,
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        receivers: [{ name: 'ops' }, { name: 'oncall' }],
        status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
      },
    ]);
    const { silenceID } = await read(post('/api/v2/silences', posted));
    expect(await (await get('/api/v2/alerts')).json()).toMatchObject([
      { status: { state: 'suppressed', silencedBy: [silenceID] } },
    ]);
    expect(await (await get('/api/v2/alerts?silenced=false')).json()).toEqual([]);
    expect(
      await (await get(`/api/v2/alerts?filter=${encodeURIComponent('alertname="api"')}`)).json(),
    ).toEqual([]);
  });

  test('alerts are grouped by who is told', async () => {
    const groups = await (await open().get('/api/v2/alerts/groups')).json();
    const alerts = [{ labels: { alertname: 'website' } }];
    expect(groups).toMatchObject([
      { labels: {}, receiver: { name: 'ops' }, alerts },
      { labels: {}, receiver: { name: 'oncall' }, alerts },
    ]);
  });

  test('an alert that waits for another is inhibited', async () => {
    const held: Incident = { ...incident, suppressed: { by: 'dependency', id: 'database', text: 'waits' } };
    const { get } = open({ listOpenIncidents: async () => [held] });
    expect(await (await get('/api/v2/alerts')).json()).toMatchObject([
      { status: { state: 'suppressed', inhibitedBy: ['database'] } },
    ]);
    expect(await (await get('/api/v2/alerts?inhibited=false')).json()).toEqual([]);
    expect(await (await get('/api/v2/alerts?active=false')).json()).toHaveLength(1);
  });

  test('its status has what amtool asks for', async () => {
    expect(await (await open().get('/api/v2/status')).json()).toMatchObject({
      cluster: { status: 'disabled' },
      config: { original: expect.any(String) },
      versionInfo: { version: 'tocsin' },
      uptime: iso(now),
    });
  });
});

describe("Alertmanager's API, version 1", () => {
  test('takes a silence as anclora posts it, and lists it', async () => {
    const { app, get, post } = open();
    const { matchers, startsAt, endsAt, comment } = posted;
    const answer = await read(
      post('/api/v1/silences', {
        matchers: [{ name: 'alertname', value: matchers[0]!.value }],
        startsAt,
        endsAt,
        comment,
      }),
    );
    expect(answer).toEqual({ status: 'success', data: { silenceId: expect.any(String) } });
    const { silenceId } = answer.data;
    expect(await (await get('/api/v1/silences')).json()).toMatchObject({
      status: 'success',
      data: [
        {
          id: silenceId,
          createdBy: 'api',
          comment,
          status: { state: 'active' },
          matchers: [{ name: 'alertname', value: 'website', isRegex: false }],
        },
      ],
    });
    expect(await (await get('/api/v1/alerts')).json()).toMatchObject({
      status: 'success',
      data: [{ receivers: ['ops', 'oncall'], status: { silencedBy: [silenceId] } }],
    });
    expect(await (await remove(app, `/api/v1/silence/${silenceId}`)).json()).toEqual({ status: 'success' });
  });

  test('errors say what kind they are', async () => {
    const answer = await open().post('/api/v1/silences', { ...posted, endsAt: 'tomorrow' });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { status: 'error', errorType: 'bad_data', error: 'startsAt and endsAt are times in RFC 3339' },
    ]);
  });
});

describe('maintenance', () => {
  test('begins for monitors, is listed, and ends', async () => {
    const { app, get, post } = open();
    const made = await post('/api/maintenance', {
      monitors: ['website'],
      for: '1h',
      comment: 'new disks',
      actor: 'ana',
    });
    const window = await read(made);
    expect([made.status, window]).toEqual([
      201,
      {
        id: expect.any(String),
        monitors: ['website'],
        from: iso(now),
        to: iso(now + hour),
        by: 'ana',
        comment: 'new disks',
      },
    ]);
    expect(await (await get('/api/maintenance')).json()).toEqual({ windows: [window] });
    expect(await (await remove(app, `/api/maintenance/${window.id}`)).json()).toMatchObject({ to: iso(now) });
    expect(await (await get('/api/maintenance')).json()).toEqual({ windows: [] });
  });

  test.each([
    [{ monitors: ['nobody'], for: '1h' }, 404, 'no monitor "nobody"'],
    [{ monitors: [], for: '1h' }, 400, 'at least one monitor'],
    [{ monitors: ['website'] }, 400, 'give `to` or `for`'],
    [{ monitors: ['website'], for: '16d' }, 400, 'at most 15 days'],
    [{ monitors: ['website'], from: iso(now - 2 * hour), to: iso(now - hour) }, 400, 'has passed'],
  ])('%j is refused', async (body, status, message) => {
    const answer = await open().post('/api/maintenance', body);
    expect([answer.status, (await read(answer)).error.message]).toEqual([
      status,
      expect.stringContaining(message),
    ]);
  });

  test('a window that is to have begun begins now', async () => {
    const window = await read(
      open().post('/api/maintenance', {
        monitors: ['website'],
        from: iso(now - hour),
        to: iso(now + hour),
      }),
    );
    expect(window.from).toBe(iso(now));
  });

  test('what is expired wakes what it held back', async () => {
    const silences = silencePorts(() => now);
    const { app, post } = open({ silences });
    const { id } = await read(post('/api/silences', { matchers: ['team=platform'] }));
    await remove(app, `/api/silences/${id}`);
    expect(silences.woken).toEqual([id]);
  });
});
