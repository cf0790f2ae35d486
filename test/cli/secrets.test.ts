import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askSecret } from '../../infra/cli/ask-secret.ts';
import { awsAccount } from '../support/aws-account.ts';
import { tocsin } from '../support/tocsin.ts';

const config = ['--config', 'test/fixtures/cli/slack-and-mail.config.ts'];
const webhook = 'https://hooks.slack.com/services/T000/B000/hunter2';
const parameter = '/tocsin/acme/slack-webhook';

it('a secret that is piped in becomes a SecureString, and is not shown', async () => {
  const { contents, calls, environment } = await awsAccount();

  const { code, out, error } = await tocsin(['secrets', 'set', 'slack-webhook', ...config], {
    environment,
    input: `${webhook}\n`,
  });

  expect(error).toBe('');
  expect(code).toBe(0);
  expect(contents.parameters[parameter]).toBe(webhook);
  expect(calls.at(-1)).toEqual({
    service: 'ssm',
    operation: 'PutParameter',
    input: { Name: parameter, Value: webhook, Type: 'SecureString', Overwrite: true },
  });
  expect(out).toContain(`${parameter} is written to account 123456789012, eu-central-1`);
  expect(out).toContain('put it into .env: SLACK_WEBHOOK=…');
  expect(out + error).not.toContain('hunter2');
});

it.each([
  ['slack-webhok', 'x', 'the config uses no secret slack-webhok: did you mean slack-webhook'],
  ['slack-webhook', '', 'npm run tocsin -- secrets set slack-webhook'],
  ['slack-webhook', 'x'.repeat(4_097), 'has 4097 characters; SSM takes 4096'],
])('%s is not written where it cannot be one', async (name, input, said) => {
  const { calls, environment } = await awsAccount();

  const { code, error } = await tocsin(['secrets', 'set', name, ...config], { environment, input });

  expect(code).toBe(1);
  expect(error).toContain(said);
  expect(calls.filter(({ operation }) => operation === 'PutParameter')).toEqual([]);
});

it('the list says which are needed and which are there, by name only', async () => {
  const { calls, environment } = await awsAccount({ parameters: { [parameter]: webhook } });

  const { code, out, error } = await tocsin(['secrets', 'list', ...config], { environment });

  expect(code).toBe(1);
  expect(out).toBe('✓ slack-webhook\n✗ mail-key\n✗ admin-token\n');
  expect(error).toBe('npm run deploy   # makes mail-key, admin-token\n');
  expect(calls.filter(({ input }) => input.WithDecryption)).toEqual([]);
});

it.each([[['secrets']], [['secrets', 'get', 'x']], [['secrets', 'set']], [['secrets', 'list', 'x']]])(
  '%j is no command',
  async (args) => {
    const { code, error } = await tocsin(args);
    expect(code).toBe(2);
    expect(error).toContain('usage: npm run tocsin -- secrets set NAME | list');
  },
);

/** A terminal on which somebody types. */
function typed(...keys: string[]) {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => raw.push(on),
  });
  for (const key of keys) input.write(key);
  let said = '';
  return { terminal: { input, say: (text: string) => (said += text) }, raw, said: () => said };
}

it.each([
  ['typed', ['h', 'u', 'n', 't', 'e', 'r', '2', '\r']],
  ['pasted', ['hunter2\r']],
  ['mended', ['hunted\u007fr', '2\n']],
])('what is %s on a terminal is not echoed', async (_, keys) => {
  const { terminal, raw, said } = typed(...keys);

  expect(await askSecret('slack-webhook', terminal)).toBe('hunter2');

  expect(raw).toEqual([true, false]);
  expect(said()).toBe('slack-webhook (not shown): \n');
});

it('a prompt that is broken off gives the terminal back', async () => {
  const { terminal, raw } = typed('hun\u0003');

  await expect(askSecret('slack-webhook', terminal)).rejects.toThrow('nothing was written');

  expect(raw).toEqual([true, false]);
});
