import type { RequestListener } from 'node:http';
import { isOfSns, Refused, type SnsMessage, type Trust, verify } from './verify.ts';

export interface Receiver extends Trust {
  /** Fetches an address of SNS, once, to confirm the subscription. */
  confirm(url: string): Promise<void>;
  /** Does something with an incident event, as docs/events.md describes it. An error makes SNS deliver it again. */
  onEvent(event: IncidentEvent): Promise<void>;
}

/** The part of an event that this example uses. */
export interface IncidentEvent {
  version: number;
  id: string;
  type: string;
  incident: { id: string; title: string; severity: string; revision: number };
}

/** Bytes of the largest message of SNS, and room for its envelope. */
const largest = 300_000;

/** Answers what SNS posts: confirms the subscription, hands events on, refuses whatever SNS did not sign. */
export function receiver(ports: Receiver): RequestListener {
  const seen = new Set<string>();
  return async (request, response) => {
    const answer = (status: number, text = '') => response.writeHead(status).end(text);
    try {
      if (request.method !== 'POST') return void answer(405);
      await receive(await verify(await readBody(request), ports), ports, seen);
      answer(204);
    } catch (error) {
      if (error instanceof Refused) return void answer(403, `refused: ${error.message}\n`);
      console.error(error);
      answer(500);
    }
  };
}

async function receive(message: SnsMessage, ports: Receiver, seen: Set<string>): Promise<void> {
  if (message.Type === 'SubscriptionConfirmation') {
    if (!message.SubscribeURL || !isOfSns(message.SubscribeURL))
      throw new Refused('it confirms nothing of SNS');
    return ports.confirm(message.SubscribeURL);
  }
  if (message.Type !== 'Notification') return;
  const event = JSON.parse(message.Message) as IncidentEvent;
  // SNS delivers at least once, and the same event published twice has the same id.
  if (event.version !== 1 || seen.has(event.id)) return;
  await ports.onEvent(event);
  seen.add(event.id);
}

async function readBody(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > largest) throw new Refused('it is too long');
  }
  return Buffer.concat(chunks).toString();
}
