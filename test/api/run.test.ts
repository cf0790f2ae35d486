import { describe, expect, it } from 'vitest';
import type { Ports } from '../../shared/api/ports.ts';
import type { EvidenceItem, Run } from '../../shared/history/history.ts';
import { checkout, config, evidence, fixturePorts, monitor, now } from './fixtures.ts';
import { open } from './requests.ts';

const several = monitor('several', { locations: ['home', 'tokyo'] });
const off = monitor('off', { enabled: false });

/** An application that keeps its runs, and what their probes are told to have seen. */
function runnable(results: EvidenceItem[] = [], more: Partial<Ports> = {}) {
  const runs: Run[] = [];
  const monitors = [...config.monitors, several, off];
  const locations = [{ id: 'home' }, { id: 'tokyo' }];
  const ports: Partial<Ports> = {
    config: { ...config, monitors, locations },
    async startRun(wanted) {
      runs.push({ id: `run-${runs.length + 1}`, ...wanted, results });
      return runs.at(-1)!.id;
    },
    readRun: async (id) => runs.find((run) => run.id === id),
    ...more,
  };
  return { ...open(ports), runs };
}

const seen = (location: string): EvidenceItem => ({
  location,
  slot: now,
  observation: { monitor: 'several', at: now, outcome: 'up', responseTime: 12.3, status: 200 },
});

describe('POST /api/monitors/{id}/run', () => {
  it('asks every location, says where the result will be, and who asked', async () => {
    const { post, runs } = runnable();
    const answer = await post('/api/monitors/several/run', { actor: 'Ada' });
    expect([answer.status, answer.headers.get('location')]).toEqual([202, '/api/runs/run-1']);
    expect(await answer.json()).toEqual({
      id: 'run-1',
      monitor: 'several',
      at: '2026-11-20T05:10:58.000Z',
      by: 'Ada',
      locations: ['home', 'tokyo'],
      waitingFor: ['home', 'tokyo'],
      results: [],
    });
    expect(runs).toHaveLength(1);
  });

  it('asks one location where it is named', async () => {
    const { post, runs } = runnable();
    await post('/api/monitors/several/run', { location: 'tokyo' });
    expect(runs).toMatchObject([{ locations: ['tokyo'], by: 'api' }]);
  });

  it.each([
    ['nope', {}, 404, 'no monitor'],
    ['off', {}, 409, 'paused by the config'],
    ['several', { location: 'berlin' }, 400, 'it is from home, tokyo'],
    ['checkout', { location: 'tokyo' }, 400, 'it is from home'],
    ['several', { place: 'home' }, 400, 'unknown field'],
  ])('of %s with %j is refused', async (id, body, status, words) => {
    const { post, runs } = runnable();
    const answer = await post(`/api/monitors/${id}/run`, body);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
    expect(runs).toEqual([]);
  });
});

describe('GET /api/runs/{id}', () => {
  it('has what arrived, and what is waited for', async () => {
    const { post, get } = runnable([seen('home')]);
    await post('/api/monitors/several/run');
    expect(await (await get('/api/runs/run-1')).json()).toMatchObject({
      waitingFor: ['tokyo'],
      results: [
        {
          location: 'home',
          outcome: 'up',
          status: 200,
          attempts: [{ at: '2026-11-20T05:10:58.000Z', outcome: 'up' }],
        },
      ],
    });
  });

  it('does not know a run that is gone', async () => {
    const answer = await runnable().get('/api/runs/nope');
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('kept for an hour')]);
  });
});

describe('Run now in the console', () => {
  it('is one button, and one for each location where there are several', async () => {
    const { get } = runnable();
    const buttons = async (id: string) =>
      [...(await (await get(`/monitors/${id}`)).text()).matchAll(/name="location" value="(\w+)"/g)].map(
        ([, location]) => location,
      );
    expect(await buttons('several')).toEqual(['home', 'tokyo']);
    expect(await buttons('checkout')).toEqual([]);
    expect(await (await get('/monitors/checkout')).text()).toContain('action="/monitors/checkout/run"');
    expect(await (await get('/monitors/off')).text()).not.toContain('action="/monitors/off/run"');
  });

  it('leads to the page that shows what was seen, also when all is well', async () => {
    const { post, get, runs } = runnable([seen('home')]);
    const answer = await post('/monitors/several/run', new URLSearchParams());
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/monitors/several?run=run-1']);
    expect(runs).toMatchObject([{ by: 'console' }]);
    const page = await (await get('/monitors/several?run=run-1')).text();
    expect(page).toContain('Run by console');
    expect(page).toContain('12 ms');
    expect(page).toContain('Waiting for tokyo…');
  });

  it('says when a result is overdue', async () => {
    let time = now;
    const { post, get } = runnable([], { now: () => time });
    await post('/monitors/checkout/run', new URLSearchParams());
    time += 2 * checkout.timeout + 32_000;
    expect(await (await get('/monitors/checkout?run=run-1')).text()).toContain('home has sent nothing');
  });

  it('is not shown on the page of another monitor', async () => {
    const { post, get } = runnable();
    await post('/monitors/several/run', new URLSearchParams());
    expect(await (await get('/monitors/website?run=run-1')).text()).not.toContain('Run by');
  });

  it('may show the check that is the latest evidence as well: no id is on a page twice', async () => {
    const { post, get } = runnable([evidence]);
    await post('/monitors/website/run', new URLSearchParams());
    const page = await (await get('/monitors/website?run=run-1')).text();
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id) => id!.startsWith('run-'))).not.toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('checks because of an incident', async () => {
  const [incident] = await fixturePorts().listIncidents(1);
  const run = { id: 'run-1', monitor: 'several', locations: ['home', 'tokyo'], at: now, by: 'tocsin' };
  const app = open({
    readMeanwhile: async (id) => (id === incident!.id ? [{ ...run, results: [seen('home')] }] : []),
  });

  it('are with it in the API, as far as they are there', async () => {
    const answer = await app.get(`/api/incidents/${incident!.id}`);
    const at = '2026-11-20T05:10:58.000Z';
    expect(await answer.json()).toMatchObject({
      meanwhile: [
        {
          run: 'run-1',
          monitor: 'several',
          at,
          waitingFor: ['tokyo'],
          results: [{ location: 'home', at, outcome: 'up', responseTime: 12.3 }],
        },
      ],
    });
  });

  it('are on its page, with a way to all that was seen; on no other', async () => {
    const page = await (await app.get(`/incidents/${incident!.id}`)).text();
    expect(page).toContain('Checks meanwhile');
    expect(page).toContain('href="/monitors/several?run=run-1"');
    expect(page).toContain('nothing yet');
    const [, other] = await fixturePorts().listIncidents(2);
    expect(await (await app.get(`/incidents/${other!.id}`)).text()).not.toContain('Checks meanwhile');
  });
});
