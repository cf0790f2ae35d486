import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { redactor } from '../../../shared/notifications/delivery/redact.ts';
import { readMail } from './mail-message.ts';
import type { Outbox, OutboxResponse } from './outbox.ts';

export interface SmtpCapture {
  /** What the channel's secret answers: this listener, with the channel as its user. */
  urlOf(channel: string): string;
  close(): Promise<void>;
}

interface Envelope {
  from: string;
  to: string[];
}

/** Bytes a mail may have, as SES. */
const maxMail = 40 * 1024 * 1024;

/**
 * Listens on loopback for the mails of channels that send by SMTP: relays them to the channel's real server and answers what that
 * answers, or takes them itself where none is set. Both are recorded.
 * @param realUrl the channel's nodemailer connection URL, a secret; undefined where it is not set
 */
export async function startSmtpCapture(
  outbox: Outbox,
  realUrl: (channel: string) => string | undefined,
): Promise<SmtpCapture> {
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: maxMail,
    logger: false,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? '' }),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const response = await take(outbox, realUrl, session, Buffer.concat(chunks));
        if (response.status < 400) return done(null, response.body);
        done(Object.assign(new Error(response.body), { responseCode: response.status }));
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    urlOf: (channel) => `smtp://${encodeURIComponent(channel)}:local@127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function take(
  outbox: Outbox,
  realUrl: (channel: string) => string | undefined,
  session: SMTPServerSession,
  raw: Buffer,
): Promise<OutboxResponse> {
  const channel = session.user ?? 'smtp';
  const envelope = envelopeOf(session);
  const url = realUrl(channel);
  const response = url ? await relay(url, envelope, raw) : captured;
  const { subject, text, headers } = readMail(raw.toString());
  outbox.record({
    channel,
    to: envelope.to,
    subject,
    text,
    request: { envelope, headers, raw: raw.toString() },
    response,
  });
  return response;
}

const captured: OutboxResponse = { status: 250, body: 'OK: captured', delivery: 'captured' };

function envelopeOf({ envelope: { mailFrom, rcptTo } }: SMTPServerSession): Envelope {
  return { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
}

/** A server that cannot be reached is a temporary failure (451). Its URL is a secret and therefore in no answer. */
async function relay(url: string, envelope: Envelope, raw: Buffer): Promise<OutboxResponse> {
  const mask = redactor([url]);
  try {
    const { response } = await createTransport(new URL(url).href).sendMail({
      envelope: { ...envelope },
      raw,
    });
    return { status: 250, body: mask(response), delivery: 'forwarded' };
  } catch (error) {
    const { responseCode, response, code } = error as {
      responseCode?: number;
      response?: string;
      code?: string;
    };
    const body = response?.replace(/^\d{3}[ -]/, '') ?? `no answer: ${code ?? 'unknown'}`;
    return { status: responseCode ?? 451, body: mask(body), delivery: 'forwarded' };
  }
}
