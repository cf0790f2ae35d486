import { describe, expect, it } from 'vitest';
import type { Ports } from '../../shared/api/ports.ts';
import { IncidentRefusal } from '../../shared/incidents/errors.ts';
import type { Pause } from '../../shared/pauses/pause.ts';
import { config, incident, now, record } from './fixtures.ts';
import { open } from './requests.ts';

describe('GET /api/monitors', () => {
  it('tells of every monitor its state, uptime with coverage and response times', async () => {
    const answer = await open().get('/api/monitors');
    expect(answer.status).toBe(200);
    const { monitors } = (await answer.json()) as { monitors: object[] };
    expect(monitors).toHaveLength(2);
    expect(monitors[1]).toMatchObject({
      id: 'website',
      state: 'down',
      since: '2026-11-20T05:10:20.000Z',
      message: 'answered 503; 2 of 3 conditions failed',
      uptime: { '24h': { uptime: '99.932', coverage: '100.0' }, '30d': { coverage: '7.3' } },
      responseTime: {
        latest: expect.any(Number),
        average24h: expect.any(Number),
        max24h: expect.any(Number),
      },
    });
    expect(monitors[0]).toMatchObject({ id: 'checkout', state: 'up', certificateDaysLeft: 61 });
  });

  it('says — and not 100 before there is data', async () => {
    const { monitors } = (await (
      await open({ readNow: async () => [], readRollups: async () => [] }).get('/api/monitors')
    ).json()) as { monitors: object[] };
    expect(monitors[0]).toMatchObject({
      state: 'unknown',
      uptime: { '24h': { uptime: '—', coverage: '0.0' } },
    });
  });
});

describe('GET /api/monitors/{id}', () => {
  it('adds conditions, locations and the evidence with both attempts', async () => {
    expect(await (await open().get('/api/monitors/website')).json()).toMatchObject({
      conditions: ['status == 200', 'responseTime < 2s', 'json $.status == "healthy"'],
      locations: [{ location: 'home', outcome: 'down', stale: false }],
      evidence: [
        { location: 'home', reason: 'condition-failed', attempts: [{ status: 503 }, { status: 503 }] },
      ],
    });
  });

  it('answers 404 where the config has no such monitor', async () => {
    const answer = await open().get('/api/monitors/nope');
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: { code: 'not-found', message: 'no monitor has the id "nope"; see /api/monitors' } },
    ]);
  });
});

describe('GET /api/incidents', () => {
  it('says of one what its escalation does next, and why nobody is told', async () => {
    const steps = [{ after: 300_000, notify: [{ person: 'ana' }] }];
    const escalating = {
      ...incident,
      plan: {
        ...incident.plan,
        escalation: { policy: 'platform', steps, repeat: 1, acknowledgedFor: 0 },
      },
      escalation: { round: 1, step: 0 },
      due: { escalate: incident.openedAt + 300_000 },
      reopened: 1,
      reopenedAt: incident.openedAt,
      suppressed: { by: 'silence' as const, id: 'x', text: 'silenced', until: incident.openedAt },
    };
    const { get } = open({ readIncident: async () => ({ ...record, incident: escalating }) });
    expect(await (await get(`/api/incidents/${incident.id}`)).json()).toMatchObject({
      incident: {
        reopenedAt: '2026-11-20T05:10:10.000Z',
        suppressed: { text: 'silenced', until: '2026-11-20T05:10:10.000Z' },
        escalation: {
          policy: 'platform',
          step: 1,
          steps: 1,
          round: 2,
          rounds: 2,
          notify: [{ person: 'ana' }],
          at: '2026-11-20T05:15:10.000Z',
        },
      },
    });
  });

  it('lists incidents with ISO times and without our bookkeeping', async () => {
    const { incidents } = (await (await open().get('/api/incidents')).json()) as { incidents: object[] };
    expect(incidents).toHaveLength(2);
    expect(incidents[0]).toMatchObject({
      id: incident.id,
      status: 'triggered',
      openedAt: '2026-11-20T05:10:10.000Z',
    });
    expect(Object.keys(incidents[0]!)).not.toEqual(expect.arrayContaining(['fence']));
    expect(JSON.stringify(incidents)).not.toMatch(/"(fence|version|sequence|announced)"/);
  });

  it.each([
    ['triggered', [incident.id]],
    ['resolved', ['20261118-aaaa2222']],
    ['acknowledged', []],
  ])('lists only those that are %s when asked', async (status, ids) => {
    const { incidents } = (await (await open().get(`/api/incidents?status=${status}`)).json()) as {
      incidents: { id: string }[];
    };
    expect(incidents.map(({ id }) => id)).toEqual(ids);
  });

  it('refuses a status that there is not', async () => {
    const answer = await open().get('/api/incidents?status=open');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error: {
          code: 'invalid-request',
          message: 'status is "open"; allowed are triggered, acknowledged, resolved',
        },
      },
    ]);
  });
});

describe('GET /api/incidents/{id}/deliveries', () => {
  it('says of each event and channel what became of it, and of a channel that hears nothing why', async () => {
    const receivers = ['ops', 'oncall', 'dev'].map((channel) => ({ channel, sendResolved: true }));
    const plan = { ...incident.plan, receivers };
    const readIncident = async () => ({ ...record, incident: { ...incident, plan } });

    const answer = await open({ readIncident }).get(`/api/incidents/${incident.id}/deliveries`);

    const about = { event: '20261120-k3p7qa2x#3', type: 'firing', reason: 'first', status: 200 };
    expect(await answer.json()).toEqual({
      deliveries: [
        { channel: 'ops', state: 'sent', at: '2026-11-20T05:10:12.900Z', attempts: 2, ...about },
        { channel: 'oncall', state: 'sent', at: '2026-11-20T05:10:13.100Z', attempts: 1, ...about },
        { channel: 'dev', state: 'not-told', attempts: 0, why: 'not told yet' },
      ],
    });
  });

  it('answers 404 where there is none', async () => {
    expect((await open().get('/api/incidents/nope/deliveries')).status).toBe(404);
  });
});

describe('GET /api/incidents/{id}', () => {
  it('has the incident with alerts, timeline, evidence and who was told', async () => {
    expect(await (await open().get(`/api/incidents/${incident.id}`)).json()).toMatchObject({
      incident: { id: incident.id, title: 'website is down' },
      alerts: [{ name: 'acme/monitor/website', startedAt: '2026-11-20T05:10:10.000Z' }],
      timeline: [{ type: 'opened' }, { type: 'announced' }, { type: 'commented', actor: 'Ada' }],
      evidence: { location: 'home', attempts: [{}, {}] },
      deliveries: [{ channel: 'ops', sentRevision: 1 }],
      ledger: [
        { channel: 'ops', result: 'retry' },
        { channel: 'ops', result: 'sent' },
        { channel: 'oncall' },
      ],
    });
  });

  it('answers 404 where there is none', async () => {
    expect((await open().get('/api/incidents/nope')).status).toBe(404);
  });
});

describe('POST /api/incidents/{id}/…', () => {
  /** What reached the incidents, and the application it came through. */
  function recording(act: Ports['act'] = async () => undefined) {
    const acted: unknown[] = [];
    const opened = open({
      act: async (id, action) => {
        acted.push([id, action]);
        return act(id, action);
      },
    });
    return { ...opened, acted };
  }

  it.each([
    ['acknowledge', undefined, { type: 'acknowledge', actor: 'api' }],
    ['acknowledge', { actor: ' Ada ' }, { type: 'acknowledge', actor: 'Ada' }],
    ['resolve', {}, { type: 'resolve', actor: 'api' }],
    [
      'resolve',
      { actor: 'Ada', text: 'rolled back' },
      { type: 'resolve', actor: 'Ada', text: 'rolled back' },
    ],
    ['comments', { text: 'looking' }, { type: 'comment', actor: 'api', text: 'looking' }],
    ['unacknowledge', {}, { type: 'unacknowledge', actor: 'api' }],
    ['reopen', { text: 'not over' }, { type: 'reopen', actor: 'api', text: 'not over' }],
    ['assign', { assignee: 'ana' }, { type: 'assign', actor: 'api', assignee: 'ana' }],
    ['assign', { actor: 'Ada', assignee: null }, { type: 'assign', actor: 'Ada' }],
    [
      'severity',
      { severity: 'critical', text: 'all of Spain' },
      { type: 'severity', actor: 'api', severity: 'critical', text: 'all of Spain' },
    ],
  ])('%s with %j does %j and answers the incident as it is then', async (verb, body, action) => {
    const { post, acted } = recording();
    const answer = await post(`/api/incidents/${incident.id}/${verb}`, body);
    expect(acted).toEqual([[incident.id, action]]);
    expect([answer.status, await answer.json()]).toMatchObject([200, { incident: { id: incident.id } }]);
  });

  const noComment = 'a comment is a text of 1 to 2000 characters';

  it.each([
    ['a comment without text', 'comments', {}, noComment],
    ['a comment of spaces', 'comments', { text: '   ' }, noComment],
    ['a comment that is too long', 'comments', { text: 'x'.repeat(2_001) }, noComment],
    ['a comment that is no text', 'comments', { text: 7 }, noComment],
    ['an actor without a name', 'acknowledge', { actor: '' }, 'who acts is a text of 1 to 100 characters'],
    ['a field that it does not know', 'acknowledge', { who: 'Ada' }, 'unknown field "who"'],
    [
      'to assign it without a word to whom',
      'assign',
      {},
      '`assignee` is the id of a person, or null for nobody',
    ],
    [
      'a severity that there is not',
      'severity',
      { severity: 'urgent' },
      '`severity` is one of info, warning, high, critical',
    ],
    ['a body that is no object', 'acknowledge', [], 'the body is no JSON object'],
    ['a body that is no JSON', 'acknowledge', '{', 'the body is not JSON'],
  ])('refuses %s', async (_, verb, body, message) => {
    const { post, acted } = recording();
    const answer = await post(`/api/incidents/${incident.id}/${verb}`, body);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: { code: 'invalid-request', message } },
    ]);
    expect(acted).toEqual([]);
  });

  it.each([
    ['not-found', 404, { code: 'not-found', message: 'there is no incident x' }],
    ['already-resolved', 409, { code: 'conflict', message: 'incident x is resolved already' }],
    ['already-open', 409, { code: 'conflict', message: 'incident x is open: there is nothing to reopen' }],
    ['not-acknowledged', 409, { code: 'conflict', message: 'incident x is not acknowledged by anybody' }],
    [
      'unknown-person',
      409,
      {
        code: 'conflict',
        message: 'incident x can be assigned only to somebody of `people` in the config',
      },
    ],
  ] as const)('35 tells %s as %i', async (code, status, error) => {
    const { post } = recording(async (id) => {
      throw new IncidentRefusal(code, id);
    });
    const answer = await post('/api/incidents/x/resolve');
    expect([answer.status, await answer.json()]).toEqual([status, { error }]);
  });

  it('reads no body larger than a comment can be', async () => {
    const { post, acted } = recording();
    const answer = await post(`/api/incidents/${incident.id}/comments`, { text: 'x'.repeat(20_000) });
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { error: { code: 'too-large', message: 'the body is larger than 16384 bytes' } },
    ]);
    expect(acted).toEqual([]);
  });
});

it('GET /api/alarms lists what CloudWatch has', async () => {
  const { alarms } = (await (await open().get('/api/alarms')).json()) as { alarms: object[] };
  expect(alarms[0]).toMatchObject({
    name: 'acme/monitor/website',
    state: 'ALARM',
    since: new Date(incident.openedAt).toISOString(),
  });
});

it('answers 404 for what is no part of the API', async () => {
  const answer = await open().get('/api/nothing');
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { error: { code: 'not-found', message: 'GET /api/nothing is no part of this API' } },
  ]);
});

describe('POST /api/monitors/{id}/pause and resume', () => {
  /** An application with one pause at most, and what it was asked for. */
  function pausable(more: Partial<Ports> = {}) {
    const pauses: Pause[] = [];
    const ports: Partial<Ports> = {
      readPauses: async () => pauses,
      pause: async (pause) => void pauses.splice(0, 1, pause),
      resume: async () => void pauses.splice(0),
      ...more,
    };
    return { ...open(ports), pauses };
  }

  it('pauses, and answers the monitor as it is then', async () => {
    const { post, pauses } = pausable();
    const body = { actor: 'Ada', reason: 'moving', until: '2026-11-20T07:00:00+01:00' };
    const answer = await post('/api/monitors/website/pause', body);
    expect(pauses).toEqual([
      { monitor: 'website', at: now, by: 'Ada', reason: 'moving', until: Date.UTC(2026, 10, 20, 6) },
    ]);
    expect(await answer.json()).toMatchObject({
      state: 'paused',
      since: '2026-11-20T05:10:58.000Z',
      paused: { by: 'Ada', reason: 'moving', until: '2026-11-20T06:00:00.000Z' },
    });
  });

  it('resumes, with a body or without', async () => {
    const { post, pauses } = pausable();
    await post('/api/monitors/website/pause');
    expect(pauses).toHaveLength(1);
    expect(await (await post('/api/monitors/website/resume')).json()).toMatchObject({ state: 'down' });
    expect(pauses).toEqual([]);
  });

  it.each([
    ['pause', { until: '2026-11-20T05:00:00Z' }, 'website', 400, '`until` has passed'],
    ['pause', { until: 'tomorrow' }, 'website', 400, '`until` is a time in ISO 8601, with its zone'],
    ['pause', { until: '2026-11-20T06:00:00' }, 'website', 400, 'with its zone'],
    ['pause', { reason: 'x'.repeat(201) }, 'website', 400, 'a reason is a text of 1 to 200 characters'],
    ['pause', { for: '2h' }, 'website', 400, 'unknown field "for"'],
    ['pause', {}, 'nope', 404, 'no monitor "nope"'],
    ['resume', {}, 'nope', 404, 'no monitor "nope"'],
    ['pause', {}, 'off', 409, 'paused by the config'],
    ['resume', {}, 'off', 409, 'paused by the config'],
  ])('%s with %j of %s is refused', async (verb, body, id, status, words) => {
    const monitors = [...config.monitors, { ...config.monitors[0]!, id: 'off', enabled: false }];
    const { post, pauses } = pausable({ config: { ...config, monitors } });
    const answer = await post(`/api/monitors/${id}/${verb}`, body);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(words.replaceAll('"', '\\"'));
    expect(pauses).toEqual([]);
  });

  it('is a form in the console, and a button that ends it', async () => {
    const { get, post, pauses } = pausable();
    expect(await (await get('/monitors/website')).text()).toContain('action="/monitors/website/pause"');
    const form = new URLSearchParams({ lasts: '2h', reason: ' moving ' });
    const answer = await post('/monitors/website/pause', form);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/monitors/website']);
    expect(pauses).toEqual([
      { monitor: 'website', at: now, by: 'console', reason: 'moving', until: now + 2 * 3_600_000 },
    ]);

    const page = await (await get('/monitors/website')).text();
    expect(page).toContain('Paused by console: moving.');
    expect(page).toContain('in 2 h');
    await post('/monitors/website/resume', new URLSearchParams());
    expect(pauses).toEqual([]);
  });
});
