import type { Socket } from 'node:net';
import { AttemptFailed, failureOf, peerOf } from '../failure.ts';
import type { Trace } from '../trace.ts';
import { encodeCommand, RespError, type RespReply, readReply } from './resp.ts';

/** Bytes of one reply that are taken: `INFO` of a large server has about 10 kB. */
const maxReply = 1_000_000;

/** Commands over one connection, each answered before the next. */
export interface RedisDialogue {
  /**
   * The reply to a command. Throws `AttemptFailed`, also where the reply is an error.
   * @param shown how the command is called in messages; its arguments may be secrets
   */
  ask(words: string[], shown: string): Promise<RespReply>;
}

export function beginRedis(socket: Socket, trace: Trace): RedisDialogue {
  const replies = repliesOf(socket, trace);
  return {
    async ask(words, shown) {
      trace.enter('firstByte');
      trace.waitingFor = `the reply to ${shown}`;
      trace.note?.(`> ${shown}`);
      socket.write(encodeCommand(words));
      const reply = await nextOf(replies, trace);
      trace.note?.(`< ${summaryOf(reply)}`);
      if (reply instanceof RespError) throw refusal(reply, shown, trace);
      trace.waitingFor = undefined;
      return reply;
    },
  };
}

async function nextOf(replies: AsyncGenerator<RespReply, void>, trace: Trace): Promise<RespReply> {
  try {
    const { value, done } = await replies.next();
    if (done) throw closed();
    return value;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw failureOf(code === 'ERR_STREAM_PREMATURE_CLOSE' ? closed() : error, trace);
  }
}

const closed = () => Object.assign(new Error('closed'), { code: 'ECONNRESET' });

async function* repliesOf(socket: Socket, trace: Trace): AsyncGenerator<RespReply, void> {
  let unread = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    unread = Buffer.concat([unread, chunk]);
    for (let read = replyIn(unread, trace); read; read = replyIn(unread, trace)) {
      unread = unread.subarray(read.end);
      yield read.value;
    }
    if (unread.length > maxReply)
      throw new AttemptFailed('protocol-error', `${peerOf(trace)} said more than ${maxReply} bytes at once`);
  }
}

function replyIn(bytes: Buffer, trace: Trace) {
  try {
    return readReply(bytes);
  } catch (error) {
    const start = JSON.stringify(bytes.toString('latin1', 0, 60));
    const message = `${peerOf(trace)} does not speak the protocol of Redis: it said ${start}`;
    throw new AttemptFailed('protocol-error', message, { cause: error });
  }
}

const summaryOf = (reply: RespReply): string =>
  reply instanceof RespError ? `-${reply.message}` : String(reply).split(/\r?\n/, 1)[0]!;

/** https://redis.io/docs/latest/commands/auth/ */
const refusesUser = new Set(['NOAUTH', 'WRONGPASS', 'NOPERM']);

function refusal({ code, message }: RespError, shown: string, trace: Trace): AttemptFailed {
  const isAboutUser = refusesUser.has(code) || shown === 'AUTH';
  return new AttemptFailed(
    isAboutUser ? 'authentication-failed' : 'query-failed',
    `${peerOf(trace)} answered ${shown} with ${message}`,
  );
}
