import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { deliver } from '../../shared/notifications/delivery/deliver.ts';
import { linkMs, mailKey, mailToken, readMailToken } from '../../shared/notifications/email/link.ts';
import { renderEmail } from '../../shared/notifications/email/message.ts';
import { email } from '../../shared/notifications/email.ts';
import { acknowledged, digest, firing, openedAt, resolved } from './events.ts';

const settings = { from: 'tocsin@example.com', to: ['Ana <ana@example.com>', 'ben@example.com'] };

const linksOf = (event: IncidentEvent) =>
  email.actionLinks!(event, settings, {
    readSecret: async (name) => `value of ${name}`,
    now: () => openedAt,
  });

const askedBy = ({ url }: { url: string }) =>
  readMailToken(`value of ${mailKey}`, new URL(url).searchParams.get('token')!);

describe('the links of a mail', () => {
  test('ask for one thing each, of this incident, of who got the mail, for a day', async () => {
    const event = firing();
    const links = await linksOf(event);
    expect(links.map(({ label }) => label)).toEqual(['Acknowledge', 'Resolve']);
    const common = {
      incident: event.incident.id,
      reopened: 0,
      to: 'ana@example.com and 1 more',
      until: openedAt + linkMs,
    };
    expect(links.map(askedBy)).toEqual([
      { ...common, action: 'acknowledge' },
      { ...common, action: 'resolve' },
    ]);
    const origin = new URL(event.links.incident!).origin;
    for (const { url } of links) expect(url).toMatch(new RegExp(`^${origin}/mail\\?token=`));
  });

  test.each([
    ['an incident that somebody is on', { ...firing(), incident: acknowledged().incident }, ['Resolve']],
    ['one that is over', resolved(), []],
    ['many at once', digest(), []],
    ['a system without a console', { ...firing(), links: {} }, []],
  ])('of %s', async (_, event, labels) => {
    expect((await linksOf(event)).map(({ label }) => label)).toEqual(labels);
  });

  test('stand in text and HTML, and nowhere in the event', async () => {
    const event = firing();
    const links = await linksOf(event);
    const { text, html } = renderEmail(event, settings, links);
    for (const { label, url } of links) {
      expect(text).toContain(`${label}: ${url}\n`);
      expect(html).toContain(`<a href="${url}"`);
    }
    expect(JSON.stringify(event)).not.toContain('token=');
  });
});

test('a mail without its key goes out without links, and says that a secret is missing', async () => {
  const sent: string[] = [];
  const kind = {
    ...email,
    send: async ({ text }: { text: string }) => {
      sent.push(text);
      return { status: 200, headers: {}, body: '{}' };
    },
  };
  const delivered = await deliver(kind, firing(), settings, {
    aws: { region: 'eu-central-1', accessKeyId: 'tester', secretAccessKey: 'secret' },
    readSecret: async (name) => {
      throw new Error(`secret ${name} is missing`);
    },
    now: () => openedAt,
    allowLoopback: false,
  });
  expect(delivered).toMatchObject({ verdict: { result: 'sent' }, secretMissing: true });
  expect(sent[0]).toContain('website is down');
  expect(sent[0]).not.toContain('/mail?');
});

describe('98 a token', () => {
  const link = {
    incident: '20261120-abcdefgh',
    action: 'resolve' as const,
    reopened: 1,
    to: 'ana@example.com',
    until: openedAt,
  };

  test('is read as it was made, with its key alone', () => {
    expect(readMailToken('key', mailToken('key', link))).toEqual(link);
    expect(readMailToken('another', mailToken('key', link))).toBeUndefined();
  });

  test('that was changed anywhere is none', () => {
    const token = mailToken('key', link);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'Aa0_-.='), (at, character) => {
        fc.pre(token[at] !== character);
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        expect(readMailToken('key', changed)).toBeUndefined();
      }),
    );
  });

  test('of any text is none, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readMailToken('key', text)).toBeUndefined();
      }),
    );
  });

  test('with what another signs for itself is none', () => {
    const [, signature] = mailToken('key', link).split('.');
    const other = Buffer.from(JSON.stringify({ ...link, incident: 'another' })).toString('base64url');
    expect(readMailToken('key', `${other}.${signature}`)).toBeUndefined();
  });
});
