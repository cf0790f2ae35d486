import { describe, expect, test } from 'vitest';
import { deploymentPorts } from '../support/deployments.ts';
import { now } from './fixtures.ts';
import { open as openApp } from './requests.ts';

interface Answered {
  deployments: { title: string }[];
  error: { message: string };
}

const read = async (answer: Promise<Response>) => (await (await answer).json()) as Answered;
const iso = (at: number) => new Date(at).toISOString();

const open = () => openApp({ deployments: deploymentPorts() });

describe('POST /api/deployments', () => {
  test('keeps a deployment, of now and of the caller where nothing else is said', async () => {
    const { post, get } = open();
    const answer = await post('/api/deployments', { service: 'web', version: '1.2.3' });
    expect(answer.status).toBe(201);
    const deployment = {
      id: expect.any(String),
      source: 'api',
      title: 'web 1.2.3',
      service: 'web',
      version: '1.2.3',
      by: 'api',
      at: iso(now),
    };
    expect(await answer.json()).toEqual(deployment);
    expect(await read(get('/api/deployments'))).toEqual({ deployments: [deployment] });
  });

  test('told again by its id it is one deployment', async () => {
    const { post, get } = open();
    const at = [now - 120_000, now - 60_000].map(iso);
    await post('/api/deployments', { id: 'run-17', text: 'web begins', at: at[0] });
    await post('/api/deployments', { id: 'run-17', text: 'web done', at: at[1] });
    expect((await read(get('/api/deployments'))).deployments.map(({ title }) => title)).toEqual(['web done']);
  });

  test.each([
    [{}, 'what was deployed'],
    [{ service: 'web', at: 'yesterday' }, 'ISO 8601'],
    [{ service: 'web', at: iso(now - 8 * 86_400_000) }, 'within the last 7 days'],
    [{ service: 'web', at: iso(now + 6 * 60_000) }, 'not in the future'],
    [{ service: 'web', url: 'javascript:alert(1)' }, 'web address'],
    [{ service: 'x'.repeat(101) }, '1 to 100 characters'],
    [{ service: 'web', sha: 'abc' }, 'unknown field "sha"'],
  ])('refuses %j', async (body, words) => {
    const answer = await open().post('/api/deployments', body);
    expect([answer.status, (await read(Promise.resolve(answer))).error.message]).toEqual([
      400,
      expect.stringContaining(words),
    ]);
  });
});

test.each([
  ['', ['late', 'early']],
  ['?from=2026-11-20T05:00:00Z', ['late']],
  ['?from=2026-11-19&to=2026-11-20', ['early']],
])('GET /api/deployments%s lists %j, the latest first', async (query, titles) => {
  const deployment = { id: 'a', source: 'api' as const, title: 'early', at: now - 86_400_000 };
  const late = { ...deployment, id: 'b', title: 'late', at: now - 60_000 };
  const { get } = openApp({ deployments: deploymentPorts(deployment, late) });
  const { deployments } = await read(get(`/api/deployments${query}`));
  expect(deployments.map(({ title }) => title)).toEqual(titles);
});

test('GET /api/deployments refuses a time that is none', async () => {
  const { error } = await read(open().get('/api/deployments?from=monday'));
  expect(error.message).toContain('a time like 2026-11-01');
});
