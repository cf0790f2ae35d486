import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactor } from '../../shared/notifications/delivery/redact.ts';

const webhook = 'https://hooks.slack.com/services/T0DECOY1/B0DECOY2/decoyToken3456?sig=abc%2Fdef123';
const smtp = 'smtps://apikey%40x:p%C3%A4ss-word@smtp.example.com:465';

test.each([
  ['the value', `failed: ${webhook}`, 'failed: ***'],
  ['its path', '404 /services/T0DECOY1/B0DECOY2/decoyToken3456', '404 ***'],
  ['a token of its path', 'no team T0DECOY1', 'no team ***'],
  ['a query value, decoded', 'bad sig abc/def123', 'bad sig ***'],
  ['the value as JSON', JSON.stringify({ url: webhook }), '{"url":"***"}'],
  ['the value cut at the end', `failed: ${webhook.slice(0, 60)}`, 'failed: ***'],
  ['the host stays', 'getaddrinfo ENOTFOUND hooks.slack.com', 'getaddrinfo ENOTFOUND hooks.slack.com'],
  ['a word of its path stays', 'services are down', 'services are down'],
])('of a webhook: %s', (_, text, expected) => {
  expect(redactor([webhook])(text)).toBe(expected);
});

test.each([
  ['535 bad password päss-word', '535 bad password ***'],
  ['535 bad password p%C3%A4ss-word', '535 bad password ***'],
  ['535 no user apikey@x', '535 no user ***'],
])('of an SMTP URL: %s', (text, expected) => {
  expect(redactor([smtp])(text)).toBe(expected);
});

test('a secret that is no URL is masked wherever it stands', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (secret, before, after) => {
      const masked = redactor([secret])(`${before}${secret}${after}`);

      if (!'***'.includes(secret)) expect(masked).not.toContain(secret);
    }),
    { examples: [['$&', 'a', 'b']] },
  );
});

test('without a secret nothing changes', () => {
  expect(redactor([])('answered 500')).toBe('answered 500');
});
