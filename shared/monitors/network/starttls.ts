import type { Socket } from 'node:net';
import type { Dialogue } from '../tcp/dialogue.ts';

/** How protocols that begin in clear text are asked to go on over TLS. */
const requests = {
  async smtp(dialogue: Dialogue) {
    await dialogue.expect('/^220 /', '/^[45]\\d\\d/');
    dialogue.send('EHLO tocsin\r\n');
    await dialogue.expect('/^250 /', '/^[45]\\d\\d/');
    dialogue.send('STARTTLS\r\n');
    await dialogue.expect('/^220/', '/^[45]\\d\\d/');
  },
  async imap(dialogue: Dialogue) {
    await dialogue.expect('/^\\* (OK|PREAUTH)/i', '/^\\* BYE/i');
    dialogue.send('a1 STARTTLS\r\n');
    await dialogue.expect('/^a1 OK/i', '/^a1 (NO|BAD)/i');
  },
  async pop3(dialogue: Dialogue) {
    await dialogue.expect('/^\\+OK/', '/^-ERR/');
    dialogue.send('STLS\r\n');
    await dialogue.expect('/^\\+OK/', '/^-ERR/');
  },
  async postgres(dialogue: Dialogue) {
    dialogue.send(sslRequest);
    await dialogue.expectCharacter('S', { character: 'N', means: 'offers no TLS' });
  },
} satisfies Record<string, (dialogue: Dialogue) => Promise<void>>;

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Has a protocol that begins in clear text go on over TLS. Throws `AttemptFailed` where the target refuses. */
export async function startTls<Secured extends Socket>(
  protocol: keyof typeof requests,
  dialogue: Dialogue,
  handshake: (socket: Socket) => Promise<Secured>,
): Promise<Secured> {
  await requests[protocol](dialogue);
  return dialogue.upgrade(handshake);
}
