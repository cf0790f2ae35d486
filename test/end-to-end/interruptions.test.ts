import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ServiceError } from '../../infra/local/service.ts';
import { broken, changeable, fakeSlack, healthy, launch, noon, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;
let secrets: Record<string, string>;

beforeAll(async () => {
  target = await changeable(healthy);
  slack = await fakeSlack();
  secrets = { SLACK_WEBHOOK: slack.url };
  template = await synthesized('website.config.ts', { TARGET_URL: `${target.url}/health` });
});

afterAll(async () => {
  await Promise.all([target.close(), slack.close(), remove(template)]);
});

const begin = () => {
  slack.received.length = 0;
  target.behave(healthy);
};

/** How often Slack was told that something broke, and that it is over. */
const told = () => {
  const resolved = slack.accepted().filter(({ text }) => /resolved/i.test(text)).length;
  return { firing: slack.accepted().length - resolved, resolved };
};

it('a start amid an incident goes on with it: it is resolved once mended, and each is told once', async () => {
  begin();
  const stateDir = await mkdtemp(path.join(tmpdir(), 'tocsin-state-'));
  onTestFinished(() => remove(stateDir));
  const first = await launch(template, secrets, { stateDir });
  await first.advance('1m');
  target.behave(broken);
  await first.advance('1m');
  const [opened] = await first.incidents();
  await first.stop();

  const second = await raise(template, secrets, { stateDir, from: noon + 5 * 60_000 });
  expect(await second.incidents()).toMatchObject([{ id: opened!.id, status: 'triggered' }]);
  await second.advance('2m');
  target.behave(healthy);
  await second.advance('3m');

  expect(await second.incidents()).toMatchObject([
    { id: opened!.id, status: 'resolved', resolvedBy: 'recovered' },
  ]);
  expect(told()).toEqual({ firing: 1, resolved: 1 });
});

it('a DynamoDB that refuses everything for minutes delays, and loses and doubles nothing', async () => {
  begin();
  const stack = await raise(template, secrets);
  await stack.advance('1m');
  const { dynamodb } = stack.world;
  const { handle } = dynamodb;

  dynamodb.handle = async () => {
    throw new ServiceError('ProvisionedThroughputExceededException', 'the level of throughput is exceeded');
  };
  target.behave(broken);
  await stack.advance('2m');
  expect(slack.received).toEqual([]);
  dynamodb.handle = handle;
  await stack.advance('5m');
  target.behave(healthy);
  await stack.advance('5m');

  const about = (await stack.incidents()).filter(({ subject }) => subject.id === 'website');
  expect(about).toMatchObject([{ status: 'resolved' }]);
  const website = slack.accepted().filter(({ text }) => text.includes('website'));
  expect(website).toHaveLength(2);
});

/** A template whose functions on queues die once, after their work and before they have answered. */
async function mortal(from: string): Promise<string> {
  const to = await mkdtemp(path.join(tmpdir(), 'tocsin-mortal-'));
  cpSync(from, to, { recursive: true });
  for (const folder of readdirSync(to).filter((name) => name.startsWith('asset.'))) {
    const bundle = path.join(to, folder, 'index.cjs');
    const code = readFileSync(bundle, 'utf8');
    if (!code.includes('batchItemFailures')) continue;
    const dying = `
const { existsSync, writeFileSync } = require('node:fs');
const { handler } = module.exports;
module.exports = { handler: async (event) => {
  const answer = await handler(event);
  if (existsSync(__dirname + '/died')) return answer;
  writeFileSync(__dirname + '/died', '');
  process.exit(1);
} };`;
    writeFileSync(bundle, code + dying);
  }
  return to;
}

it('functions that die after their work and before they answer lose and double nothing', async () => {
  begin();
  const dying = await mortal(template);
  onTestFinished(() => remove(dying));
  const stack = await raise(dying, secrets);

  await stack.advance('2m');
  target.behave(broken);
  await stack.advance('6m');
  target.behave(healthy);
  await stack.advance('6m');

  const died = readdirSync(dying).filter(
    (folder) => folder.startsWith('asset.') && readdirSync(path.join(dying, folder)).includes('died'),
  );
  expect(died).toHaveLength(4);
  expect((await stack.incidents()).filter(({ subject }) => subject.id === 'website')).toMatchObject([
    { status: 'resolved' },
  ]);
  const website = slack.accepted().filter(({ text }) => text.includes('website'));
  expect(website).toHaveLength(2);
  expect(
    stack.mailsTo('oncall@example.com').filter(({ subject }) => subject?.includes('website')),
  ).toHaveLength(2);
});
