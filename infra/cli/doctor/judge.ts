import type { Config } from '../../../shared/config/config.ts';
import { madeSecrets } from '../../../shared/config/secret.ts';
import type { DeployedStack } from '../account.ts';
import { stackName } from '../account.ts';
import type { SecretState } from '../secrets.ts';
import type { Fact, Facts, NoAccount, SlackAnswer } from './facts.ts';
import { judgeMail } from './judge-mail.ts';

/** What the doctor says of one thing. */
export interface Finding {
  /** What was looked at. */
  check: string;
  ok: boolean;
  text: string;
  /** What to run or write next, where something is wrong. */
  next?: string;
  /** A deployment would fail: it is not begun. */
  blocks?: true;
}

/** What our templates need of `cdk bootstrap` (`requiresBootstrapStackVersion` of the assembly). */
export const leastBootstrap = 6;

/** Judges what was found. Pure. */
export function judge(config: Config, facts: Facts | NoAccount): Finding[] {
  if ('noAccount' in facts) {
    const { problem, message, next } = facts.noAccount;
    const check = problem === 'region' ? 'Region' : 'credentials';
    return [{ check, ok: false, text: message.split('\n', 1)[0]!, next, blocks: true }];
  }
  const { account } = facts;
  return [
    { check: 'credentials', ok: true, text: `${account.caller} in account ${account.id}` },
    { check: 'Region', ok: true, text: account.region },
    ...Object.entries(facts.bootstrap).map(([region, version]) =>
      looked(`bootstrap of ${region}`, version, (found) => judgeBootstrap(found, account.id, region)),
    ),
    ...each('secrets', facts.secrets, (states) => states.map((state) => judgeSecret(state, config))),
    ...(facts.mail ? each('mail', facts.mail, (mail) => judgeMail(config, mail)) : []),
    ...Object.entries(facts.slack).map(([channel, answer]) =>
      looked(`Slack ${channel}`, answer, (found) => judgeSlack(channel, found, config)),
    ),
    looked('stack', facts.stack, (stack) => judgeStack(stack, config.name)),
  ];
}

function each<Found>(check: string, fact: Fact<Found>, judged: (found: Found) => Finding[]): Finding[] {
  if ('found' in fact) return judged(fact.found);
  const next = 'npm run tocsin -- doctor   # again, with credentials that may read this';
  const text = `could not be looked at: ${fact.failure}`;
  return [{ check, ok: false, text, next, ...(check === 'secrets' && { blocks: true }) }];
}

const looked = <Found>(check: string, fact: Fact<Found>, judged: (found: Found) => Finding): Finding =>
  each(check, fact, (found) => [judged(found)])[0]!;

function judgeBootstrap(version: number | undefined, account: string, region: string): Finding {
  const check = `bootstrap of ${region}`;
  const next = `npx cdk bootstrap aws://${account}/${region}`;
  if (version === undefined) return { check, ok: false, text: 'never ran', next };
  if (!(version >= leastBootstrap))
    return { check, ok: false, text: `version ${version}, ${leastBootstrap} or newer is needed`, next };
  return { check, ok: true, text: `version ${version}` };
}

const judgeSecret = ({ name, present }: SecretState, config: Config): Finding => ({
  check: `secret ${name}`,
  ok: present,
  text: present ? 'is there' : 'is missing',
  ...(!present && {
    next: madeSecrets(config).includes(name)
      ? 'npm run deploy   # makes it'
      : `npm run tocsin -- secrets set ${name}`,
  }),
});

/** What Slack answers to a message without content where it would have taken one with. */
const alive = /no_text|missing_text|invalid_payload/;

function judgeSlack(channel: string, { status, body }: SlackAnswer, { channels }: Config): Finding {
  const check = `Slack ${channel}`;
  if (status === 400 && alive.test(body)) return { check, ok: true, text: 'answers' };
  const settings = channels.find(({ id }) => id === channel)?.settings as { webhook?: { secret: string } };
  return {
    check,
    ok: false,
    text: `the webhook answered ${status} ${body}`.trim(),
    next: `npm run tocsin -- secrets set ${settings?.webhook?.secret ?? 'slack-webhook'}   # a new one: https://api.slack.com/messaging/webhooks`,
  };
}

function judgeStack(stack: DeployedStack | undefined, system: string): Finding {
  const check = 'stack';
  const name = stackName(system);
  if (!stack) return { check, ok: true, text: `${name} is not deployed yet` };
  const { status } = stack;
  const text = `${name} is ${status}`;
  // CDK itself removes what a failed first deployment left.
  if (['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'].includes(status))
    return { check, ok: false, text, next: 'npm run deploy   # makes it anew' };
  if (status.endsWith('_IN_PROGRESS'))
    return { check, ok: false, text, next: 'npm run tocsin -- doctor   # when that is over', blocks: true };
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return { check, ok: false, text, next: `npx cdk rollback ${name}`, blocks: true };
  if (status.endsWith('_FAILED'))
    return { check, ok: false, text, next: `npx cdk destroy ${name}`, blocks: true };
  return { check, ok: true, text };
}
