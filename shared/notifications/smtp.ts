import { once } from 'node:events';
import net from 'node:net';
import type { EmailMessage } from './email-message.ts';
import type { Mailbox } from './email-settings.ts';
import { SecretUnusable } from './errors.ts';
import type { Answer, SendContext } from './kind.ts';
import { isLoopbackHost, vetLiteral, vettedLookup } from './vetted-lookup.ts';

interface Server {
  host: string;
  port: number;
  /** TLS from the first byte; without, it is asked for by STARTTLS and insisted on. */
  secure: boolean;
  auth?: { user: string; pass: string };
}

/**
 * Sends a mail by the SMTP server whose connection URL a secret holds. The connection is encrypted, and goes to public addresses
 * only; loopback, also unencrypted, where the context allows it. A refusal is an answer with the SMTP reply code; throws
 * `SecretUnusable`, `AddressForbidden`, or what the socket or `signal` reports.
 */
export async function sendBySmtp(
  message: EmailMessage,
  secret: string,
  context: SendContext,
): Promise<Answer> {
  const server = serverOf(secret, await context.readSecret(secret));
  const local = context.allowLoopback && isLoopbackHost(server.host);
  if (!local) vetLiteral(server.host);
  const { createTransport } = await import('nodemailer');
  const connection = net.connect({
    host: server.host,
    port: server.port,
    autoSelectFamilyAttemptTimeout: 1_000,
    signal: context.signal,
    ...(!local && { lookup: vettedLookup }),
  });
  try {
    await once(connection, 'connect');
    const transport = createTransport({
      ...server,
      connection,
      requireTLS: !local,
      ignoreTLS: local,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const sent = await transport.sendMail({
      ...message,
      from: named(message.from),
      to: message.to.map(named),
    });
    const refused =
      sent.rejected.length > 0 ? `${sent.rejected.length} of ${message.to.length} recipients refused` : '';
    return { status: 250, protocol: 'smtp', headers: {}, body: refused };
  } catch (error) {
    return refusal(error);
  } finally {
    connection.destroy();
  }
}

const named = ({ name = '', address }: Mailbox) => ({ name, address });

/** The secret's value as a server we can reach. The value is in no error. */
function serverOf(secret: string, value: string): Server {
  const text = value.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:'))
    throw new SecretUnusable(secret, 'is no URL like smtps://user:password@smtp.example.com');
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  return { host, port: Number(url.port) || (secure ? 465 : 587), secure, ...(auth.user && { auth }) };
}

/** What the server said, where it said something; otherwise the error goes on. */
function refusal(error: unknown): Answer {
  const { responseCode, response } = error as { responseCode?: number; response?: string };
  if (responseCode === undefined) throw error;
  return { status: responseCode, protocol: 'smtp', headers: {}, body: (response ?? '').slice(0, 1_000) };
}
