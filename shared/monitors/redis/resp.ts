/** What a server of the Redis protocol says, version 2 of it. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export type RespReply = string | number | null | RespError | RespReply[];

/** A reply that begins with `-`: `NOAUTH Authentication required.` */
export class RespError extends Error {
  /** Its first word, in capitals. */
  readonly code: string;
  constructor(message: string) {
    super(message);
    this.name = 'RespError';
    this.code = message.split(' ', 1)[0]!.toUpperCase();
  }
}

/** A command and its arguments as they are sent. */
export const encodeCommand = (words: string[]): Buffer =>
  Buffer.from(
    `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
  );

interface Read<Value> {
  value: Value;
  /** Where in the bytes it ends. */
  end: number;
}

/** Lists in lists, at most. */
const deepest = 8;

/**
 * The first reply in what was received; undefined while it is not whole.
 * @throws SyntaxError where the bytes are no such reply
 */
export function readReply(bytes: Buffer, from = 0, depth = 0): Read<RespReply> | undefined {
  if (from < bytes.length && !'+-:$*'.includes(String.fromCharCode(bytes[from]!)))
    throw new SyntaxError('no reply of Redis begins like this');
  const lineEnd = bytes.indexOf('\r\n', from);
  if (lineEnd === -1) return undefined;
  const line = bytes.toString('utf8', from + 1, lineEnd);
  const end = lineEnd + 2;
  const type = String.fromCharCode(bytes[from]!);
  if (type === '+') return { value: line, end };
  if (type === '-') return { value: new RespError(line), end };
  const number = Number(line);
  if (!/^-?\d+$/.test(line)) throw new SyntaxError(`${type} is followed by no number`);
  if (type === ':') return { value: number, end };
  if (number < 0) return { value: null, end };
  return type === '$' ? readText(bytes, end, number) : readList(bytes, end, number, depth);
}

function readText(bytes: Buffer, from: number, length: number): Read<string> | undefined {
  const end = from + length + 2;
  return bytes.length < end ? undefined : { value: bytes.toString('utf8', from, from + length), end };
}

function readList(bytes: Buffer, from: number, length: number, depth: number): Read<RespReply[]> | undefined {
  if (depth === deepest) throw new SyntaxError('lists lie too deep in lists');
  const value: RespReply[] = [];
  let end = from;
  while (value.length < length) {
    const item = readReply(bytes, end, depth + 1);
    if (!item) return undefined;
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}
