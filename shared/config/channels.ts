import {
  emailSettings,
  emailSubscription,
  emailSubscriptionSettings,
} from '../notifications/email-settings.ts';
import { channelKinds } from '../notifications/index.ts';
import type { ChannelKind } from '../notifications/kind.ts';
import type { Channel } from './config.ts';
import { type Fields, isFields } from './fields.ts';
import type { Findings } from './issues.ts';
import { fieldsAt } from './shape.ts';

/** Channels of a file with default values filled in, without those that cannot be. */
export function resolveChannels(file: Fields, findings: Findings): Channel[] {
  const channels = isFields(file.channels) ? Object.entries(file.channels) : [];
  return channels.flatMap(([id, fields]) => resolveChannel(id, fields, findings) ?? []);
}

function resolveChannel(id: string, fields: unknown, findings: Findings): Channel | undefined {
  const kinds: Record<string, ChannelKind<unknown, unknown>> = channelKinds;
  const { kind: name, ...rest } = isFields(fields) ? fields : {};
  const kind = typeof name === 'string' && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) {
    const makers = Object.keys(kinds).map((maker) => `${maker}(…)`);
    const fix = `write ${/^[a-z]\w*$/.test(id) ? id : `'${id}'`}: ${Object.keys(kinds)[0]}()`;
    findings.report(['channels', id], { allowed: `a channel made by ${makers.join(' or ')}`, fix });
    return undefined;
  }
  if (kind.kind === 'email' && rest.from === undefined && rest.smtp === undefined)
    return resolveSubscription(id, rest, findings);
  const settings = kind.settings.safeParse(rest);
  findings.reportIssues(settings.error, ['channels', id], (inner) => fieldsAt(kind.settings, inner));
  return settings.success ? { id, kind: kind.kind, settings: settings.data } : undefined;
}

/** `email({ to })`: with no sender there is nothing for a function of ours to send. */
function resolveSubscription(id: string, fields: Fields, findings: Findings): Channel | undefined {
  const settings = emailSubscriptionSettings.safeParse(fields);
  findings.reportIssues(settings.error, ['channels', id], (inner) => fieldsAt(emailSettings, inner));
  return settings.success ? { id, kind: emailSubscription, settings: settings.data } : undefined;
}
