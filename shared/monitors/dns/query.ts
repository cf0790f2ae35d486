import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIP, type Socket } from 'node:net';
import { type Answer, decode, encode, RECURSION_DESIRED, type RecordType } from 'dns-packet';
import { AttemptFailed, failureOf, peerOf } from '../failure.ts';
import type { Trace } from '../trace.ts';

export interface DnsQuestion {
  name: string;
  /** Number of the record type. */
  type: number;
  recursion: boolean;
}

/** What a name server answered. */
export interface DnsMessage {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, … */
  rcode: string;
  answers: Answer[];
}

export interface NameServer {
  address: string;
  port: number;
}

/** A question as it is sent. */
interface Query {
  id: number;
  bytes: Buffer;
}

/** Milliseconds before an unanswered datagram is sent again: lost ones are common. */
const retransmitMs = 1_500;

/** Bytes of a message's header, and the bits of its third byte. https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1 */
const headerLength = 12;
const isResponse = 0x80;
const isTruncated = 0x02;

function queryOf({ name, type, recursion }: DnsQuestion): Query {
  const id = randomInt(65_536);
  const bytes = encode({
    type: 'query',
    id,
    flags: recursion ? RECURSION_DESIRED : 0,
    questions: [{ name, type: `UNKNOWN_${type}` as RecordType }],
  });
  return { id, bytes };
}

/**
 * Asks name servers over UDP, whoever is silent again and again, and takes the first answer; undefined where that is too long for a
 * datagram. The server that answered becomes the trace's peer. Throws `AttemptFailed` when there is no answer that can be read.
 */
export async function askByDatagram(
  question: DnsQuestion,
  servers: NameServer[],
  trace: Trace,
): Promise<DnsMessage | undefined> {
  trace.enter('firstByte');
  trace.peer = servers[0];
  const talks = servers.map((server) => talkTo(server, queryOf(question)));
  const deadline = new Promise<never>((_, reject) => {
    trace.deadline.addEventListener('abort', () => reject(new Error('deadline')), { once: true });
  });
  try {
    const answered = talks.map(async ({ answer }, index) => ({
      bytes: await answer,
      server: servers[index]!,
    }));
    const { bytes, server } = await Promise.race([Promise.any(answered), deadline]);
    trace.peer = server;
    return bytes[2]! & isTruncated ? undefined : messageIn(bytes, trace);
  } catch (error) {
    throw failureOf(error instanceof AggregateError ? error.errors[0] : error, trace);
  } finally {
    for (const { close } of talks) close();
  }
}

/** Asks one server until it answers, over a connected socket: what others send does not arrive. */
function talkTo({ address, port }: NameServer, query: Query): { answer: Promise<Buffer>; close(): void } {
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  let pause: AbortSignal | undefined;
  const ask = () => {
    socket.send(query.bytes);
    pause = AbortSignal.timeout(retransmitMs);
    pause.onabort = ask;
  };
  const answer = new Promise<Buffer>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (bytes) => answers(bytes, query) && resolve(bytes));
    socket.once('connect', ask);
    socket.connect(port, address);
  });
  const close = () => {
    if (pause) pause.onabort = null;
    socket.close();
  };
  return { answer, close };
}

/** Asks over an open connection. Throws `AttemptFailed`. */
export async function askByConnection(
  question: DnsQuestion,
  socket: Socket,
  trace: Trace,
): Promise<DnsMessage> {
  trace.enter('firstByte');
  const query = queryOf(question);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.bytes.length);
  socket.write(Buffer.concat([length, query.bytes]));
  let received = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk]);
      const end = received.length < 2 ? Number.POSITIVE_INFINITY : 2 + received.readUInt16BE(0);
      if (received.length < end) continue;
      const bytes = received.subarray(2, end);
      if (answers(bytes, query)) return messageIn(bytes, trace);
      throw new AttemptFailed('protocol-error', `${peerOf(trace)} answered another question`);
    }
  } catch (error) {
    throw failureOf(error, trace);
  }
  throw new AttemptFailed('connection-reset', `${peerOf(trace)} closed the connection without an answer`);
}

/** Whether a message answers this query: servers that refuse may leave the question out. */
function answers(bytes: Buffer, query: Query): boolean {
  if (bytes.length < headerLength || bytes.readUInt16BE(0) !== query.id) return false;
  if (!(bytes[2]! & isResponse)) return false;
  const questions = bytes.readUInt16BE(4);
  return questions === 0 || questionIn(bytes.subarray(0, query.bytes.length)) === questionIn(query.bytes);
}

/** Names are compared whatever their case. */
const questionIn = (bytes: Buffer) => bytes.toString('latin1', headerLength).toLowerCase();

function messageIn(bytes: Buffer, trace: Trace): DnsMessage {
  try {
    // The response code is there; the library's types do not say so.
    const { rcode, answers } = decode(bytes) as unknown as DnsMessage;
    return { rcode, answers };
  } catch (error) {
    throw new AttemptFailed('protocol-error', `the answer of ${peerOf(trace)} cannot be read`, {
      cause: error,
    });
  }
}
