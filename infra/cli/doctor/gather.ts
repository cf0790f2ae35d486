import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { Aws } from '../../../shared/aws/environment.ts';
import type { Config } from '../../../shared/config/config.ts';
import { secretPrefix } from '../../../shared/config/secret.ts';
import type { SlackSettings } from '../../../shared/notifications/slack/settings.ts';
import {
  type Account,
  AccountError,
  clientOf,
  describeStack,
  openAccount,
  stackResources,
} from '../account.ts';
import { readParameter } from '../parameters.ts';
import { secretStates } from '../secrets.ts';
import type { Fact, Facts, IdentityState, MailFacts, NoAccount, SlackAnswer } from './facts.ts';
import { domainOf, mailboxes, sesChannels } from './mailboxes.ts';

const bootstrapParameter = '/cdk-bootstrap/hnb659fds/version';

/** Milliseconds a webhook may take to answer. */
const slackDeadlineMs = 10_000;

/** Looks at everything a deployment of the config needs. Changes nothing, posts nothing, never throws for what it finds. */
export async function gatherFacts(config: Config): Promise<Facts | NoAccount> {
  let account: Account;
  try {
    account = await openAccount(config);
  } catch (error) {
    if (error instanceof AccountError) return { noAccount: error };
    throw error;
  }
  const { aws, id, region, caller } = account;
  const [bootstrap, secrets, stack, mail, slack] = await Promise.all([
    gatherBootstrap(aws, regionsOf(config, region)),
    fact(() => secretStates(account, config)),
    fact(() => describeStack(aws, config.name)),
    sesChannels(config).length > 0 ? fact(() => gatherMail(aws, config)) : undefined,
    gatherSlack(aws, config),
  ]);
  return { account: { id, region, caller }, bootstrap, secrets, stack, ...(mail && { mail }), slack };
}

async function fact<Found>(look: () => Promise<Found>): Promise<Fact<Found>> {
  try {
    return { found: await look() };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

/** Every Region that a stack of the config is in, home first. */
function regionsOf({ locations, deadMan }: Config, home: string): string[] {
  const others = [...locations.map(({ region }) => region), deadMan?.region];
  return [...new Set([home, ...others.filter((region) => region !== undefined)])];
}

async function gatherBootstrap(aws: Aws, regions: string[]): Promise<Facts['bootstrap']> {
  const versions = regions.map(async (region) => {
    const version = () => readParameter({ ...aws, region }, bootstrapParameter).then(versionOf);
    return [region, await fact(version)] as const;
  });
  return Object.fromEntries(await Promise.all(versions));
}

const versionOf = (value: string | undefined) => (value === undefined ? undefined : Number(value));

async function gatherMail(aws: Aws, config: Config): Promise<MailFacts> {
  const ses = new SESv2Client(clientOf(aws));
  const names = mailboxes(config).flatMap((address) => [address, domainOf(address)]);
  const [account, own, ...states] = await Promise.all([
    ses.send(new GetAccountCommand()),
    ownIdentities(aws, config.name),
    ...[...new Set(names)].map(async (name) => [name, await identityState(ses, name)] as const),
  ]);
  return {
    sending: account.SendingEnabled ?? false,
    sandbox: !account.ProductionAccessEnabled,
    identities: Object.fromEntries(states),
    own,
  };
}

async function identityState(ses: SESv2Client, name: string): Promise<IdentityState> {
  try {
    const identity = await ses.send(new GetEmailIdentityCommand({ EmailIdentity: name }));
    return identity.VerifiedForSendingStatus ? 'verified' : 'pending';
  } catch (error) {
    if ((error as Error).name === 'NotFoundException') return 'absent';
    throw error;
  }
}

async function ownIdentities(aws: Aws, system: string): Promise<string[]> {
  const resources = await stackResources(aws, system);
  return resources.filter(({ type }) => type === 'AWS::SES::EmailIdentity').map(({ id }) => id);
}

async function gatherSlack(aws: Aws, config: Config): Promise<Facts['slack']> {
  const channels = config.channels.filter(({ kind }) => kind === 'slack');
  const answers = await Promise.all(
    channels.map(async ({ id, settings }) => {
      const { webhook } = settings as SlackSettings;
      const url = await fact(() => readParameter(aws, secretPrefix(config) + webhook.secret));
      if ('failure' in url) return [id, url] as const;
      return url.found === undefined ? undefined : ([id, await fact(() => askSlack(url.found!))] as const);
    }),
  );
  return Object.fromEntries(answers.filter((answer) => answer !== undefined));
}

/** A message without text or blocks is refused, by a word that says whether the webhook is alive. */
async function askSlack(url: string): Promise<SlackAnswer> {
  const asked = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    redirect: 'manual',
    signal: AbortSignal.timeout(slackDeadlineMs),
  }).catch((error) => {
    // The cause names the host at most; the address itself is the secret.
    throw new Error(`no answer (${(error as { cause?: { code?: string } }).cause?.code ?? error.name})`);
  });
  return { status: asked.status, body: (await asked.text()).slice(0, 100) };
}
