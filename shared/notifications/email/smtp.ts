import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { SecretUnusable } from '../errors.ts';
import type { Answer, SendContext } from '../kind.ts';
import { isLoopbackHost, vetLiteral, vettedLookup } from '../provider/vetted-lookup.ts';
import type { EmailMessage } from './message.ts';
import { mimeOf } from './mime.ts';

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
  const socket = net.connect({
    host: server.host,
    port: server.port,
    autoSelectFamilyAttemptTimeout: 1_000,
    signal: context.signal,
    ...(!local && { lookup: vettedLookup }),
  });
  // Nobody else listens once the conversation is over.
  socket.on('error', () => {});
  try {
    await once(socket, 'connect');
    return await converse(socket, server, message, { local, now: context.now() });
  } catch (error) {
    return refusal(error);
  } finally {
    socket.destroy();
  }
}

/** One mail over an open connection. Imported here: who sends by SES does not load it. */
async function converse(
  connection: net.Socket,
  { auth, ...server }: Server,
  message: EmailMessage,
  { local, now }: { local: boolean; now: number },
): Promise<Answer> {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const smtp = new SMTPConnection({ ...server, connection, requireTLS: !local, ignoreTLS: local });
  const failed = new Promise<never>((_, reject) => smtp.on('error', reject));
  const step = (start: (done: (error?: Error | null) => void) => void) =>
    Promise.race([
      failed,
      new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve()))),
    ]);
  await step((done) => smtp.connect(done));
  if (auth) await step((done) => smtp.login({ credentials: auth }, done));
  const envelope = { from: message.from.address, to: message.to.map(({ address }) => address) };
  let refused = 0;
  await step((done) =>
    smtp.send(envelope, mimeOf(message, randomUUID(), now), (error, info) => {
      refused = info?.rejected.length ?? 0;
      done(error);
    }),
  );
  smtp.quit();
  const body = refused > 0 ? `${refused} of ${envelope.to.length} recipients refused` : '';
  return { status: 250, protocol: 'smtp', headers: {}, body };
}

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
