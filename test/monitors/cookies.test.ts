import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieJar } from '../../shared/monitors/http/cookies.ts';

/** What goes to `to` after `at` said `line`, `later` milliseconds afterwards. */
function sent(at: string, line: string, to: string, later = 0): string {
  let now = Date.UTC(2026, 10, 20);
  const jar = cookieJar(() => now);
  jar.keep(new URL(at), [line]);
  now += later;
  return jar.headerFor(new URL(to));
}

const shop = 'https://shop.example.com/a/b';

describe('a cookie', () => {
  it.each([
    ['a=1', shop, shop],
    ['a=1', shop, 'https://shop.example.com/a/'],
    ['a=1; Path=/', shop, 'https://shop.example.com/'],
    ['a=1; path=/a', shop, 'https://shop.example.com/a'],
    ['a=1; Path=/a', shop, 'https://shop.example.com/a/c'],
    ['a=1; Secure; HttpOnly; SameSite=Lax', shop, shop],
    ['a=1; Domain=example.com; Path=/', shop, 'https://api.example.com/'],
    ['a=1; Domain=.Example.com; Path=/', shop, 'http://shop.example.com:8080/'],
    ['a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', shop, shop],
    ['a=1; Expires=Sat, 21 Nov 2026 00:00:00 GMT', shop, shop],
    [' a = 1 ;Max-Age=never', shop, shop],
  ])('%j of %s goes to %s', (line, at, to) => {
    expect(sent(at, line, to)).toBe('a=1');
  });

  it.each([
    ['a=1', shop, 'https://api.example.com/a/b'],
    ['a=1', shop, 'https://shop.example.com:8443/a/b'],
    ['a=1', shop, 'https://shop.example.com/'],
    ['a=1; Path=/a', shop, 'https://shop.example.com/ab'],
    ['a=1; Secure', 'http://shop.example.com/', 'http://shop.example.com/'],
    ['a=1; Domain=example.com', 'https://example.org/', 'https://example.com/'],
    ['a=1; Domain=com', 'https://example.com/', 'https://example.com/'],
    ['a=1; Domain=0.0.1', 'http://127.0.0.1/', 'http://127.0.0.1/'],
    ['a=1; Domain=shop.example.com; Path=/', shop, 'https://notshop.example.com/'],
    ['a=1; Max-Age=0', shop, shop],
    ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', shop, shop],
    ['=1', shop, shop],
    ['nothing', shop, shop],
    [`a=${'1'.repeat(5_000)}`, shop, shop],
    ['', shop, shop],
  ])('%j of %s does not go to %s', (line, at, to) => {
    expect(sent(at, line, to)).toBe('');
  });

  it('ends when its time is over', () => {
    expect(sent(shop, 'a=1; Max-Age=60', shop, 59_999)).toBe('a=1');
    expect(sent(shop, 'a=1; Max-Age=60', shop, 60_000)).toBe('');
  });

  it('replaces the one before, and is taken back by one that has ended', () => {
    const jar = cookieJar(() => 0);
    const url = new URL(shop);
    jar.keep(url, ['a=1', 'b=2', 'c=3; Path=/a/b']);
    jar.keep(url, ['a=2', 'b=; Max-Age=0']);
    expect(jar.headerFor(url)).toBe('c=3; a=2');
    expect(jar.values()).toEqual(['3', '2']);
  });

  it('makes the oldest go where there are too many', () => {
    const jar = cookieJar(() => 0);
    jar.keep(
      new URL(shop),
      Array.from({ length: 200 }, (_, n) => `n${n}=${n}`),
    );
    expect(jar.values()).toHaveLength(180);
    expect(jar.values()[0]).toBe('20');
  });

  it('of whatever form never goes to a host that is not below its own domain', () => {
    const host = fc.stringMatching(/^[a-c]{1,2}(\.[a-c]{1,2}){1,3}$/);
    fc.assert(
      fc.property(host, host, fc.option(host), (from, to, domain) => {
        const line = `a=1; Path=/${domain ? `; Domain=${domain}` : ''}`;
        const goes = sent(`https://${from}/`, line, `https://${to}/`) !== '';
        const isBelow = (name: string, other: string) => name === other || name.endsWith(`.${other}`);
        expect(goes).toBe(domain ? isBelow(from, domain) && isBelow(to, domain) : from === to);
      }),
    );
  });
});
