import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Facts, MailFacts } from '../../infra/cli/doctor/facts.ts';
import { judge } from '../../infra/cli/doctor/judge.ts';
import { awsAccount, nobody } from '../support/aws-account.ts';
import { configOf } from '../support/synthesis.ts';
import { tocsin } from '../support/tocsin.ts';

const run = (environment: Record<string, string | undefined>, ...more: string[]) =>
  tocsin(['doctor', '--config', 'test/fixtures/cli/slack-and-mail.config.ts', ...more], { environment });

/** A Slack that answers every message alike. */
async function slackAnswering(status: number, body: string) {
  const posted: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk) => posted.push(String(chunk)));
    request.on('end', () => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/services/T000/B000/hunter2`, posted };
}

it('says that all is well, with nothing changed, posted or shown that is secret', async () => {
  const slack = await slackAnswering(400, 'no_text');
  const { calls, environment } = await awsAccount({
    parameters: {
      '/cdk-bootstrap/hnb659fds/version': '28',
      '/tocsin/acme/slack-webhook': slack.url,
      '/tocsin/acme/mail-key': 'decoy',
      '/tocsin/acme/admin-token': 'decoy',
    },
    identities: { 'tocsin@acme.example': true },
    stacks: {
      'Tocsin-acme': { status: 'UPDATE_COMPLETE', outputs: {}, identities: ['tocsin@acme.example'] },
    },
  });

  const { code, out, error } = await run(environment);

  expect(error).toBe('');
  expect(out.split('\n')).toEqual([
    '✓ credentials: arn:aws:iam::123456789012:user/ann in account 123456789012',
    '✓ Region: eu-central-1',
    '✓ bootstrap of eu-central-1: version 28',
    '✓ secret slack-webhook: is there',
    '✓ secret mail-key: is there',
    '✓ secret admin-token: is there',
    '✓ mail from tocsin@acme.example: is verified',
    '✓ mail by SES: may send to anybody',
    '✓ Slack ops: answers',
    '✓ stack: Tocsin-acme is UPDATE_COMPLETE',
    '',
  ]);
  expect(code).toBe(0);
  expect(slack.posted).toEqual(['{}']);
  expect(calls.filter(({ operation }) => !/^(Get|Describe|List)/.test(operation))).toEqual([]);
});

it('finds everything that is wrong at once, and ends with 1', async () => {
  const slack = await slackAnswering(404, 'no_service');
  const { environment } = await awsAccount({
    parameters: { '/tocsin/acme/slack-webhook': slack.url },
    identities: { 'tocsin@acme.example': false },
    sandbox: true,
    denied: ['cloudformation:DescribeStacks'],
  });

  const { code, out } = await run(environment);

  expect(code).toBe(1);
  expect(out.split('\n').filter((line) => line.startsWith('✗'))).toEqual([
    '✗ bootstrap of eu-central-1: never ran',
    '✗ secret mail-key: is missing',
    '✗ secret admin-token: is missing',
    expect.stringMatching(/^✗ mail: could not be looked at: not authorized/),
    '✗ Slack ops: the webhook answered 404 no_service',
    expect.stringMatching(/^✗ stack: could not be looked at: not authorized/),
  ]);
  expect(out).toContain('    → npx cdk bootstrap aws://123456789012/eu-central-1\n');
  expect(out).toContain('✗ secret mail-key: is missing\n    → npm run deploy   # makes it\n');
  expect(out).not.toContain('hunter2');
});

it('looks where the config says, and at every Region that a stack is in', async () => {
  const { environment } = await awsAccount();
  const { out } = await tocsin(['doctor', '--config', 'test/fixtures/cli/two-regions.config.ts'], {
    environment,
  });
  expect(out.split('\n')).toEqual(
    expect.arrayContaining([
      '✓ Region: eu-west-1',
      '✓ bootstrap of eu-west-1: version 28',
      '✓ bootstrap of us-east-1: version 28',
    ]),
  );
});

it('answers programs in JSON', async () => {
  const { code, out } = await run(nobody, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual([expect.objectContaining({ check: 'Region', ok: false, blocks: true })]);
});

it.each([
  [{ AWS_REGION: undefined }, 'no AWS Region is named', 'export AWS_REGION='],
  [{ AWS_ACCESS_KEY_ID: undefined }, 'no AWS credentials were found', 'aws configure'],
])('without an account (%j) it says what to do', async (missing, said, next) => {
  const { environment } = await awsAccount();
  const { code, out } = await run({ ...environment, ...missing });
  expect(code).toBe(1);
  expect(out).toContain(said);
  expect(out).toContain(`    → ${next}`);
});

it('credentials that AWS refuses are said to be refused', async () => {
  const { environment } = await awsAccount({ denied: ['sts:GetCallerIdentity'] });
  const { code, out } = await run(environment);
  expect(code).toBe(1);
  expect(out).toContain('✗ credentials: AWS does not accept these credentials');
});

const config = configOf([]);
const mail: MailFacts = {
  sending: true,
  sandbox: false,
  identities: { 'tocsin@example.com': 'verified' },
  own: ['tocsin@example.com'],
};
const sound: Facts = {
  account: { id: '123456789012', region: 'eu-central-1', caller: 'arn:aws:iam::123456789012:user/ann' },
  bootstrap: { 'eu-central-1': { found: 28 } },
  secrets: { found: [{ name: 'slack-webhook', present: true }] },
  stack: { found: { status: 'CREATE_COMPLETE', outputs: {} } },
  mail: { found: mail },
  slack: { ops: { found: { status: 400, body: 'no_text' } } },
};

it('has nothing to say of what is sound', () => {
  expect(judge(config, sound).filter(({ ok }) => !ok)).toEqual([]);
});

const mailed = (more: Partial<MailFacts>) => ({ mail: { found: { ...mail, ...more } } });
const bootstrapped = (found: number | undefined) => ({
  bootstrap: { 'eu-central-1': { found: 28 }, 'us-east-1': { found } },
});
const stack = (status: string) => ({ stack: { found: { status, outputs: {} } } });
const verified = configOf([], {
  channels: [
    {
      id: 'oncall',
      kind: 'email',
      settings: { from: 'tocsin@example.com', to: ['oncall@example.com'], verified: true },
    },
  ],
});

it.each<[string, Partial<Facts>, string, string, boolean, typeof config?]>([
  ['an old bootstrap', bootstrapped(5), 'bootstrap of us-east-1', 'npx cdk bootstrap', false],
  ['no bootstrap', bootstrapped(undefined), 'bootstrap of us-east-1', 'npx cdk bootstrap', false],
  ['a version that is none', bootstrapped(Number.NaN), 'bootstrap of us-east-1', 'npx cdk bootstrap', false],
  [
    'a missing secret',
    { secrets: { found: [{ name: 'slack-webhook', present: false }] } },
    'secret slack-webhook',
    'npm run tocsin -- secrets set slack-webhook',
    false,
  ],
  ['what may not be read', { secrets: { failure: 'denied' } }, 'secrets', 'npm run tocsin -- doctor', true],
  [
    'a sender that somebody else made known to SES',
    mailed({ own: [] }),
    'mail from tocsin@example.com',
    'write verified: true',
    true,
  ],
  [
    'a sender whose domain is verified',
    mailed({ own: [], identities: { 'example.com': 'verified' } }),
    'mail from tocsin@example.com',
    'write verified: true',
    false,
  ],
  [
    'a sender that did not confirm',
    mailed({ identities: { 'tocsin@example.com': 'pending' } }),
    'mail from tocsin@example.com',
    'open the link in the mail that SES sent to tocsin@example.com',
    false,
  ],
  [
    'a sender said to be verified that SES does not know',
    mailed({ own: [], identities: {} }),
    'mail from tocsin@example.com',
    'aws sesv2 create-email-identity',
    false,
    verified,
  ],
  ['an account that may not send', mailed({ sending: false }), 'mail by SES', 'aws sesv2 get-account', false],
  [
    'a recipient in the sandbox',
    mailed({ sandbox: true }),
    'mail to oncall@example.com',
    'aws sesv2 create-email-identity --email-identity oncall@example.com',
    false,
  ],
  [
    'a webhook that was revoked',
    { slack: { ops: { found: { status: 403, body: 'invalid_token' } } } },
    'Slack ops',
    'npm run tocsin -- secrets set slack-webhook',
    false,
  ],
  [
    'a webhook that is no webhook',
    { slack: { ops: { found: { status: 400, body: '<html>' } } } },
    'Slack ops',
    'npm run tocsin -- secrets set slack-webhook',
    false,
  ],
  [
    'a Slack that does not answer',
    { slack: { ops: { failure: 'no answer (ENOTFOUND)' } } },
    'Slack ops',
    'npm run tocsin -- doctor',
    false,
  ],
  ['a stack at work', stack('UPDATE_IN_PROGRESS'), 'stack', 'npm run tocsin -- doctor', true],
  ['a stack that got stuck', stack('UPDATE_ROLLBACK_FAILED'), 'stack', 'npx cdk rollback Tocsin-acme', true],
  ['a stack half removed', stack('DELETE_FAILED'), 'stack', 'npx cdk destroy Tocsin-acme', true],
  ['a first deployment that failed', stack('ROLLBACK_COMPLETE'), 'stack', 'npm run deploy', false],
])('%s is found, with what to do', (_, broken, check, next, blocks, of = config) => {
  const [finding, ...others] = judge(of, { ...sound, ...broken }).filter(({ ok }) => !ok);

  expect(others).toEqual([]);
  expect(finding).toMatchObject({ check, next: expect.stringContaining(next) });
  expect(finding!.blocks ?? false).toBe(blocks);
});

it.each<[string, Partial<Facts>, typeof config]>([
  ['a new sender, whom the deployment makes known', mailed({ own: [], identities: {} }), config],
  [
    'a verified sender of a verified domain',
    mailed({ own: [], identities: { 'example.com': 'verified' } }),
    verified,
  ],
  [
    'a recipient of a verified domain in the sandbox',
    mailed({ sandbox: true, identities: { 'tocsin@example.com': 'verified', 'example.com': 'verified' } }),
    config,
  ],
  ['a stack that is not there yet', { stack: { found: undefined } }, config],
])('%s is sound', (_, facts, of) => {
  expect(judge(of, { ...sound, ...facts }).filter(({ ok }) => !ok)).toEqual([]);
});
