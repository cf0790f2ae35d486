import type { Socket } from 'node:net';
import { AttemptFailed, failureOf, peerOf } from '../failure.ts';
import { textTest } from '../text-test.ts';
import type { Note, Trace } from '../trace.ts';

/** Characters a target may say in one dialogue. */
const maxSaid = 65_536;

/** Characters of it that stand in a message. */
const maxQuoted = 200;

/** A line-by-line dialogue over one connection. */
export interface Dialogue {
  send(content: string | Buffer): void;
  /**
   * Waits for a whole line that matches; lines before it are passed over. Throws `AttemptFailed`.
   * @param pattern a regular expression literal
   * @param unless a line that matches this one ends the dialogue as a failure
   */
  expect(pattern: string, unless?: string): Promise<void>;
  /** Waits for one character, in protocols without lines. Throws `AttemptFailed` where it is another, or the one that refuses. */
  expectCharacter(wanted: string, refusal: { character: string; means: string }): Promise<void>;
  /** Goes on over TLS. Throws `AttemptFailed`, also where the target spoke on before the handshake. */
  upgrade<Secured extends Socket>(handshake: (socket: Socket) => Promise<Secured>): Promise<Secured>;
  /** All that the target said so far. */
  said(): string;
}

/** Begins a dialogue over an open connection. Everything said is kept, at most 64 k characters of it. */
export function beginDialogue(connection: Socket, trace: Trace): Dialogue {
  let socket = connection;
  let said = '';
  let unread = '';
  let end: Error | undefined;
  let wake = () => {};
  const decoder = new TextDecoder();

  const hear = (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    said += text;
    unread += text;
    if (trace.note) noteLines('<', text, trace.note);
    wake();
  };
  const stop = (error?: Error | boolean) => {
    end ??= error instanceof Error ? error : Object.assign(new Error('closed'), { code: 'ECONNRESET' });
    wake();
  };
  const listen = () => socket.on('data', hear).on('error', stop).on('end', stop).on('close', stop);
  const leave = () => socket.off('data', hear).off('error', stop).off('end', stop).off('close', stop);

  /** The next whole line; what is left when the target has hung up counts as one. */
  function nextLine(): string | undefined {
    const newline = unread.indexOf('\n');
    if (newline === -1 && !(end && unread)) return undefined;
    const line = newline === -1 ? unread : unread.slice(0, newline);
    unread = unread.slice(line.length + 1);
    return line.replace(/\r$/, '');
  }

  const refused = (what: string, wanted: string) =>
    new AttemptFailed('protocol-error', `${peerOf(trace)} said ${quote(what)}, expected ${wanted}`);

  async function more(wanted: string): Promise<void> {
    if (said.length > maxSaid)
      throw new AttemptFailed('protocol-error', `${peerOf(trace)} said more than ${maxSaid} characters`);
    if (end) throw failureOf(end, trace);
    trace.waitingFor = `${wanted}${said && `, got ${quote(said)}`}`;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }

  listen();
  return {
    send(content) {
      if (trace.note) noteLines('>', content, trace.note);
      socket.write(content);
    },
    said: () => said,
    async expect(pattern, unless) {
      trace.enter('firstByte');
      const isWanted = textTest(pattern);
      const isRefusal = unless === undefined ? undefined : textTest(unless);
      for (;;) {
        const line = nextLine();
        if (line === undefined) await more(pattern);
        else if (isWanted(line)) break;
        else if (isRefusal?.(line)) throw refused(line, pattern);
      }
      trace.waitingFor = undefined;
    },
    async expectCharacter(wanted, { character, means }) {
      trace.enter('firstByte');
      while (!unread) await more(wanted);
      if (unread.startsWith(character))
        throw new AttemptFailed('protocol-error', `${peerOf(trace)} ${means}`);
      if (!unread.startsWith(wanted)) throw refused(unread, wanted);
      unread = unread.slice(wanted.length);
      trace.waitingFor = undefined;
    },
    async upgrade(handshake) {
      // Whoever stands between could put words into the mouth of the encrypted side.
      if (unread.trim())
        throw new AttemptFailed('protocol-error', `${peerOf(trace)} spoke on before TLS: ${quote(unread)}`);
      leave();
      const secured = await handshake(socket);
      socket = secured;
      listen();
      return secured;
    },
  };
}

function noteLines(direction: '<' | '>', content: string | Buffer, note: Note): void {
  const lines = typeof content === 'string' ? content.trimEnd().split(/\r?\n/) : [`${content.length} bytes`];
  for (const line of lines) note(`${direction} ${line}`);
}

const quote = (text: string) => `«${text.trim().slice(-maxQuoted).toWellFormed()}»`;
