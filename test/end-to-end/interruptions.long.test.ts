import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ServiceError } from '../../infra/local/service.ts';
import { broken, healthy, launch, noon, raise, remove } from './stage.ts';
import { website } from './website.ts';

const site = website();
const secrets = () => ({ SLACK_WEBHOOK: site.slack.url });

const begin = () => {
  site.slack.received.length = 0;
  site.target.behave(healthy);
};

/** How often Slack was told that something broke, and that it is over. */
const told = () => {
  const resolved = site.slack.accepted().filter(({ text }) => /resolved/i.test(text)).length;
  return { firing: site.slack.accepted().length - resolved, resolved };
};

it('a start amid an incident goes on with it: it is resolved once mended, and each is told once', async () => {
  begin();
  const stateDir = await mkdtemp(path.join(tmpdir(), 'tocsin-state-'));
  onTestFinished(() => remove(stateDir));
  const first = await launch(site.template, secrets(), { stateDir });
  await first.advance('1m');
  site.target.behave(broken);
  await first.advance('1m');
  const [opened] = await first.incidents();
  await first.stop();

  const second = await raise(site.template, secrets(), { stateDir, from: noon + 5 * 60_000 });
  expect(await second.incidents()).toMatchObject([{ id: opened!.id, status: 'triggered' }]);
  await second.advance('2m');
  site.target.behave(healthy);
  await second.advance('3m');

  expect(await second.incidents()).toMatchObject([
    { id: opened!.id, status: 'resolved', resolvedBy: 'recovered' },
  ]);
  expect(told()).toEqual({ firing: 1, resolved: 1 });
});

it('a DynamoDB that refuses everything for minutes delays, and loses and doubles nothing', async () => {
  begin();
  const stack = await raise(site.template, secrets());
  await stack.advance('1m');
  const { dynamodb } = stack.world;
  const { handle } = dynamodb;

  dynamodb.handle = async () => {
    throw new ServiceError('ProvisionedThroughputExceededException', 'the level of throughput is exceeded');
  };
  site.target.behave(broken);
  await stack.advance('2m');
  expect(site.slack.received).toEqual([]);
  dynamodb.handle = handle;
  await stack.advance('5m');
  site.target.behave(healthy);
  await stack.advance('5m');

  const about = (await stack.incidents()).filter(({ subject }) => subject.id === 'website');
  expect(about).toMatchObject([{ status: 'resolved' }]);
  const website = site.slack.accepted().filter(({ text }) => text.includes('website'));
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
  const dying = await mortal(site.template);
  onTestFinished(() => remove(dying));
  const stack = await raise(dying, secrets());

  await stack.advance('2m');
  site.target.behave(broken);
  await stack.advance('6m');
  site.target.behave(healthy);
  await stack.advance('6m');

  const died = readdirSync(dying).filter(
    (folder) => folder.startsWith('asset.') && readdirSync(path.join(dying, folder)).includes('died'),
  );
  expect(died).toHaveLength(4);
  expect((await stack.incidents()).filter(({ subject }) => subject.id === 'website')).toMatchObject([
    { status: 'resolved' },
  ]);
  const website = site.slack.accepted().filter(({ text }) => text.includes('website'));
  expect(website).toHaveLength(2);
  expect(
    stack.mailsTo('oncall@example.com').filter(({ subject }) => subject?.includes('website')),
  ).toHaveLength(2);
});
