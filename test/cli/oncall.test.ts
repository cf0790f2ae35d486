import { expect, test } from 'vitest';
import { serveHttp } from '../support/servers.ts';
import { tocsin } from '../support/tocsin.ts';

const shift = { person: 'ana', name: 'Ana', from: '2026-11-20T08:00:00Z', to: '2026-11-23T08:00:00Z' };
const override = {
  id: 'one',
  rotation: 'platform',
  person: 'ben',
  from: shift.from,
  to: shift.to,
  by: 'eva',
};

async function running(answer: object) {
  const requests: [string, unknown][] = [];
  const { port } = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push([`${request.method} ${request.url}`, body && JSON.parse(body)]);
    response.end(JSON.stringify(answer));
  });
  return { url: ['--url', `http://127.0.0.1:${port}`], requests };
}

test('shows who is on call now and next, at the time of the zone', async () => {
  const { url } = await running({
    rotations: [
      {
        id: 'platform',
        zone: 'Europe/Madrid',
        now: shift,
        next: { ...shift, name: 'Ben', from: shift.to },
        overrides: [override],
      },
      { id: 'data', zone: 'UTC', overrides: [] },
    ],
  });
  const { code, out } = await tocsin(['oncall', ...url]);
  expect([code, out.trimEnd().split('\n')]).toEqual([
    1,
    [
      'platform (Europe/Madrid)',
      '  now   Ana until Mon 2026-11-23 09:00',
      '  next  Ben from Mon 2026-11-23 09:00',
      '  one: ben from Fri 2026-11-20 09:00 to Mon 2026-11-23 09:00, by eva',
      'data (UTC)',
      '  now   nobody',
      '  next  nobody else',
    ],
  ]);
});

test('puts somebody there for a time, and undoes it', async () => {
  const { url, requests } = await running(override);
  const { out } = await tocsin(['oncall', 'take', 'platform', 'ben', '--for', '8h', ...url]);
  expect(out).toContain('npm run tocsin -- oncall drop one');
  await tocsin(['oncall', 'drop', 'one', ...url]);
  expect(requests).toEqual([
    [
      'POST /api/oncall/overrides',
      { rotation: 'platform', person: 'ben', for: '8h', actor: expect.any(String) },
    ],
    ['DELETE /api/oncall/overrides/one', ''],
  ]);
});

test.each([
  [['swap'], 'it is take or drop'],
  [['take', 'platform'], 'which rotation, and who?'],
  [['take', 'platform', 'ben'], 'give --for 8h or --to'],
  [['drop'], 'which override?'],
])('%j is wrong usage: %s', async (args, words) => {
  expect(await tocsin(['oncall', ...args])).toMatchObject({
    code: 2,
    error: expect.stringContaining(words),
  });
});
