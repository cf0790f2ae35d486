import type { Socket } from 'node:net';
import type { Seen } from '../../conditions/properties.ts';
import type { SecretReference } from '../../config/config.ts';
import type { ProbeContext } from '../kind.ts';
import type { Trace } from '../trace.ts';
import { connect } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { ServerSettings } from './server-settings.ts';
import { secure } from './tls-handshake.ts';

/**
 * A new connection to a server, over TLS where its settings say so. Throws `AttemptFailed`.
 * @param protocols offered inside TLS
 */
export async function connectTo(
  target: Endpoint,
  settings: ServerSettings,
  { network, now }: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
  protocols?: string[],
): Promise<Socket> {
  const { tls, ipFamily: family } = settings;
  const socket = await connect({ ...target, family, avoid }, network, trace);
  if (!settings.secure) return socket;
  const offered = { ...tls, ...(protocols && { protocols }) };
  return secure(socket, tls.serverName ?? target.host, offered, trace, now());
}

/** What must hold of a server whose TLS is judged. */
export const expectedOf = ({ secure, tls }: ServerSettings): string[] =>
  secure && tls.verify ? ['certificate > 14d'] : [];

export const certificateSeen = ({ certificateDaysLeft }: Trace): Seen =>
  certificateDaysLeft === undefined
    ? { problem: 'the connection was not encrypted' }
    : { value: certificateDaysLeft };

/** Named values as they are sent: secrets are read. Throws where one is missing. */
export async function revealed(
  values: Record<string, string | SecretReference>,
  { readSecret }: ProbeContext,
): Promise<Record<string, string>> {
  const sent = Object.entries(values).map(async ([name, value]) => [
    name,
    typeof value === 'string' ? value : await readSecret(value.secret),
  ]);
  return Object.fromEntries(await Promise.all(sent));
}
