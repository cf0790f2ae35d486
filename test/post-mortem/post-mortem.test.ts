import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WholeIncident } from '../../shared/aws/incident-table.ts';
import { trailOf } from '../../shared/notifications/delivery/trail.ts';
import { codeBlock, escaped, linked } from '../../shared/post-mortem/markdown.ts';
import { postMortem } from '../../shared/post-mortem/post-mortem.ts';
import { statusPost } from '../../shared/post-mortem/status-post.ts';
import { incident, now, record } from '../api/fixtures.ts';

const minute = 60_000;

/** The fixture's incident when it is over, with deployments before it. */
const over: WholeIncident = {
  ...record,
  incident: {
    ...incident,
    status: 'resolved',
    title: 'website is down | <b>now</b>',
    firstAcknowledgedAt: incident.openedAt + 3 * minute,
    acknowledgedBy: 'Ada',
    resolvedAt: incident.openedAt + 14 * minute,
    resolvedBy: 'recovered',
    reopened: 1,
    changes: [
      {
        id: 'a',
        at: incident.openedAt - 12 * minute,
        source: 'api',
        title: 'web 1.2.3',
        by: 'ana',
        link: 'https://ci.example.com/runs/17?a=1|2',
      },
      {
        id: 'b',
        at: incident.openedAt - 20 * minute,
        source: 'cloudformation',
        title: 'stack shop_prod updated',
      },
    ],
  },
};

const document = (whole: WholeIncident, zone?: string) =>
  postMortem({
    whole,
    trail: trailOf(whole, { digests: new Map(), toldBySns: new Set() }),
    link: 'https://console.example.com/incidents/20261120-k3p7qa2x',
    ...(zone !== undefined && { zone }),
  });

describe('a post-mortem', () => {
  test('has all that is known, times in UTC and in a zone, and room for the rest', () => {
    const golden = readFileSync(new URL('../fixtures/post-mortem/website.md', import.meta.url), 'utf8');
    expect(document(over, 'Europe/Madrid')).toBe(golden);
  });

  test('of an incident that lasts, with nothing before it, says so', () => {
    const { evidence, ...bare } = incident;
    const text = document({ ...record, incident: bare });
    expect(text).toContain('nobody acknowledged it, and it is not over yet.');
    expect(text).toContain('told of no deployment');
    expect(text).toContain('No failing check was seen');
    expect(text).toContain('| UTC | Alarm | Lasted | Why |');
  });
});

/** What a reader of Markdown sees of a text that was escaped. */
const read = (markdown: string) => markdown.replaceAll(/\\([\\`*_[\]<>|~&#!$.)+=-])/g, '$1');

describe('text from outside', () => {
  test.each([
    ['**bold** _it_ `code`', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\`'],
    ['a | b\nc', 'a \\| b c'],
    ['<script>alert(1)</script>', '\\<script\\>alert(1)\\</script\\>'],
    ['![x](http://evil)', '\\!\\[x\\](http://evil)'],
    ['# heading', '\\# heading'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['shop-prod 1.2.3', 'shop-prod 1.2.3'],
  ])('%j is written %j', (text, markdown) => {
    expect(escaped(text)).toBe(markdown);
  });

  test('is always one line, reads as it was, and opens no markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const markdown = escaped(text);
        expect(markdown).not.toMatch(/[\n\r]/);
        expect(markdown.replaceAll(/\\./g, '')).not.toMatch(/[`*_[\]<>|~&#!]/);
        expect(read(markdown)).toBe(read(escaped(read(markdown))));
      }),
    );
  });

  test('does not end the block of code that it stands in', () => {
    expect(codeBlock('a\n````\nb')).toBe('`````text\na\n````\nb\n`````');
  });

  test.each([
    ['https://ci.example.com/a|b', '<https://ci.example.com/a%7Cb>'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['https://x/<b> y', '<https://x/%3Cb%3E%20y>'],
  ])('%s as a link is %s', (url, markdown) => {
    expect(linked(url)).toBe(markdown);
  });
});

describe('the draft of a status post', () => {
  test('says what users see, since when, and when they hear more', () => {
    expect(statusPost(incident, 'Web shop', now)).toBe(
      [
        '**Investigating: Web shop**',
        'Since 2026-11-20 05:10:10 UTC, Web shop does not work for some or all users. We are looking into it.',
        'Next update by 2026-11-20 05:41:00 UTC.',
      ].join('\n\n'),
    );
  });

  test('changes as somebody takes it, and when it is over', () => {
    const taken = statusPost({ ...incident, status: 'acknowledged' }, 'Web shop', now);
    expect(taken).toContain('Our team is working on it.');
    expect(statusPost(over.incident, 'Web shop', now)).toContain(
      'Between 2026-11-20 05:10:10 UTC and 2026-11-20 05:24:10 UTC (14 min), Web shop did not work',
    );
  });

  test('of what is degraded promises no more than that', () => {
    const subject = { type: 'monitor', id: 'a', aspect: 'degraded' } as const;
    expect(statusPost({ ...incident, subject }, '*', now)).toContain('\\* works slowly or in part');
  });
});
