import { describe, expect, it } from 'vitest';
import { IncidentRefusal } from '../../shared/incidents/errors.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import { config, evidence, fixturePorts, incident, now, record, website } from '../api/fixtures.ts';
import { host, open } from '../api/requests.ts';

const page = async (path: string, more: Parameters<typeof open>[0] = {}) =>
  (await open(more).get(path)).text();

/** What a reader sees: no tags, one space between words. */
const words = (html: string) =>
  html
    .replace(/<title>.*?<\/title>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const nothing = {
  readNow: async () => [],
  readRollups: async () => [],
  readEvidence: async () => [],
  readScreenshot: async () => undefined,
  listIncidents: async () => [],
  listOpenIncidents: async () => [],
  describeAlarms: async () => [],
};

it('is HTML that browsers read by today’s rules', async () => {
  for (const path of ['/', '/monitors/website', '/incidents', '/alarms', '/nothing'])
    expect(await page(path)).toMatch(/^<!doctype html><html lang="en">/);
});

describe('the monitors', () => {
  it('are headed by what matters most, with the open incident to go to', async () => {
    const html = await page('/');
    expect(html).toContain('<h1>website is down</h1>');
    expect(html).toContain(`<a class="banner bad" href="/incidents/${incident.id}">`);
    expect(html).not.toContain('/incidents/20261118-aaaa2222');
  });

  it('begin with those that fail, and say why', async () => {
    const text = words(await page('/'));
    expect(text.indexOf('website')).toBeLessThan(text.indexOf('Checkout API'));
    expect(text).toContain('answered 503; 2 of 3 conditions failed');
  });

  it('show uptime with its coverage, response time and certificate', async () => {
    const text = words(await page('/'));
    expect(text).toContain('Uptime, 24 h 99.932 % 100.0 % covered');
    expect(text).toContain('Certificate 61 days left');
    expect(text).toMatch(/Response time \d+ ms \d+ ms on average/);
  });

  it('draw the latest checks with axes in words, and name each state', async () => {
    const html = await page('/');
    expect(html).toContain('aria-label="the latest 30 checks: 25 up, 1 degraded, 4 down"');
    expect(html).toContain('<title>2026-11-20 05:10:50 UTC: down, ');
    expect(words(html)).toMatch(/400 ms 200 ms 0/);
    expect(words(html)).toContain('5 min ago 2 min 30 s ago now');
  });

  it('show a gap where checks stopped, up to now', async () => {
    const bars = async (at: number) =>
      (await page('/', { now: () => at })).match(/class="bar"/g)?.length ?? 0;
    expect(await bars(now)).toBe(60);
    expect(await bars(now + 600_000)).toBe(20);
  });

  it('say what will appear before there is anything', async () => {
    expect(words(await page('/', nothing))).toContain('Waiting for the first checks');
    expect(words(await page('/', { ...nothing, config: { ...config, monitors: [] } }))).toContain(
      'No monitors yet. Add one to tocsin.config.ts',
    );
  });

  it.each([
    ['Everything is up', ['website']],
    ['1 of 2 up', ['website', 'other']],
  ])('are headed “%s”', async (headline, ids) => {
    const [items] = await Promise.all([fixturePorts().readNow()]);
    const up = items[1]!.monitors.checkout!;
    const html = await page('/', {
      readNow: async () => [{ ...items[1]!, monitors: { website: up } }],
      config: { ...config, monitors: ids.map((id) => ({ ...website, id })) },
    });
    expect(html).toContain(`<h1>${headline}</h1>`);
  });
});

describe('a monitor', () => {
  it('has uptime over three windows, both attempts of its latest failing check and its conditions', async () => {
    const text = words(await page('/monitors/website'));
    for (const window of ['Uptime, 24 h', 'Uptime, 7 d', 'Uptime, 30 d']) expect(text).toContain(window);
    expect(text).toContain('Attempt 1 of 2');
    expect(text).toContain('Attempt 2 of 2');
    expect(text).toContain('status == 200 did not hold: saw 503');
    expect(text).toContain('DNS 1.2 ms connect 0.6 ms first byte 38.1 ms transfer 1.3 ms');
    expect(text).toContain('2 of 3 checks');
  });

  it('draws its last 24 hours', async () => {
    const html = await page('/monitors/website');
    expect(html).toContain('<h2>Last 24 h</h2>');
    expect(words(html)).toContain('24 h ago 18 h ago 12 h ago 6 h ago now');
  });

  it('draws three hours while there is no more than that', async () => {
    const hours = await fixturePorts().readRollups('HOUR', 0, now);
    const html = await page('/monitors/website', {
      readRollups: async (period) =>
        period === 'HOUR' ? hours.filter(({ start }) => start > now - 5_400_000) : [],
    });
    expect(html).toContain('<h2>Last 3 h</h2>');
  });

  it('says what will appear before there is anything', async () => {
    const text = words(await page('/monitors/website', nothing));
    expect(text).toContain('appear here within five minutes of the first check');
    expect(text).toContain('None in the last 30 days.');
    expect(text).toContain('Uptime, 24 h — 0.0 % covered');
  });

  it('links its runbook only where that is a web address', async () => {
    const withRunbook = (runbook: string) => ({ config: { ...config, monitors: [{ ...website, runbook }] } });
    expect(await page('/monitors/website')).toContain(
      '<a href="https://wiki.example.com/runbooks/website" rel="noopener',
    );
    const hostile = await page('/monitors/website', withRunbook('javascript:alert(1)'));
    expect(hostile).not.toContain('href="javascript:');
    expect(hostile).toContain('javascript:alert(1)');
  });

  it('is not there where the config has none', async () => {
    const answer = await open().get('/monitors/nope');
    expect(answer.status).toBe(404);
    expect(words(await answer.text())).toContain('The config has no monitor “nope”.');
  });
});

it('shows what a health endpoint says of its parts, and what of it could not be understood', async () => {
  const components = [
    { name: 'cache', outcome: 'down' as const, message: 'refused' },
    { name: 'database', outcome: 'up' as const, latency: 12 },
    { name: 'queue', outcome: 'up' as const, problem: 'a time of day' },
  ];
  const observation = { ...evidence.observation, components, note: 'an unknown word' };
  const item = { ...evidence, observation: { ...observation, attempts: [observation] } };
  const answer = await open({ readEvidence: async () => [item] }).get('/monitors/website');
  const text = words(await answer.text());
  for (const part of [
    'cache ✕ down refused —',
    'database ✓ up 12 ms',
    'queue ✓ up not evaluable',
    'an unknown word',
  ])
    expect(text).toContain(part);
});

it('shows every step of an API monitor, and which of them failed', async () => {
  const steps = [
    { name: 'login', outcome: 'up' as const, status: 200, responseTime: 12.3 },
    {
      name: 'cart',
      outcome: 'down' as const,
      status: 503,
      responseTime: 4,
      message: 'expected status == 200',
    },
    { name: 'pay', outcome: 'unknown' as const },
    { name: 'logout', outcome: 'up' as const, status: 204, responseTime: 3, cleanup: true as const },
  ];
  const observation = { ...evidence.observation, steps };
  const item = { ...evidence, observation: { ...observation, attempts: [observation] } };
  const answer = await open({ readEvidence: async () => [item] }).get('/monitors/website');
  const text = words(await answer.text());
  for (const part of [
    'login ✓ up 200 12 ms',
    'cart ✕ down expected status == 200 503 4 ms',
    'pay not taken — —',
    'logout cleanup ✓ up 204 3 ms',
  ])
    expect(text).toContain(part);
});

it('shows what targets answered as text, wherever it is shown', async () => {
  const hostile = '"><script>alert(1)</script>';
  const observation = {
    ...evidence.observation,
    message: hostile,
    excerpt: hostile,
    failures: [{ line: hostile, seen: hostile }],
    components: [{ name: hostile, outcome: 'down' as const, message: hostile, problem: hostile }],
    steps: [{ name: hostile, outcome: 'down' as const, message: hostile }],
    note: hostile,
  };
  const item = { ...evidence, observation: { ...observation, attempts: [observation] } };
  const tampered: Incident = {
    ...incident,
    title: hostile,
    description: hostile,
    labels: { [hostile]: hostile },
    evidence: item,
  };
  const entry = {
    channel: hostile,
    to: hostile,
    subject: hostile,
    text: hostile,
    at: '2026-11-20T05:00:00Z',
  };
  const more = {
    readEvidence: async () => [item],
    listIncidents: async () => [tampered],
    listOpenIncidents: async () => [tampered],
    readIncident: async () => ({ ...record, incident: tampered }),
    local: {
      readOutbox: async () => [
        {
          ...entry,
          request: hostile,
          response: { status: 200, body: hostile, delivery: 'captured' as const },
        },
      ],
      readDemo: async () => ({ url: hostile, fault: hostile }),
    },
  };
  for (const path of [
    '/',
    '/monitors/website',
    '/incidents',
    `/incidents/${incident.id}`,
    '/outbox',
    '/demo',
    '/<script>',
  ]) {
    const html = await page(path, more);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script src="/assets/console.js');
  }
});

describe('the incidents', () => {
  it('are the open ones, then the resolved ones with how long they lasted', async () => {
    const text = words(await page('/incidents'));
    expect(text).toContain('1 open incident');
    expect(text).toMatch(/triggered website is down critical open for 48 s.*Resolved.*lasted 6 min 20 s/);
  });

  it('say that it was quiet where there are none', async () => {
    expect(words(await page('/incidents', nothing))).toContain('No incidents. The last 24 h were quiet.');
  });
});

describe('an incident', () => {
  it('has timeline, evidence, alerts, and who was told and how often', async () => {
    const text = words(await page(`/incidents/${incident.id}`));
    expect(text).toContain('opened by acme/monitor/website');
    expect(text).toContain('Looking at the database. Ada');
    expect(text).toContain('ops firing sent 200 · first · 2 attempts');
    expect(text).toContain('oncall firing sent 200');
    expect(text).toContain('still firing');
  });

  it.each([
    ['triggered', ['acknowledge', 'resolve', 'assign', 'severity', 'comments']],
    ['acknowledged', ['resolve', 'unacknowledge', 'assign', 'severity', 'comments']],
    ['resolved', ['reopen', 'assign', 'comments']],
  ] as const)('that is %s can be given %j', async (status, verbs) => {
    const html = await page(`/incidents/${incident.id}`, {
      readIncident: async () => ({ ...record, incident: { ...incident, status } }),
    });
    const actions = [...html.matchAll(/action="\/incidents\/[^/]+\/(\w+)"/g)].map((match) => match[1]);
    expect(actions).toEqual(verbs);
  });

  it.each([
    [['ops'], 'ops — not told not told yet'],
    [[], 'Nobody: no route of the config names a channel for this incident.'],
  ])('of which nobody was told says so: receivers %j', async (channels, text) => {
    const receivers = channels.map((channel) => ({ channel, sendResolved: true }));
    const plan = { ...incident.plan, receivers };
    const html = await page(`/incidents/${incident.id}`, {
      readIncident: async () => ({ ...record, effects: [], ledger: [], incident: { ...incident, plan } }),
    });
    expect(words(html)).toContain(text);
  });
});

describe('a form', () => {
  const post = (
    verb: string,
    body: Record<string, string>,
    act = async (..._: unknown[]): Promise<unknown> => undefined,
  ) =>
    open({ act }).post(`/incidents/${incident.id}/${verb}`, new URLSearchParams(body), {
      origin: `https://${host}`,
    });

  it.each([
    ['acknowledge', {}, { type: 'acknowledge', actor: 'console' }],
    ['resolve', {}, { type: 'resolve', actor: 'console' }],
    ['comments', { text: ' looking ' }, { type: 'comment', actor: 'console', text: 'looking' }],
  ])('%s does what it says and shows the incident again', async (verb, body, action) => {
    const acted: unknown[] = [];
    const answer = await post(verb, body, async (...given) => acted.push(given));
    expect(acted).toEqual([[incident.id, action]]);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/incidents/${incident.id}`]);
  });

  it.each([[{}], [{ text: ' ' }], [{ text: 'x'.repeat(2_001) }]])(
    'without a proper comment is refused',
    async (body) => {
      const acted: unknown[] = [];
      const answer = await post('comments', body, async (...given) => acted.push(given));
      expect(answer.status).toBe(400);
      expect(words(await answer.text())).toContain('A comment has 1 to 2000 characters.');
      expect(acted).toEqual([]);
    },
  );

  it('says why it could not be done', async () => {
    const answer = await post('resolve', {}, async () => {
      throw new IncidentRefusal('already-resolved', incident.id);
    });
    expect(answer.status).toBe(409);
    expect(words(await answer.text())).toContain('is resolved already');
  });
});

describe('the alarms', () => {
  it('begin with those that fire, in CloudWatch’s own words', async () => {
    const text = words(await page('/alarms'));
    expect(text).toMatch(
      /1 of 3 alarms firing.*in alarm acme\/monitor\/website.*no data.*OK acme\/monitor\/checkout/,
    );
    expect(text).toContain('Threshold Crossed: 2 out of the last 3 datapoints');
  });

  it('say where they will come from', async () => {
    expect(words(await page('/alarms', nothing))).toContain('No alarms. Each monitor of the config has one');
  });
});

describe('the pages of the local runtime', () => {
  const slack = {
    attachments: [
      {
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: 'CRITICAL: *website* is down' } },
          {
            type: 'section',
            text: { type: 'mrkdwn', text: '*Why* `status == 200` &amp; <https://wiki.example.com|Runbook>' },
          },
        ],
      },
    ],
  };
  const entry = {
    channel: 'ops',
    to: 'webhook',
    text: 'plain words',
    at: '2026-11-20T05:10:18Z',
    response: { status: 200, body: 'ok', delivery: 'captured' as const },
  };
  const local = {
    readOutbox: async () => [
      { ...entry, at: '2026-11-20T05:10:08Z', channel: 'oncall', subject: 'website is down' },
      { ...entry, request: { body: JSON.stringify(slack) } },
    ],
    readDemo: async () => ({ url: 'http://localhost:4510', fault: 'errors' }),
  };

  it('are not there on AWS', async () => {
    for (const path of ['/outbox', '/demo']) expect((await open().get(path)).status).toBe(404);
    expect(await page('/')).not.toContain('href="/outbox"');
  });

  it('show what people were told, newest first, Slack messages as their readers see them', async () => {
    const html = await page('/outbox', { local });
    expect(words(html)).toMatch(
      /ops to webhook 40 s ago , captured here.*oncall.*website is down plain words/,
    );
    expect(html).toContain('<span>CRITICAL: *website* is down</span>');
    expect(html).toContain(
      '<strong>Why</strong> <code>status == 200</code> &amp; <a href="https://wiki.example.com"',
    );
  });

  it('show plain text where a request is no Slack message', async () => {
    const odd = [{ request: 'no JSON' }, { request: { body: '[1]' } }, { request: null }, {}];
    const html = await page('/outbox', {
      local: { ...local, readOutbox: async () => odd.map((one) => ({ ...entry, ...one })) },
    });
    expect(html.match(/<pre>plain words<\/pre>/g)).toHaveLength(odd.length);
  });

  it('switch the demo site, and show how it is', async () => {
    const html = await page('/demo', { local });
    expect(html).toContain('<form method="post" action="/local/demo">');
    expect(html).toMatch(/value="errors" aria-pressed="true"/);
    expect(html.match(/aria-pressed="false"/g)).toHaveLength(3);
  });

  it('say what will appear where there is nothing', async () => {
    const empty = { local: { readOutbox: async () => [], readDemo: async () => undefined } };
    expect(words(await page('/outbox', empty))).toContain('Nobody was told anything yet');
    expect(words(await page('/demo', empty))).toContain('No demo site is running');
  });
});
