import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { localSecrets } from '../../infra/cli/local-secrets.ts';

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '.env'), text);
  return join(folder, '.env');
}

test.each([
  ['the environment', { SHOP_KEY: 'from outside' }, 'SHOP_KEY=from the file', 'from outside'],
  ['the file, for what the environment lacks', {}, 'SHOP_KEY="from the file"', 'from the file'],
  ['the file, for what is empty', { SHOP_KEY: '' }, 'OTHER=1\nSHOP_KEY=from the file', 'from the file'],
])('a secret is read from %s', async (_, environment, file, value) => {
  expect(await localSecrets(environment, fileWith(file))('shop-key')).toBe(value);
});

test('one that is nowhere is missing, and it says where to put it', async () => {
  await expect(localSecrets({}, '/nowhere/.env')('shop-key')).rejects.toThrow(
    'secret shop-key is missing: export SHOP_KEY=…, or put it into .env',
  );
});
