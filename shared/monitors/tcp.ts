import type { Socket } from 'node:net';
import type { Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { attemptAt, type Conclusion, lookAmong } from './attempt.ts';
import type { Measurement, MonitorKind, ProbeContext } from './kind.ts';
import { connect } from './network/connection.ts';
import { secure } from './network/tls-handshake.ts';
import type { Attempt } from './observation.ts';
import { beginDialogue, type Dialogue } from './tcp/dialogue.ts';
import { type TcpSettings, tcpSettings } from './tcp/settings.ts';
import type { Trace } from './trace.ts';

export const tcpProperties = {
  responseTime: {
    type: 'duration',
    description:
      'From the start of the check to the end of the dialogue, or to the connection where there is none',
  },
  banner: { type: 'text', description: 'The first line that the target says' },
  response: { type: 'text', description: 'All that the target says in the dialogue' },
  certificate: { type: 'days', description: 'Days until the server certificate expires, over TLS' },
} as const satisfies Properties;

/** TCP services: whether they accept connections, and what they say. */
export const tcp: MonitorKind<TcpSettings> = {
  kind: 'tcp',
  settings: tcpSettings,
  shorthand: 'target',
  properties: tcpProperties,
  defaultExpect: (settings) => (isEncrypted(settings) && settings.tls.verify ? ['certificate > 14d'] : []),
  hosts: ({ target }) => [target.host],
  secrets: () => [],
  measure: (monitor, context, before?: Attempt): Promise<Measurement> =>
    attemptAt(monitor, context, (trace) => talk(monitor, context, trace, before?.address), conclude),
};

const isEncrypted = ({ secure, dialogue }: TcpSettings) =>
  secure || dialogue.some((step) => 'starttls' in step);

/** What the target said. */
async function talk(
  { settings, expect }: Monitor<TcpSettings>,
  { network, now }: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<string> {
  const { target, tls, ipFamily: family } = settings;
  const handshake = (socket: Socket) => secure(socket, tls.serverName ?? target.host, tls, trace, now());
  const socket = await connect({ ...target, family, avoid }, network, trace);
  try {
    const connection = settings.secure ? await handshake(socket) : socket;
    const dialogue = beginDialogue(connection, trace);
    for (const step of settings.dialogue) await take(step, dialogue, handshake);
    // Who only asks for the banner need not write a dialogue.
    const isListening = expect.some(({ property }) => property === 'banner' || property === 'response');
    if (isListening && dialogue.said() === '') await dialogue.expect('/./');
    return dialogue.said();
  } finally {
    socket.destroy();
  }
}

async function take(
  step: TcpSettings['dialogue'][number],
  dialogue: Dialogue,
  handshake: (socket: Socket) => Promise<Socket>,
): Promise<void> {
  if ('expect' in step) await dialogue.expect(step.expect, step.unless);
  else if ('send' in step) dialogue.send(step.send);
  else await dialogue.upgrade(handshake);
}

function conclude(said: string, responseTime: number, { certificateDaysLeft }: Trace): Conclusion {
  const text = () => (said ? { value: said } : { problem: 'the target said nothing' });
  return {
    look: lookAmong('tcp', {
      responseTime: () => ({ value: responseTime }),
      banner: () => (said ? { value: said.split(/\r?\n/, 1)[0] } : text()),
      response: text,
      certificate: () =>
        certificateDaysLeft === undefined
          ? { problem: 'the connection was not encrypted' }
          : { value: certificateDaysLeft },
    }),
    excerpt: () => said,
  };
}
