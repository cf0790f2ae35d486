import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serveHttp } from '../support/servers.ts';
import { tocsin } from '../support/tocsin.ts';

const file = ['--config', 'test/fixtures/cli/alerting.config.ts'];

/** Lines of an answer, the spaces between columns made one. */
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' '));

describe('simulate', () => {
  const page = readFileSync(new URL('../../docs/alerting.md', import.meta.url), 'utf8');

  test('says who is told of a monitor, when and why, as docs/alerting.md shows', async () => {
    const example = readFileSync(new URL(`../../${file[1]}`, import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
    const [, command, shown] = /^\$ npm run tocsin -- (simulate [^\n]*)\n(.*?)\n```/ms.exec(page)!;
    const { code, out } = await tocsin([...command!.split(' '), ...file]);
    expect([code, lines(out)]).toEqual([0, lines(shown!)]);
    expect(lines(out)).toContain('Sun 2026-11-22 00:03 +5 min escalated ana (Ana, on call in platform)');
  });

  test('tells what happens in the order it does, also where a window comes in between', async () => {
    const window = { id: 'started-1', monitors: ['shop'], by: 'ana' };
    const answers: Record<string, object> = {
      '/api/oncall': { rotations: [] },
      '/api/silences': { silences: [] },
      '/api/maintenance': {
        windows: [{ ...window, from: '2026-11-20T10:10:00Z', to: '2026-11-20T10:50:00Z' }],
      },
    };
    const { port } = await serveHttp(
      (request, response) => void response.end(JSON.stringify(answers[request.url!])),
    );
    const running = ['--at', '2026-11-20T10:00Z', '--url', `http://127.0.0.1:${port}`];
    const { out } = await tocsin(['simulate', '--monitor', 'shop', ...running, ...file]);
    const began = lines(out).filter((line) => line.startsWith('Fri 2026-11-20'));
    expect(began.slice(0, 4)).toEqual([
      'Fri 2026-11-20 11:00 at once first ops, web',
      'Fri 2026-11-20 11:05 +5 min escalated ana (Ana, on call in platform)',
      'Fri 2026-11-20 11:20 +20 min held back maintenance started-1 until 2026-11-20 10:50 UTC',
      'Fri 2026-11-20 11:50 +50 min still firing ops, web',
    ]);
  });

  test('takes labels instead, and answers in JSON', async () => {
    const { code, out } = await tocsin([
      'simulate',
      '--labels',
      'severity=low,team=data',
      '--at',
      '2026-11-20T10:00Z',
      '--json',
      ...file,
    ]);
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      {
        at: '2026-11-20T10:00:00.000Z',
        labels: { severity: 'info', team: 'data' },
        routes: ['routes[1]'],
        notices: [
          {
            at: '2026-11-20T10:00:30.000Z',
            reason: 'first',
            channels: [{ channel: 'mail', digest: '2026-11-21T07:00:00.000Z' }],
          },
        ],
        told: [],
      },
    ]);
  });

  test('asks a system that runs for its silences, windows and overrides', async () => {
    const answers: Record<string, object> = {
      '/api/oncall': { rotations: [] },
      '/api/maintenance': { windows: [] },
      '/api/silences': {
        silences: [
          {
            id: 'one',
            state: 'active',
            matchers: ['team=~"web|data"'],
            startsAt: '2026-11-20T09:00:00Z',
            endsAt: '2026-11-20T12:00:00Z',
            by: 'ana',
            comment: 'deploy',
            updatedAt: '2026-11-20T09:00:00Z',
          },
        ],
      },
    };
    const { port } = await serveHttp(
      (request, response) => void response.end(JSON.stringify(answers[request.url!])),
    );
    const url = `http://127.0.0.1:${port}`;
    const { out } = await tocsin([
      'simulate',
      '--monitor',
      'shop',
      '--at',
      '2026-11-20T10:00Z',
      '--url',
      url,
      ...file,
    ]);
    expect(lines(out)).toEqual(
      expect.arrayContaining([
        'Fri 2026-11-20 11:00 at once held back silenced by ana until 2026-11-20 12:00 UTC: deploy',
        'Fri 2026-11-20 13:00 +2 h still firing ops, web',
      ]),
    );
  });

  test.each([
    [[], 'give --monitor or --labels'],
    [['--monitor', 'shp'], 'no monitor is called shp: did you mean shop'],
    [['--labels', 'severity'], 'labels are written severity=critical,team=web'],
    [['--labels', 'type=probe'], 'type=probe: it is one of monitor, rule'],
    [['--labels', 'severity=fatal'], 'severity=fatal: it is one of critical'],
    [['--monitor', 'shop', '--at', '2026-11-20T10:00'], 'it is a time with its zone'],
  ])('%j is wrong usage: %s', async (args, words) => {
    expect(await tocsin(['simulate', ...args, ...file])).toMatchObject({
      code: 2,
      error: expect.stringContaining(words),
    });
  });
});
