import type { Config } from '../../../shared/config/config.ts';
import { madeSecrets } from '../../../shared/config/secret.ts';
import { estimate } from '../../../shared/cost/estimate.ts';
import { heartbeatsOf } from '../../../shared/heartbeats/shards.ts';
import { sendsLinks } from '../../../shared/notifications/email/link.ts';
import { type Account, openAccount, stackName } from '../account.ts';
import { ensureAdminToken, ensureMailKey, ensurePingKey } from '../admin-token.ts';
import { CommandError, type ExitCode } from '../command.ts';
import { assertDeployable, formatFinding } from '../doctor/doctor.ts';
import type { Facts, NoAccount } from '../doctor/facts.ts';
import { gatherFacts } from '../doctor/gather.ts';
import { judge, leastBootstrap } from '../doctor/judge.ts';
import { setSecret } from '../secrets.ts';
import { type Place, sendTestAlert } from '../test-alert/test-alert.ts';
import { whatNext } from './next.ts';

export interface Deployment {
  /** Absolute path of the config file. */
  file: string;
  /** A test alert after the first deployment only, or after every one. */
  testAlert: 'first' | 'always';
  /** Runs CDK; resolves to its exit code. */
  cdk(args: string[]): Promise<number>;
  /** Asks the person for a secret; absent where nobody can be asked. */
  ask?(name: string): Promise<string>;
  /** So many random bytes. */
  random(bytes: number): Buffer;
  /** Where the system runs, once it is deployed. */
  place(config: Config): Promise<Place>;
  say(line: string): void;
}

/**
 * Deploys: looks at what is needed, says the price, does what is missing, deploys, and sends a test through the real path.
 * @throws CommandError that names the next command, where a step cannot be done
 */
export async function deploySystem(config: Config, deployment: Deployment): Promise<ExitCode> {
  const { say } = deployment;
  const facts = await look(config, say);
  const { total } = estimate(config, { freeTier: true });
  say(`\nabout ${total.toFixed(2)} USD a month at list prices (npm run tocsin -- cost)\n`);
  const account = await openAccount(config);
  await bootstrap(facts, deployment);
  await completeSecrets(account, config, facts, deployment);
  await deployStacks(config, deployment);
  const place = await deployment.place(config);
  for (const line of whatNext(config, facts, place.url)) say(line);
  if (config.monitors.length === 0)
    say('\nno test alert: this stack watches nothing. Add a monitor with a public target, and deploy');
  if (config.monitors.length === 0 || !(isFirst(facts) || deployment.testAlert === 'always')) return 0;
  say('');
  return sendTestAlert(config, {}, place);
}

/** CDK begins anew where a first deployment failed. */
function isFirst({ stack }: Facts): boolean {
  const status = 'found' in stack ? stack.found?.status : undefined;
  return status === undefined || ['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'].includes(status);
}

async function look(config: Config, say: Deployment['say']): Promise<Facts> {
  const facts: Facts | NoAccount = await gatherFacts(config);
  const findings = judge(config, facts);
  for (const finding of findings) say(formatFinding(finding));
  assertDeployable(findings);
  if ('noAccount' in facts) throw new CommandError(facts.noAccount.message);
  return facts;
}

/** What CDK needs in each Region of the config. Where it could not be looked at, CDK will say. */
async function bootstrap({ bootstrap: versions, account }: Facts, { cdk, file }: Deployment): Promise<void> {
  const regions = Object.entries(versions)
    .filter(([, version]) => 'found' in version && !((version.found ?? 0) >= leastBootstrap))
    .map(([region]) => `aws://${account.id}/${region}`);
  if (regions.length === 0) return;
  const args = ['bootstrap', ...regions, '-c', `config=${file}`];
  if ((await cdk(args)) !== 0)
    throw new CommandError(`the account could not be bootstrapped\nnpx cdk ${args.join(' ')}`);
}

async function completeSecrets(
  account: Account,
  config: Config,
  { secrets }: Facts,
  { ask, random, say }: Deployment,
): Promise<void> {
  const states = 'found' in secrets ? secrets.found : [];
  const missing = states.filter(({ name, present }) => !present && !madeSecrets(config).includes(name));
  if (missing.length > 0 && !ask) {
    const commands = missing.map(({ name }) => `npm run tocsin -- secrets set ${name}`);
    throw new CommandError(['not deployed: secrets are missing', ...commands, 'npm run deploy'].join('\n'));
  }
  for (const { name } of missing) await setSecret(account, config, name, await ask!(name));
  if (await ensureAdminToken(account.aws, config.name, random))
    say('an admin token is made: npm run tocsin -- login shows it');
  if (sendsLinks(config)) await ensureMailKey(account.aws, config.name, random);
  if (heartbeatsOf(config).length > 0 && (await ensurePingKey(account.aws, config.name, random)))
    say('a key for ping URLs is made: npm run tocsin -- heartbeats shows them');
}

/** Without a terminal nobody could approve what CDK asks about: whoever runs this there has. */
async function deployStacks(config: Config, { cdk, ask, file }: Deployment): Promise<void> {
  const approval = ask ? [] : ['--require-approval', 'never'];
  const code = await cdk(['deploy', '--all', '-c', `config=${file}`, ...approval]);
  if (code === 0) return;
  throw new CommandError(
    `${stackName(config.name)} is not deployed: CDK says above why\nnpm run tocsin -- doctor   # then again: npm run deploy`,
  );
}
