import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** How a name is answered: with addresses, a failure, nothing of that type, or not at all. */
export type DnsAnswer = string[] | 'NXDOMAIN' | 'SERVFAIL' | 'silence';

export interface DnsServer {
  /** `address:port`, as resolvers take it. */
  address: string;
  /** Names asked for, in order, as `name type`. */
  queries: string[];
}

/**
 * A name server of a test for A and AAAA records.
 * @param answer what to say to the nth question (from 0) for a name
 * @param ttl seconds
 */
export async function serveDns(
  answer: (name: string, question: number) => DnsAnswer,
  ttl = 60,
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const queries: string[] = [];
  socket.on('message', (query, peer) => {
    const { name, type, end } = questionOf(query);
    const asked = queries.filter((text) => text.startsWith(`${name} `)).length;
    queries.push(`${name} ${type === 1 ? 'A' : 'AAAA'}`);
    const said = answer(name, asked);
    if (said !== 'silence')
      socket.send(response(query.subarray(0, end), type, said, ttl), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, queries };
}

function questionOf(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function response(
  question: Buffer,
  type: number,
  answer: Exclude<DnsAnswer, 'silence'>,
  ttl: number,
): Buffer {
  const wanted = Array.isArray(answer)
    ? answer.filter((address) => address.includes(':') === (type === 28))
    : [];
  const header = Buffer.from(question.subarray(0, 12));
  const code = answer === 'NXDOMAIN' ? 3 : answer === 'SERVFAIL' ? 2 : 0;
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(wanted.length, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  return Buffer.concat([
    header,
    question.subarray(12),
    ...wanted.map((address) => record(address, type, ttl)),
  ]);
}

function record(address: string, type: number, ttl: number): Buffer {
  const data = type === 1 ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => (text ? text.split(':') : []);
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const all = address.includes('::') ? [...groups(head), ...zeros, ...groups(tail)] : groups(address);
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
