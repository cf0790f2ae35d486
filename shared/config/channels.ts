import * as z from 'zod/mini';
import {
  emailSettings,
  emailSubscription,
  emailSubscriptionSettings,
} from '../notifications/email/settings.ts';
import { channelKinds } from '../notifications/index.ts';
import type { ChannelKind } from '../notifications/kind.ts';
import type { Channel } from './config.ts';
import { type Fields, isFields, withoutUndefined } from './fields.ts';
import type { Findings } from './issues.ts';
import { refuseUnknown } from './match.ts';
import { fieldsAt } from './shape.ts';

const rateRange = 'must be a whole number from 1 to 600: write rate: 30';

/** What a channel may be given besides the fields of its kind. */
export const channelSchema = z.strictObject({
  /** Channel that is told instead where this one cannot be, for good. Default none. */
  fallback: z.optional(z.string("must be the name of a channel: write fallback: 'oncall'")),
  /** Messages in a minute, 1 to 600, a third of them kept for critical incidents: what is more is told together, in one digest a minute. Default 30; 600 where programs listen. */
  rate: z.optional(z.int(rateRange).check(z.minimum(1, rateRange), z.maximum(600, rateRange))),
});

/** Channels of a file with default values filled in, without those that cannot be. */
export function resolveChannels(file: Fields, findings: Findings): Channel[] {
  const channels = isFields(file.channels) ? Object.entries(file.channels) : [];
  const names = channels.map(([id]) => id);
  const resolved = channels.flatMap(([id, fields]) => {
    const { own, ofKind } = fieldsOf(fields);
    const { data, error } = channelSchema.safeParse(own);
    findings.reportIssues(error, ['channels', id], (inner) => fieldsAt(channelSchema, inner));
    const channel = resolveChannel(id, ofKind, findings);
    if (channel?.kind === emailSubscription) refuseTerms(id, own, findings);
    if (data?.fallback !== undefined)
      refuseUnknown('channel', [data.fallback], names, () => ['channels', id, 'fallback'], findings);
    return channel ? [{ ...channel, ...withoutUndefined(data ?? {}) }] : [];
  });
  refuseFallbackCircles(resolved, findings);
  return resolved;
}

/** Those of all kinds, and those of its own. */
function fieldsOf(fields: unknown): { own: Fields; ofKind: unknown } {
  if (!isFields(fields)) return { own: {}, ofKind: fields };
  const { fallback, rate, ...ofKind } = fields;
  return { own: withoutUndefined({ fallback, rate }), ofKind };
}

/** SNS neither waits nor says whether it could tell somebody. */
function refuseTerms(id: string, terms: Fields, findings: Findings): void {
  for (const term of Object.keys(terms))
    findings.report(['channels', id, term], {
      allowed: 'nothing: SNS itself sends mail that has no sender',
      fix: "write email({ from: 'tocsin@example.com', to: […] })",
    });
}

/** Two that stand in for each other would tell of each other's failure for ever. */
function refuseFallbackCircles(channels: Channel[], findings: Findings): void {
  const next = new Map(channels.map(({ id, fallback }) => [id, fallback]));
  for (const { id } of channels) {
    const way = [id];
    for (let at = next.get(id); at !== undefined && !way.slice(1).includes(at); at = next.get(at))
      way.push(at);
    if (way.indexOf(id, 1) === -1) continue;
    findings.report(['channels', id, 'fallback'], {
      allowed: `a channel whose own fallback is not ${id} in turn: ${way.slice(0, way.indexOf(id, 1) + 1).join(' → ')}`,
      fix: 'let the last one have no fallback',
    });
  }
}

/** Functions that make channels: `slack` makes two kinds. */
const makers = Object.keys(channelKinds).filter((kind) => kind !== channelKinds.slackbot.kind);

function resolveChannel(id: string, fields: unknown, findings: Findings): Channel | undefined {
  const kinds: Record<string, ChannelKind<unknown, unknown>> = channelKinds;
  const { kind: name, ...rest } = isFields(fields) ? fields : {};
  const kind = typeof name === 'string' && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) {
    const fix = `write ${/^[a-z]\w*$/.test(id) ? id : `'${id}'`}: ${Object.keys(kinds)[0]}()`;
    findings.report(['channels', id], { allowed: `a channel made by ${makers.join(', ')}`, fix });
    return undefined;
  }
  if (kind.kind === 'email' && rest.from === undefined && rest.smtp === undefined)
    return resolveSubscription(id, rest, findings);
  const settings = kind.settings.safeParse(rest);
  findings.reportIssues(settings.error, ['channels', id], (inner) => fieldsAt(kind.settings, inner));
  const follows = kind.follows && { follows: [...kind.follows] };
  return settings.success ? { id, kind: kind.kind, ...follows, settings: settings.data } : undefined;
}

/** `email({ to })`: with no sender there is nothing for a function of ours to send. */
function resolveSubscription(id: string, fields: Fields, findings: Findings): Channel | undefined {
  const settings = emailSubscriptionSettings.safeParse(fields);
  findings.reportIssues(settings.error, ['channels', id], (inner) => fieldsAt(emailSettings, inner));
  return settings.success ? { id, kind: emailSubscription, settings: settings.data } : undefined;
}
