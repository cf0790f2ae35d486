import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Credentials } from './certificates.ts';
import { serveTcp } from './servers.ts';

/** What a small PostgreSQL does. https://www.postgresql.org/docs/current/protocol-message-formats.html */
interface Behaviour {
  /** The password that it asks for in clear text. Default: it asks for none. */
  password?: string;
  /** What it says to a query in place of rows, as bytes. */
  answer?: (sql: string) => Buffer | undefined;
  /** Columns as name and type number, and the values of each row as text. */
  columns?: [name: string, type: number][];
  rows?: (string | null)[][];
  tls?: Credentials;
}

const message = (type: string, body: Buffer = Buffer.alloc(0)) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const text = (value: string) => Buffer.from(`${value}\0`);
const int = (value: number, bytes: 2 | 4) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
};

const ready = message('Z', Buffer.from('I'));
const complete = (tag: string) => message('C', text(tag));

/** An ErrorResponse. */
export const refusal = (code: string, said: string) =>
  message('E', Buffer.from(`SERROR\0VERROR\0C${code}\0M${said}\0\0`));

function tableOf({ columns = [['n', 23]], rows = [['1']] }: Behaviour): Buffer {
  const heads = columns.map(([name, type]) =>
    Buffer.concat([text(name), int(0, 4), int(0, 2), int(type, 4), int(-1, 2), int(-1, 4), int(0, 2)]),
  );
  const lines = rows.map((row) => {
    const values = row.map((value) =>
      value === null ? int(-1, 4) : Buffer.concat([int(Buffer.byteLength(value), 4), Buffer.from(value)]),
    );
    return message('D', Buffer.concat([int(row.length, 2), ...values]));
  });
  return Buffer.concat([message('T', Buffer.concat([int(heads.length, 2), ...heads])), ...lines]);
}

/** Speaks enough of the protocol for one session after another, and keeps what it is asked. */
export async function servePostgres(behaviour: Behaviour = {}) {
  const heard: string[] = [];
  const server = await serveTcp((socket) => converse(socket, behaviour, heard));
  return { ...server, heard };
}

function converse(socket: Socket, behaviour: Behaviour, heard: string[]): void {
  let unread = Buffer.alloc(0);
  let begun = false;
  const hear = (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const head = begun ? 1 : 0;
      if (unread.length < head + 4) return;
      const end = head + unread.readInt32BE(head);
      if (unread.length < end) return;
      const type = begun ? String.fromCharCode(unread[0]!) : 'startup';
      const body = unread.subarray(head + 4, end);
      unread = unread.subarray(end);
      if (type === 'startup' && body.readInt32BE() === 80_877_103) return upgrade();
      begun = true;
      if (type === 'startup') heard.push(body.toString('utf8', 4).split('\0').slice(0, 4).join(' '));
      answer(type, body);
    }
  };
  const upgrade = () => {
    socket.write(behaviour.tls ? 'S' : 'N');
    if (!behaviour.tls) return;
    socket.off('data', hear);
    const secureContext = createSecureContext(behaviour.tls);
    const secured = new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {});
    converse(secured, behaviour, heard);
  };
  const say = (...messages: Buffer[]) => void socket.write(Buffer.concat(messages));
  const welcome = () => say(message('R', int(0, 4)), ready);
  let sql = '';
  const answer = (type: string, body: Buffer) => {
    if (type === 'startup') return behaviour.password ? say(message('R', int(3, 4))) : welcome();
    if (type === 'p')
      return body.toString() === `${behaviour.password}\0`
        ? welcome()
        : say(refusal('28P01', `password authentication failed: ${body.toString().replace('\0', '')}`));
    if (type === 'X') heard.push('goodbye');
    if (type === 'Q' || type === 'P') {
      sql = body.toString().replaceAll('\0', '');
      heard.push(sql);
    }
    const own = behaviour.answer?.(sql);
    if (type === 'Q') say(own ?? complete('BEGIN'), ready);
    if (type === 'S')
      say(own ?? Buffer.concat([message('1'), message('2'), tableOf(behaviour), complete('SELECT')]), ready);
  };
  socket.on('data', hear);
}
