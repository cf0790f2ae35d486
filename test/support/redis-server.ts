import type { Socket } from 'node:net';
import { serveTcp } from './servers.ts';

/** Words of the commands in what a client sent: arrays of texts, as Redis takes them. */
function commandsIn(text: string): string[][] {
  return text
    .split(/(?=\*\d+\r\n)/)
    .map((command) => [...command.matchAll(/\$\d+\r\n(.*?)\r\n/g)].map(([, word = '']) => word));
}

/** Says to each command what `answer` gives, as it is; to what that does not know nothing. */
export async function serveRedis(
  answer: (words: string[]) => string | undefined,
  secured: (socket: Socket) => Socket = (socket) => socket,
) {
  const heard: string[][] = [];
  const server = await serveTcp((plain) => {
    const socket = secured(plain);
    socket.on('data', (chunk: Buffer) => {
      for (const words of commandsIn(chunk.toString())) {
        heard.push(words);
        socket.write(answer(words) ?? '');
      }
    });
  });
  return { ...server, heard };
}

export const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
