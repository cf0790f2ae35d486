import * as z from 'zod/mini';
import {
  type EmailSubscriptionSettings,
  emailSubscription,
  parseMailbox,
} from '../notifications/email/settings.ts';
import { severities } from '../severity.ts';
import type { Channel, Config } from './config.ts';
import type { Findings } from './issues.ts';
import { emailAddress, phoneNumber, severity } from './schema.ts';
import { fieldsAt } from './shape.ts';

const httpsEndpoint = z
  .string()
  .check(
    z.refine(
      (text) => URL.canParse(text) && new URL(text).protocol === 'https:',
      'must be an https address: write https://alerts.example.com/tocsin',
    ),
  );

/** What `subscribers` of a file may be. */
export const subscribersSchema = z.strictObject(
  {
    /** Get plain text; each is asked to confirm, once. Default none. */
    email: z.prefault(z.array(emailAddress), []),
    /** Phone numbers in international form; SNS bills each SMS. Default none. */
    sms: z.prefault(z.array(phoneNumber), []),
    /** Get the event as JSON (docs/events.md) in SNS's signed envelope, and must confirm. Default none. */
    https: z.prefault(z.array(httpsEndpoint), []),
    /** Less severe incidents are not told. Default info: all are. */
    minSeverity: z.prefault(severity, 'info'),
  },
  "must be an object: write subscribers: { email: ['you@example.com'] }",
);

/** Subscribers of a file with defaults filled in, each once. */
export function resolveSubscribers(
  file: unknown,
  channels: Channel[],
  findings: Findings,
): Config['subscribers'] {
  const { data, error } = subscribersSchema.safeParse(file === undefined ? {} : file);
  findings.reportIssues(error, ['subscribers'], (path) => fieldsAt(subscribersSchema, path));
  if (!data) return { email: [], sms: [], https: [], minSeverity: severities[0] };
  reportDoubles(data.email, channels, findings);
  const { email, sms, https, minSeverity } = data;
  return { email: distinct(email), sms: distinct(sms), https: distinct(https), minSeverity };
}

const distinct = (texts: string[]) => [...new Set(texts)];

/** SNS keeps one subscription for an address, with one filter. */
function reportDoubles(addresses: string[], channels: Channel[], findings: Findings): void {
  for (const { id, kind, settings } of channels) {
    if (kind !== emailSubscription) continue;
    const told = (settings as EmailSubscriptionSettings).to.map((to) => parseMailbox(to)?.address);
    for (const [i, address] of addresses.entries())
      if (told.includes(address))
        findings.report(['subscribers', 'email', i], {
          allowed: `an address that SNS does not tell already: channel ${id} has it, and SNS keeps one subscription for each`,
          fix: `leave it out here, or take it out of ${id}`,
        });
  }
}
