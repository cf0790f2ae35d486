import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type Answer, type Runtime, type Service, ServiceError } from '../service.ts';
import { readMail } from './mail-message.ts';
import { operation, serviceOf } from './operations.ts';
import type { Outbox } from './outbox.ts';

/** Of one mail, over To, Cc and Bcc. */
const maxRecipients = 50;
/** Headers SES sets itself and takes from nobody. */
const ownHeaders = [
  'from',
  'to',
  'cc',
  'bcc',
  'subject',
  'date',
  'message-id',
  'reply-to',
  'return-path',
  'sender',
];

const content = z.strictObject({ Data: z.string(), Charset: z.optional(z.string()) });
const addresses = z.optional(z.array(z.string()));
const simple = z.strictObject({
  Subject: content,
  Body: z.strictObject({ Text: z.optional(content), Html: z.optional(content) }),
  Headers: z.optional(
    z.array(z.strictObject({ Name: z.string(), Value: z.string() })).check(z.maxLength(15)),
  ),
});
const sendEmail = {
  FromEmailAddress: z.optional(z.string()),
  Destination: z.optional(
    z.strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }),
  ),
  ReplyToAddresses: addresses,
  Content: z.strictObject({
    Simple: z.optional(simple),
    Raw: z.optional(z.strictObject({ Data: z.string() })),
  }),
  EmailTags: z.optional(z.array(z.strictObject({ Name: z.string(), Value: z.string() }))),
};
type SendEmail = z.infer<z.ZodMiniObject<typeof sendEmail>>;

export type Ses = Service;

/** SES v2. No mail leaves the machine: each is recorded as channel `ses`. */
export function createSes(runtime: Runtime, outbox: Outbox): Ses {
  return serviceOf('SES', {
    SendEmail: operation(sendEmail, (input): Answer => {
      const mail = input.Content.Raw ? rawMail(input.Content.Raw.Data) : simpleMail(input.Content.Simple);
      const from = input.FromEmailAddress ?? mail.from;
      if (!from) badRequest("Missing required header 'From'.");
      const to = recipients(input, mail.to);
      const MessageId = `${randomUUID()}-000000`;
      outbox.record({
        channel: 'ses',
        to,
        subject: mail.subject,
        text: mail.text,
        request: input,
        response: { status: 200, body: JSON.stringify({ MessageId }), delivery: 'captured' },
      });
      return { MessageId };
    }),
    GetAccount: operation({}, () => ({
      SendingEnabled: true,
      ProductionAccessEnabled: true,
      EnforcementStatus: 'HEALTHY',
      SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: sentLastDay(runtime, outbox) },
    })),
    GetEmailIdentity: operation({ EmailIdentity: z.string() }, ({ EmailIdentity }) => ({
      IdentityType: EmailIdentity.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
      VerifiedForSendingStatus: true,
      VerificationStatus: 'SUCCESS',
    })),
  });
}

interface Mail {
  from: string | undefined;
  to: string[];
  subject: string;
  text: string;
}

function simpleMail(message: z.infer<typeof simple> | undefined): Mail {
  if (!message) return badRequest('Content: give Simple or Raw');
  const { Text, Html } = message.Body;
  if (!Text && !Html) badRequest('Body: give Text or Html');
  for (const { Name, Value } of message.Headers ?? []) {
    if (ownHeaders.includes(Name.toLowerCase())) badRequest(`Header ${Name} must not be given: SES sets it`);
    if (/[^\x20-\x7e]/.test(Value)) badRequest(`Header ${Name}: allowed is printable ASCII`);
  }
  return { from: undefined, to: [], subject: message.Subject.Data, text: Text?.Data ?? Html?.Data ?? '' };
}

function rawMail(data: string): Mail {
  const { headers, subject, text } = readMail(Buffer.from(data, 'base64').toString());
  const to = [headers.to, headers.cc].flatMap((list) => list?.split(/,\s*/) ?? []);
  return { from: headers.from, to, subject, text };
}

function recipients({ Destination }: SendEmail, ofMail: string[]): string[] {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination ?? {};
  const named = [...ToAddresses, ...CcAddresses, ...BccAddresses];
  const all = named.length > 0 ? named : ofMail;
  if (all.length === 0) badRequest('Missing final recipients.');
  if (all.length > maxRecipients) badRequest(`Recipient count exceeds ${maxRecipients}.`);
  const wrong = all.find((address) => !/^[\x20-\x7e]*[^\s@<>]+@[^\s@<>]+>?$/.test(address));
  if (wrong) badRequest(`Missing or invalid address: ${wrong}`);
  return all;
}

function badRequest(message: string): never {
  throw new ServiceError('BadRequestException', message);
}

const sentLastDay = (runtime: Runtime, outbox: Outbox) =>
  outbox
    .list()
    .filter(({ channel, at }) => channel === 'ses' && Date.parse(at) > runtime.clock.now() - 86_400_000)
    .length;
