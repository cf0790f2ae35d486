import { createHash } from 'node:crypto';
import type { Answer } from '../service.ts';
import type { MessageAttribute, ReceivedMessage } from './messages.ts';

/** A received message with the attributes that were asked for. */
export function rendered(received: ReceivedMessage, system: string[], attributes: string[]): Answer {
  const pick = <Value>(all: Record<string, Value>, wanted: string[]) =>
    Object.fromEntries(
      Object.entries(all).filter(([name]) => wanted.some((pattern) => matches(pattern, name))),
    );
  const systemAttributes = pick(received.attributes, system);
  const messageAttributes = pick(received.messageAttributes, attributes);
  return {
    MessageId: received.messageId,
    ReceiptHandle: received.receiptHandle,
    Body: received.body,
    MD5OfBody: received.md5OfBody,
    ...(Object.keys(systemAttributes).length > 0 && { Attributes: systemAttributes }),
    ...(Object.keys(messageAttributes).length > 0 && { MessageAttributes: messageAttributes }),
    ...md5OfAttributes('MD5OfMessageAttributes', messageAttributes),
  };
}

/** `All`, a name, or the beginning of names before `.*`. */
const matches = (pattern: string, name: string) =>
  pattern === 'All' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2)));

/** SQS's digest of attributes: sorted by name, each part preceded by its length in four bytes. */
export function md5OfAttributes(
  key: string,
  attributes: Record<string, MessageAttribute>,
): Record<string, string> {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return {};
  const hash = createHash('md5');
  const add = (part: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  };
  for (const [name, { DataType, StringValue, BinaryValue }] of entries) {
    const binary = DataType.startsWith('Binary');
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? ''));
  }
  return { [key]: hash.digest('hex') };
}
