import type { Socket } from 'node:net';
import { serveTcp } from './servers.ts';

/** What a small MySQL does. https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html */
interface Behaviour {
  /** What it says to a login in place of OK. */
  login?: Buffer;
  /** How it lets users in, for each connection. By default with any password. */
  authenticate?: () => Login;
  /** What it says to a query in place of rows. */
  answer?: (sql: string) => Buffer | undefined;
  /** Columns as name and type number, and the values of each row as text. */
  columns?: [name: string, type: number][];
  rows?: string[][];
}

/** One user's way in. */
export interface Login {
  /** Name of the method. */
  plugin: string;
  /** What is said to a packet of the user; `isLetIn` where that decides. */
  hear(packet: Buffer, nonce: Buffer): { say: Buffer[]; isLetIn?: boolean };
}

/** Long passwords, the protocol of 4.1, transactions, and authentication by plugins; no TLS. */
const capabilities = 0x0008_2201;
const utf8 = 45;

const byte = (...bytes: number[]) => Buffer.from(bytes);
const lengthOf = (length: number) =>
  length < 251
    ? byte(length)
    : length < 65_536
      ? byte(0xfc, length & 255, length >> 8)
      : byte(0xfd, length & 255, (length >> 8) & 255, length >> 16);
const text = (value: string) => Buffer.concat([lengthOf(Buffer.byteLength(value)), Buffer.from(value)]);
const ok = byte(0, 0, 0, 2, 0, 0, 0);
const eof = byte(0xfe, 0, 0, 2, 0);

/** An ERR_Packet. */
export const refusal = (number: number, state: string, said: string) =>
  Buffer.concat([byte(0xff, number & 255, number >> 8), Buffer.from(`#${state}${said}`)]);

const nonce = Buffer.from('12345678123456789012');

const greetingFor = (plugin: string) =>
  Buffer.concat([
    byte(10),
    Buffer.from('8.4.0-test\0'),
    byte(1, 0, 0, 0),
    nonce.subarray(0, 8),
    byte(0),
    byte(capabilities & 255, (capabilities >> 8) & 255, utf8, 2, 0, (capabilities >> 16) & 255, 0, 21),
    Buffer.alloc(10),
    nonce.subarray(8),
    Buffer.from(`\0${plugin}\0`),
  ]);

function resultOf({ columns = [['n', 3]], rows = [['1']] }: Behaviour): Buffer[] {
  const definitions = columns.map(([name, type]) =>
    Buffer.concat([
      ...['def', '', '', '', name, ''].map(text),
      byte(12, utf8, 0, 255, 0, 0, 0, type, 0, 0, 0, 0, 0),
    ]),
  );
  const lines = rows.map((row) => Buffer.concat(row.map(text)));
  return [byte(columns.length), ...definitions, eof, ...lines, eof];
}

const denied = refusal(1045, '28000', 'Access denied');

const anyPassword: Login = {
  plugin: 'mysql_native_password',
  hear: () => ({ say: [], isLetIn: true }),
};

/** Speaks enough of the protocol for one session after another, and keeps what it is asked. */
export async function serveMysql(behaviour: Behaviour = {}) {
  const heard: string[] = [];
  const server = await serveTcp((socket) => converse(socket, behaviour, heard));
  return { ...server, heard };
}

function converse(socket: Socket, behaviour: Behaviour, heard: string[]): void {
  let unread = Buffer.alloc(0);
  const { plugin, hear } = behaviour.authenticate?.() ?? anyPassword;
  let isKnown = false;
  let isIn = false;
  const say = (first: number, ...bodies: Buffer[]) => {
    const packets = bodies.map((body, n) =>
      Buffer.concat([
        byte(body.length & 255, (body.length >> 8) & 255, body.length >> 16, (first + n) & 255),
        body,
      ]),
    );
    socket.write(Buffer.concat(packets));
  };
  say(0, greetingFor(plugin));
  socket.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    while (unread.length >= 4 && unread.length >= 4 + unread.readUIntLE(0, 3)) {
      const [length, sequence] = [unread.readUIntLE(0, 3), unread[3]!];
      const body = unread.subarray(4, 4 + length);
      unread = unread.subarray(4 + length);
      if (!isIn) {
        if (!isKnown) heard.push(body.toString('latin1', 32).split('\0', 1)[0]!);
        isKnown = true;
        const { say: answers, isLetIn } = hear(body, nonce);
        isIn = isLetIn === true;
        const last = isLetIn === undefined ? [] : [isLetIn ? (behaviour.login ?? ok) : denied];
        say(sequence + 1, ...answers, ...last);
      } else if (body[0] === 1) heard.push('goodbye');
      else query(body.toString('utf8', 1));
    }
  });
  const query = (sql: string) => {
    heard.push(sql);
    const own = behaviour.answer?.(sql);
    if (own) say(1, own);
    else if (/^(SET|START)/.test(sql)) say(1, ok);
    else say(1, ...resultOf(behaviour));
  };
}
