import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { maskOf } from '../shared/masking.ts';
import { escapeHtml } from '../shared/notifications/email/html.ts';

const secret = 'hunter2/"quoted"&<more> = 100%\\';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['in JSON within JSON within JSON', JSON.stringify(JSON.stringify(JSON.stringify({ secret })))],
    [
      'in JSON that is safe in HTML',
      JSON.stringify(secret).replaceAll('&', '\\u0026').replaceAll('<', '\\u003C'),
    ],
    ['in a query', encodeURIComponent(secret)],
    ['in a path', encodeURI(secret)],
    [
      'in a URL of small letters',
      encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ secret }).toString()],
    ['in HTML', escapeHtml(secret)],
    ['in HTML by numbers', secret.replaceAll(/\W/g, (character) => `&#${character.charCodeAt(0)};`)],
    ['in base64', base64(secret)],
    ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
    ['in base64 amid other text', base64(`Bearer ${secret}, but`)],
    ['in base64 after a name', base64(`me:${secret}`)],
    ['twice', secret + secret],
    ['cut at the end', `token ${secret.slice(0, 20)}`],
    ['cut within an escape', `token ${encodeURIComponent(secret).slice(0, 9)}`],
    ['cut and marked as cut', `"${secret.slice(0, 9)}…"`],
  ])('is masked %s', (_case, text) => {
    const masked = maskOf([secret])(text);

    expect(masked).toContain('***');
    expect(masked).not.toMatch(/hunt|quoted|more|100/);
    expect(masked.length).toBeLessThan(40);
    const middle = base64(secret).slice(4, 12);
    expect(masked).not.toContain(middle);
  });

  it('that is the beginning of another leaves nothing of the other', () => {
    expect(maskOf(['hunter', 'hunter2-more'])('a hunter2-more, a hunter, and hunter2-mo')).toBe(
      'a ***, a ***, and ***',
    );
  });

  it.each([
    ['of a few letters at the end', 'they hun'],
    ['of other letters', 'answered 503'],
    ['without any', ''],
  ])('that is not there leaves a text %s as it is', (_case, text) => {
    expect(maskOf([secret])(text)).toBe(text);
  });
});

test('whatever a secret and the text around it are, nothing of it is left in the ways that machines write it', () => {
  const token = fc.stringMatching(/^[A-Za-z0-9]{8}[ -~é€😀\n\t]{0,20}$/u);
  const around = fc.stringMatching(/^[ .,:;&%\\"-]*$/);
  const write = fc.constantFrom<(text: string) => string>(
    (text) => text,
    JSON.stringify,
    (text) => JSON.stringify(JSON.stringify(text)),
    encodeURIComponent,
    encodeURI,
    escapeHtml,
    (text) => new URLSearchParams({ text }).toString(),
    base64,
  );
  fc.assert(
    fc.property(token, write, around, around, (secret, write, before, after) => {
      const masked = maskOf([secret])(before + write(secret) + after);

      expect(masked).not.toContain(secret.slice(0, 8));
      expect(masked).not.toContain(base64(secret).slice(0, 8));
    }),
  );
});

test('a long secret and a hostile text take no time', () => {
  const mask = maskOf(['\\"'.repeat(2_000), 'x'.repeat(4_000)]);
  const started = performance.now();
  mask('\\'.repeat(2_000));
  mask(`${'\\"'.repeat(990)}x`);
  mask('x'.repeat(2_000));
  expect(performance.now() - started).toBeLessThan(1_000);
});
