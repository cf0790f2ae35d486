import { describe, expect, test } from 'vitest';
import { config, incident } from './fixtures.ts';
import { open } from './requests.ts';

const path = `/api/incidents/${incident.id}`;

describe('GET /api/incidents/{id}/post-mortem', () => {
  test('is a Markdown file', async () => {
    const answer = await open().get(`${path}/post-mortem`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain(`post-mortem-${incident.id}.md`);
    expect(await answer.text()).toMatch(/^# Post-mortem: website is down\n/);
  });

  test('has times of the zone asked for, or of the first rotation', async () => {
    const times = async (query: string, more = {}) => {
      const text = await (await open(more).get(`${path}/post-mortem${query}`)).text();
      return /\| (UTC[^W]*) \| What \|/.exec(text)?.[1];
    };
    const rotations = [{ id: 'platform', zone: 'Asia/Tokyo', layers: [] }];
    expect(await times('')).toBe('UTC');
    expect(await times('', { config: { ...config, rotations } })).toBe('UTC | Asia/Tokyo');
    expect(await times('?zone=Europe/Madrid')).toBe('UTC | Europe/Madrid');
  });

  test.each([
    [`${path}/post-mortem?zone=Mars`, 400],
    ['/api/incidents/nothing/post-mortem', 404],
    ['/api/incidents/nothing/status-post', 404],
  ])('%s answers %i', async (url, status) => {
    expect((await open().get(url)).status).toBe(status);
  });
});

test('GET /api/incidents/{id}/status-post drafts what users are told', async () => {
  const answer = await open().get(`${path}/status-post`);
  expect(await answer.text()).toMatch(/^\*\*Investigating: website\*\*\n/);
});

test('the page of an incident shows what was deployed before, the draft, and where the document is', async () => {
  const changes = [
    { id: 'a', at: incident.openedAt - 720_000, source: 'api' as const, title: 'web <1.2.3>', by: 'ana' },
  ];
  const readIncident = async () => ({
    incident: { ...incident, changes },
    alerts: [],
    timeline: [],
    ledger: [],
    deliveries: [],
    effects: [],
  });
  const page = await (await open({ readIncident }).get(`/incidents/${incident.id}`)).text();
  expect(page).toContain('What changed before');
  expect(page).toContain('web &lt;1.2.3&gt; by ana');
  expect(page).toContain('12 min before');
  expect(page).toContain(`href="/api/incidents/${incident.id}/post-mortem"`);
  expect(page).toContain('**Investigating: website**');
});
