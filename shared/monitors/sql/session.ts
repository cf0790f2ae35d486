import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { AttemptFailed, peerOf } from '../failure.ts';
import type { Trace } from '../trace.ts';
import { maxSaid } from './sql.ts';

/** What a driver may not tell in time: that its connection broke, or that the server says too much. */
export interface SessionGuard {
  /** Rejects then. */
  broken: Promise<never>;
  /** Listens to what the server says; again where the connection goes on over TLS. */
  watch(socket: Socket): void;
}

export function guardSession(driver: EventEmitter, trace: Trace): SessionGuard {
  const { promise: broken, reject } = Promise.withResolvers<never>();
  // Whoever waits for it is told; after the last answer nobody is.
  broken.catch(() => {});
  driver.on('error', reject);
  let said = 0;
  return {
    broken,
    watch(socket) {
      socket.prependListener('data', (chunk: Buffer) => {
        said += chunk.length;
        if (said > maxSaid)
          reject(new AttemptFailed('protocol-error', `${peerOf(trace)} said more than ${maxSaid} bytes`));
      });
      socket.on('error', reject);
      socket.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    },
  };
}

/** Says goodbye, so that the server has no broken connection to write down, and waits for no answer. */
export async function leave(sayGoodbye: () => void, socket: Socket): Promise<void> {
  const said = new Promise<void>((resolve) => socket.once('finish', resolve).once('close', () => resolve()));
  sayGoodbye();
  socket.end();
  await said;
}
