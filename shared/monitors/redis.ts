import type { Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { type Conclusion, lookAmong } from './attempt.ts';
import { AttemptFailed, peerOf } from './failure.ts';
import type { ProbeContext } from './kind.ts';
import { certificateSeen, connectTo } from './network/server.ts';
import { beginRedis } from './redis/dialogue.ts';
import { type RedisSettings, redisSettings } from './redis/settings.ts';
import { serverKind } from './server-kind.ts';
import type { Trace } from './trace.ts';

export const redisProperties = {
  responseTime: { type: 'duration', description: 'From the start of the check to the last reply' },
  info: {
    type: 'json',
    argument: 'JSON path',
    description:
      'A field of what `INFO` says, such as `info $.used_memory < 1000000000`; numbers are numbers',
  },
  certificate: { type: 'days', description: 'Days until the server certificate expires, over TLS' },
} as const satisfies Properties;

/** Redis and what speaks its protocol: whether it lets a user in and answers `PING`, and what `INFO` says. */
export const redis = serverKind<RedisSettings, string | undefined>(
  { kind: 'redis', settings: redisSettings, properties: redisProperties },
  talk,
  conclude,
);

/** What `INFO` says, where a condition asks for it. */
async function talk(
  { settings, expect, degraded = [] }: Monitor<RedisSettings>,
  password: string | undefined,
  context: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<string | undefined> {
  const { target, user, database } = settings;
  const socket = await connectTo(target, settings, context, trace, avoid);
  try {
    const dialogue = beginRedis(socket, trace);
    if (user !== undefined || password !== undefined)
      await dialogue.ask(['AUTH', ...(user === undefined ? [] : [user]), password ?? ''], 'AUTH');
    if (database > 0) await dialogue.ask(['SELECT', String(database)], `SELECT ${database}`);
    const pong = await dialogue.ask(['PING'], 'PING');
    if (pong !== 'PONG')
      throw new AttemptFailed('protocol-error', `${peerOf(trace)} answered PING with ${pong}`);
    const isAsked = [...expect, ...degraded].some(({ property }) => property === 'info');
    return isAsked ? String(await dialogue.ask(['INFO'], 'INFO')) : undefined;
  } finally {
    socket.destroy();
  }
}

function conclude(info: string | undefined, responseTime: number, trace: Trace): Conclusion {
  return {
    look: lookAmong('redis', {
      responseTime: () => ({ value: responseTime }),
      info: () => ({ value: fieldsOf(info ?? '') }),
      certificate: () => certificateSeen(trace),
    }),
    ...(info !== undefined && { excerpt: () => info }),
  };
}

/** `used_memory:1024` in lines, below headings that begin with `#`. */
const fieldsOf = (info: string): Record<string, string | number> =>
  Object.fromEntries(
    info.split(/\r?\n/).flatMap((line) => {
      const [, name, text] = /^([^#:]+):(.*)$/.exec(line) ?? [];
      if (name === undefined || text === undefined) return [];
      return [[name, /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text]];
    }),
  );
