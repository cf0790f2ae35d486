import { overBudget } from '../cost/budget.ts';
import { type EmailSettings, emailSubscription, parseMailbox } from '../notifications/email/settings.ts';
import type { ResponseTargets } from '../responses/responses.ts';
import type { Severity } from '../severity.ts';
import { resolveAlerting } from './alerting.ts';
import { resolveChannels } from './channels.ts';
import type { Channel, Config } from './config.ts';
import { withDependencies } from './dependencies.ts';
import { type IsInstalled, isInstalled, refuseMissingDrivers } from './drivers.ts';
import { type Fields, isFields, withoutUndefined } from './fields.ts';
import { refuseMissingFiles } from './files.ts';
import { findingsOn, problemAt } from './issues.ts';
import { refuseFarWitnesses, refuseNearDeadMan, resolveLocations } from './locations.ts';
import { resolveMaintenance, withMonitors } from './maintenance.ts';
import { knownLabels } from './match.ts';
import { resolveMonitors } from './monitors.ts';
import type { Problem } from './problems.ts';
import { fileSchema } from './schema.ts';
import { misnamedSecrets } from './secret.ts';
import { fieldsAt } from './shape.ts';
import { resolveSubscribers } from './subscribers.ts';
import { warningsOn } from './warnings.ts';

export type Resolved = { config: Config; warnings: Problem[] } | { problems: Problem[] };

/**
 * Checks what a config file exports and fills in every default. Never throws: all problems are reported together.
 * @param options.isInstalled whether a driver is there that a kind of monitor needs; by default as Node finds it
 * @param options.from the folder of the file, where the files that it names must be; undefined does not look for them
 * @param options.local keep monitors that are `localOnly`, as `npm start` does; else they are checked and left out
 */
export function resolve(
  input: unknown,
  options: { local: boolean; isInstalled?: IsInstalled; from?: string },
): Resolved {
  const findings = findingsOn(input);
  const file = fileSchema.safeParse(input);
  findings.reportIssues(file.error, [], (path) => fieldsAt(fileSchema, path));
  const fields: Fields = isFields(input) ? input : {};
  const locations = resolveLocations(fields, findings);
  refuseNearDeadMan(fields, findings);
  const { monitors, dependencies, complete } = resolveMonitors(fields, locations, findings);
  if (file.success) refuseFarWitnesses(file.data.witness, locations, options.local, findings);
  refuseMissingDrivers(fields, options.isInstalled ?? isInstalled, options.local, findings);
  if (options.from !== undefined) refuseMissingFiles(monitors, fields, options.from, findings);
  const channels = resolveChannels(fields, findings);
  const labels = complete ? knownLabels(monitors) : undefined;
  const alerting = resolveAlerting(fields, channels, labels, findings);
  const maintenance = resolveMaintenance(fields, complete ? monitors : undefined, labels, findings);
  const subscribers = resolveSubscribers(fields.subscribers, channels, findings);
  for (const path of misnamedSecrets(input))
    findings.report(path, {
      allowed: 'a name of lower-case letters, digits and dashes, never the secret itself',
      fix: "write secret('slack-webhook')",
    });
  if (!file.success || findings.count() > 0) return { problems: findings.problems() };
  const watched = monitors.filter(({ localOnly }) => options.local || !localOnly);
  const config: Config = {
    name: file.data.name,
    ...withoutUndefined({ region: file.data.region, deadMan: file.data.deadMan }),
    stacks: file.data.stacks,
    level: file.data.level,
    locations,
    witness: file.data.witness,
    monitors: withDependencies(watched, dependencies),
    channels,
    ...alerting,
    maintenance: withMonitors(maintenance, watched),
    reopenWithin: file.data.reopenWithin,
    deployments: file.data.deployments,
    responseTargets: targetsIn(file.data.responseTargets),
    subscribers,
    selfContact: {
      email: file.data.selfContact?.email ?? mailAddresses(channels),
      sms: file.data.selfContact?.sms ?? [],
    },
  };
  const tooDear = file.data.budget === undefined ? undefined : overBudget(config, file.data.budget);
  if (tooDear) return { problems: [problemAt(input, ['budget'], tooDear)] };
  return { config, warnings: warningsOn(input, config) };
}

/** Without those that are never. */
const targetsIn = (given: Record<Severity, number>): ResponseTargets =>
  Object.fromEntries(Object.entries(given).filter(([, ms]) => ms > 0));

/** Recipients of all email channels, each once, without their names. */
function mailAddresses(channels: Channel[]): string[] {
  const recipients = channels.flatMap(({ kind, settings }) =>
    kind === 'email' || kind === emailSubscription ? (settings as Pick<EmailSettings, 'to'>).to : [],
  );
  return [...new Set(recipients.map((recipient) => parseMailbox(recipient)?.address ?? recipient))];
}
