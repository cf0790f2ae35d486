import { describe, expect, test } from 'vitest';
import { silencePath } from '../../shared/console/silences-page.tsx';
import type { Incident } from '../../shared/incidents/incident.ts';
import { config, incident, now, record } from '../api/fixtures.ts';
import { open } from '../api/requests.ts';
import { silencePorts, windowPorts } from '../support/suppression.ts';

const hour = 3_600_000;

/** What a reader sees. */
const words = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,:])/g, '');

const silences = () =>
  silencePorts(
    () => now,
    ...(['active', 'pending', 'expired'] as const).map((id, n) => ({
      id,
      matchers: [{ label: 'team', operator: '=' as const, values: [`<b>${id}</b>`] }],
      startsAt: now + [-hour, hour, -2 * hour][n]!,
      endsAt: now + [hour, 2 * hour, -hour][n]!,
      by: 'ana',
      comment: 'deploy',
      updatedAt: now,
    })),
  );

const form = (fields: Record<string, string>) => new URLSearchParams(fields);

describe('the page of silences', () => {
  test('shows them by state, and lets those be expired that are not over', async () => {
    const html = await (await open({ silences: silences() }).get('/silences')).text();
    expect(html).toContain('<h1>2 silenced</h1>');
    expect(words(html)).toMatch(
      /active .*ends in 1 h, by ana: deploy .*pending .*begins in 1 h.* Expired .*ended 1 h ago/,
    );
    expect([...html.matchAll(/action="(\/silences\/[^"]+)"/g)].map(([, path]) => path)).toEqual([
      '/silences/active/expire',
      '/silences/pending/expire',
    ]);
    expect(html).not.toContain('<b>');
  });

  test('makes a silence, and expires it', async () => {
    const kept = silencePorts(() => now);
    const { post } = open({ silences: kept });
    const made = await post('/silences', form({ matchers: 'team="platform"', for: '1h', comment: 'deploy' }));
    expect([made.status, made.headers.get('location')]).toEqual([303, '/silences']);
    const [silence] = await kept.readSilences();
    expect(silence).toMatchObject({ by: 'console', comment: 'deploy', startsAt: now, endsAt: now + hour });
    await post(`/silences/${silence!.id}/expire`);
    expect(await kept.readSilence(silence!.id)).toMatchObject({ endsAt: now });
  });

  test('says what is wrong with a form', async () => {
    const { post } = open();
    const wrong = await post('/silences', form({ matchers: 'team', for: '1h' }));
    expect([wrong.status, words(await wrong.text())]).toEqual([
      400,
      expect.stringContaining('is no matcher'),
    ]);
    expect((await post('/silences', form({ matchers: 'a=b' }))).status).toBe(400);
    expect((await post('/silences/gone/expire')).status).toBe(404);
  });

  test('begins with what an incident is about, but its severity', async () => {
    const { get } = open();
    const page = await (await get(`/incidents/${incident.id}`)).text();
    const path = /href="(\/silences\?[^"]+)"/.exec(page)![1]!;
    const html = await (await get(path)).text();
    expect(html).toContain('<details id="silence" class="pausing" open="">');
    expect(html).toContain('value="service=&quot;web&quot;, team=&quot;platform&quot;"');
    const { href } = new URL(
      silencePath({ ...incident, subject: { type: 'self', id: 'errors-api' }, labels: { type: 'self' } }),
      'http://console',
    );
    expect(decodeURIComponent(href)).toContain('alertname="errors-api", type="self"');
  });
});

describe('maintenance', () => {
  test('is shown with its end, begun and ended', async () => {
    const maintenance = windowPorts(() => now, config);
    const { get, post } = open({ maintenance });
    await post('/maintenance', form({ monitor: 'website', for: '2h', comment: 'new disks' }));
    const [window] = await maintenance.readWindows();
    expect(window).toMatchObject({
      monitors: ['website'],
      from: now,
      to: now + 2 * hour,
      by: 'console',
      comment: 'new disks',
    });
    expect(words(await (await get('/silences')).text())).toContain(
      `on ${window!.id} website ends in 2 h, by console: new disks`,
    );
    expect(words(await (await get('/monitors/website')).text())).toContain(
      `In maintenance (${window!.id}: new disks), which ends in 2 h .`,
    );
    expect(words(await (await get('/')).text())).toContain('maintenance');
    await post(`/maintenance/${window!.id}/end`);
    expect(words(await (await get('/silences')).text())).toContain('None is on or to come');
  });

  test('of the config is shown with its next time, and cannot be ended', async () => {
    const nightly = {
      id: 'nightly',
      monitors: ['website'],
      match: [],
      begins: { cron: '0 6 * * *' },
      zone: 'UTC',
      duration: hour,
    };
    const html = await (
      await open({ config: { ...config, maintenance: [nightly] } }).get('/silences')
    ).text();
    expect(words(html)).toMatch(
      /to come nightly website begins in 49 min 2 s, ends in 1 h 49 min, by the config/,
    );
    expect(html).not.toContain('/maintenance/nightly/end');
  });
});

test('an incident says why nobody is told of it', async () => {
  const held: Incident = { ...incident, suppressed: { by: 'dependency', id: 'db', text: 'waits for db' } };
  const { get } = open({
    readIncident: async () => ({ ...record, incident: held }),
    listIncidents: async () => [held],
  });
  expect(words(await (await get(`/incidents/${incident.id}`)).text())).toContain(
    'Nobody is told of it now: waits for db.',
  );
  expect(words(await (await get('/incidents')).text())).toContain('website is down critical held back');
});
