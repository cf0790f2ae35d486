import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeAll, expect, it } from 'vitest';
import { raise, type Stack } from './stage.ts';
import { website } from './website.ts';

/** What a stranger may write to be run, to ring everybody, or to hide. */
const attacks = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  '<!channel> <!here|x> <@U123> @everyone <https://evil.example|acme>',
  '"\'><svg onload=alert(3)> &amp; </td></pre>',
  '\u001b[31mred\u001b[0m \u0000 \u0007',
  'exe.\u202etxt \u2066hidden\u2069 \ufeff',
  'bcc: everybody@example.com\r\nSubject: won',
  '__proto__ constructor {{7*7}} %0d%0a %s',
];
const attack = attacks.join(' ');

const site = website();

beforeAll(() => site.target.behave((_, response) => response.writeHead(500).end(attack)));

const pageOf = async ({ url }: Stack, path: string) => (await fetch(url + path)).text();

async function publish({ endpoint }: Stack, Message: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sns = new SNSClient({ region: 'us-east-1', credentials, endpoint });
  await sns.send(
    new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:Tocsin-shop-alarms', Message }),
  );
  sns.destroy();
}

interface SesRequest {
  Content: { Simple: { Body: { Html: { Data: string } } } };
}

/** What Slack calls `plain_text` it does not read as markup. */
const withoutPlainText = (_key: string, value: { type?: string } | null) =>
  value?.type === 'plain_text' ? undefined : value;

/** Nothing of the attacks is markup on a page, a mention in Slack, or a header of a mail. */
async function expectHarmless(stack: Stack): Promise<void> {
  const incidents = await stack.incidents();
  const paths = ['/', '/incidents', '/outbox', '/alarms', ...incidents.map(({ id }) => `/incidents/${id}`)];
  for (const path of [...paths, '/monitors/website']) {
    const page = await pageOf(stack, path);
    expect(page).not.toMatch(/<script>|<img src=x|<svg onload|href="https:\/\/evil/);
    expect(page.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  }
  for (const message of site.slack.received) {
    expect(JSON.stringify(message, withoutPlainText)).not.toMatch(/<!(channel|here)|<@U|<https:\/\/evil/);
    expect(message.text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  }
  for (const mail of stack.mailsTo('oncall@example.com')) {
    expect(mail.subject).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    const { Content } = mail.request as SesRequest;
    expect(Content.Simple.Body.Html.Data).not.toMatch(/<script>|<img src=x|<svg onload/);
  }
}

it('what a target writes is shown as text and rings nobody else', async () => {
  const stack = await raise(site.template, { SLACK_WEBHOOK: site.slack.url });
  await stack.advance('1m');

  expect(await stack.incidents()).toHaveLength(1);
  expect(site.slack.accepted()).toHaveLength(1);
  await expectHarmless(stack);
});

it.each([
  [
    'an alarm whose name and reason are hostile',
    JSON.stringify({
      AlarmName: attack,
      AlarmDescription: attack,
      NewStateValue: 'ALARM',
      NewStateReason: attack,
      StateChangeTime: attack,
      AlarmArn: attack,
      Trigger: { __proto__: null, Metrics: attack },
    }),
  ],
  ['a text that is no alarm', attack],
  ['JSON of another form', JSON.stringify({ constructor: attack, toString: 1, AlarmName: { a: attack } })],
  ['80 kB of it', attack + '😀'.repeat(20_000)],
])('%s reaches people, as text', async (_case, message) => {
  site.slack.received.length = 0;
  site.target.behave((_, response) => response.end('{"status":"healthy"}'));
  const stack = await raise(site.template, { SLACK_WEBHOOK: site.slack.url });

  await publish(stack, message);
  await stack.advance('2m');

  expect(await stack.incidents()).toHaveLength(1);
  expect(site.slack.accepted()).toHaveLength(1);
  await expectHarmless(stack);
});

it.each([
  ['markup', '<script>alert(1)</script> <!channel>'],
  ['half a character', 'a\ud800b'],
  ['control characters', 'a\u0000\u001b[31mb\u202ec'],
])('a comment of %s is kept and shown as text', async (_case, text) => {
  site.slack.received.length = 0;
  const stack = await raise(site.template, { SLACK_WEBHOOK: site.slack.url });
  await publish(stack, 'something is wrong');
  await stack.advance('1m');
  const [incident] = await stack.incidents();

  await stack.api(`incidents/${incident!.id}/comments`, { text, actor: text });

  const page = await pageOf(stack, `/incidents/${incident!.id}`);
  expect(page).toContain('commented');
  await expectHarmless(stack);
});
