import { expect, test } from 'vitest';
import { refusal } from '../../infra/local/access.ts';

const console_ = { port: 4400, ownPages: true };
const aws = { port: 4401, ownPages: false };

const clicked = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
};

test.each([
  ['the console by name', console_, { host: 'localhost:4400' }, undefined],
  ['the console by address', console_, { host: '127.0.0.1:4400' }, undefined],
  ['the console by IPv6 address', console_, { host: '[::1]:4400' }, undefined],
  ['names in any case', console_, { host: 'LocalHost:4400' }, undefined],
  ['a name rebound to loopback', console_, { host: 'evil.example:4400' }, 421],
  ['a name that only begins like ours', console_, { host: 'localhost.evil.example:4400' }, 421],
  ['another port', console_, { host: 'localhost:4510' }, 421],
  ['no host at all', console_, {}, 421],
  [
    'a form of our own page',
    console_,
    { host: 'localhost:4400', origin: 'http://localhost:4400', 'sec-fetch-site': 'same-origin' },
    undefined,
  ],
  [
    'our own page under its other name',
    console_,
    { host: '127.0.0.1:4400', origin: 'http://localhost:4400', 'sec-fetch-site': 'cross-site' },
    403,
  ],
  ['a page elsewhere', console_, { host: 'localhost:4400', origin: 'https://evil.example' }, 403],
  ['a page without an origin of its own', console_, { host: 'localhost:4400', origin: 'null' }, 403],
  [
    'a page on another local port',
    console_,
    { host: 'localhost:4400', origin: 'http://localhost:4510' },
    403,
  ],
  ['an image in a page elsewhere', console_, { host: 'localhost:4400', 'sec-fetch-site': 'cross-site' }, 403],
  [
    'an address typed into the browser',
    console_,
    { host: 'localhost:4400', 'sec-fetch-site': 'none' },
    undefined,
  ],
  ['a link to an incident, clicked in webmail', console_, { host: 'localhost:4400', ...clicked }, undefined],
  [
    'a page elsewhere that navigates to us by itself',
    console_,
    { host: 'localhost:4400', ...clicked, 'sec-fetch-user': undefined },
    403,
  ],
  [
    'a form elsewhere that somebody sends to us',
    console_,
    { host: 'localhost:4400', ...clicked, origin: 'https://evil.example' },
    403,
  ],
  ['our page in a frame', console_, { host: 'localhost:4400', ...clicked, 'sec-fetch-dest': 'iframe' }, 403],
  ['a link to the AWS endpoint', aws, { host: 'localhost:4401', ...clicked }, 403],
  ['an SDK client', aws, { host: '127.0.0.1:4401' }, undefined],
  [
    'a page elsewhere, at the AWS endpoint',
    aws,
    { host: '127.0.0.1:4401', origin: 'https://evil.example' },
    403,
  ],
  [
    'even our own page, at the AWS endpoint',
    aws,
    { host: 'localhost:4401', origin: 'http://localhost:4401' },
    403,
  ],
  ['an image, at the AWS endpoint', aws, { host: 'localhost:4401', 'sec-fetch-site': 'cross-site' }, 403],
])('%s', (_, rules, headers, status) => {
  expect(refusal(headers, rules)?.status).toBe(status);
});
