import { expect, test } from 'vitest';
import { isDemoSite } from '../../infra/local/demo-site.ts';

test.each([
  ['http://localhost:4510/health', true],
  ['http://127.0.0.1:4510', true],
  ['http://localhost:45100/', false],
  ['https://demo.example:4510/', false],
])('%s is the demo site: %s', (url, expected) => {
  expect(isDemoSite({ settings: { url } })).toBe(expected);
});
