import { CommandError } from './command.ts';

/** A terminal, or what is piped in. */
export type Input = AsyncIterable<Buffer | string> & {
  isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

export interface Terminal {
  input: Input;
  /** Writes to the person, not to where results go. */
  say(text: string): void;
}

export const terminal: Terminal = {
  input: process.stdin,
  say: (text) => process.stderr.write(text),
};

const enter = ['\r', '\n', '\u0004'];
const erase = ['\u007f', '\b'];
const interrupt = '\u0003';

/**
 * Reads a secret: what is piped in without its last line break, or what is typed or pasted up to Enter, which nobody sees.
 * @throws CommandError when the person breaks off
 */
export async function askSecret(name: string, { input, say }: Terminal): Promise<string> {
  if (!input.isTTY) return (await readAll(input)).replace(/\r?\n$/, '');
  say(`${name} (not shown): `);
  input.setRawMode?.(true);
  try {
    return await readLine(input);
  } finally {
    input.setRawMode?.(false);
    say('\n');
  }
}

async function readAll(input: Input): Promise<string> {
  let text = '';
  for await (const chunk of input) text += chunk;
  return text;
}

async function readLine(input: Input): Promise<string> {
  let typed = '';
  for await (const chunk of input)
    for (const key of String(chunk)) {
      if (enter.includes(key)) return typed;
      if (key === interrupt) throw new CommandError('broken off: nothing was written');
      typed = erase.includes(key) ? typed.slice(0, -1) : typed + key;
    }
  return typed;
}
