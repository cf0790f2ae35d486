import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { type Answer, decode, encode, type Packet, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet';
import { onTestFinished } from 'vitest';

/** What a name server of a test says: records, a response code beside them, garbage, or nothing. */
export interface Said {
  answers?: Answer[];
  /** 0 (NOERROR) unless told. */
  rcode?: number;
  /** Over UDP only: «ask again over TCP». */
  truncated?: boolean;
  /** Bytes after the header and question instead of all this. */
  garbage?: string;
  silent?: boolean;
}

export interface Asked {
  name: string;
  type: string;
  transport: 'udp' | 'tcp';
  recursion: boolean;
}

/** A name server of a test for all types of records, UDP and TCP on one port of loopback. */
export async function serveNames(say: (asked: Asked, question: number) => Said) {
  const asked: Asked[] = [];
  const answerTo = (query: Buffer, transport: Asked['transport']): Packet | Buffer | undefined => {
    const { id = 0, questions = [], flag_rd } = decode(query);
    const [{ name, type } = { name: '', type: '' }] = questions;
    const question = { name, type, transport, recursion: flag_rd };
    asked.push(question);
    const { answers = [], rcode = 0, truncated, garbage, silent } = say(question, asked.length - 1);
    if (silent) return undefined;
    const flags = rcode | (truncated && transport === 'udp' ? TRUNCATED_RESPONSE : 0);
    const packet: Packet = {
      id,
      type: 'response',
      flags,
      questions,
      answers: truncated && transport === 'udp' ? [] : answers,
    };
    if (garbage === undefined) return packet;
    const head = encode({ ...packet, answers: [] });
    head.writeUInt16BE(3, 6);
    return Buffer.concat([head, Buffer.from(garbage)]);
  };

  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const answer = answerTo(bytes.subarray(2), 'tcp');
      if (answer && !Buffer.isBuffer(answer)) socket.write(streamEncode(answer));
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.on('message', (bytes, peer) => {
    const answer = answerTo(bytes, 'udp');
    if (answer) udp.send(Buffer.isBuffer(answer) ? answer : encode(answer), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    udp.close();
    tcp.close();
  });
  return { port, nameserver: `127.0.0.1:${port}`, asked };
}
