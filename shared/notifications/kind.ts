import type * as z from 'zod/mini';
import type { Aws } from '../aws/environment.ts';
import type { ReadSecret } from '../aws/secrets.ts';
import type { IncidentEvent } from '../incidents/incident.ts';

/** A kind of channel: one file in this folder, one line in `index.ts`. */
export interface ChannelKind<Settings, Message> {
  kind: string;
  /** The kind's own config fields, defaults filled in. Unknown fields are refused. */
  settings: z.ZodMiniType<Settings>;
  /** Names of secrets it reads. */
  secrets(settings: Settings): string[];
  /**
   * For a channel that cannot be told in one go: settings of each part. A part has a lease and ledger rows of its own, so one that
   * fails is repeated alone. Default: one part.
   */
  parts?(settings: Settings): Settings[];
  /** Types of events it is told besides `firing`, `resolved` and `digest`: a page that can be acknowledged, say. Default none. */
  follows?: readonly IncidentEvent['type'][];
  /** Messages a channel is told one by one in a minute, unless the config says otherwise. Default 30. */
  rate?: number;
  /**
   * Links by which whoever reads the message can act, made for this channel alone: an event goes to others as well. Default none.
   * Where it throws, the message goes without.
   */
  actionLinks?(
    event: IncidentEvent,
    settings: Settings,
    context: Pick<SendContext, 'readSecret' | 'now'>,
  ): Promise<ActionLink[]>;
  /**
   * For what does something instead of telling somebody: whether an event makes it do so. Other events are passed over, and what came
   * of it stands in the incident's timeline. Default: it tells of every event.
   */
  acts?(event: IncidentEvent): boolean;
  /** Milliseconds after it acted in which it does not act again for what the incident is about. Default 0. */
  cooldown?(settings: Settings): number;
  /** Milliseconds that one attempt may take. Default 10 s. */
  patience?(settings: Settings): number;
  /** Pure: the message for an event, within the provider's limits, everything from outside escaped. */
  render(event: IncidentEvent, settings: Settings, actionLinks?: readonly ActionLink[]): Message;
  /** Hands the message to the provider. Network errors may throw: `deliver` classifies them. */
  send(message: Message, settings: Settings, context: SendContext): Promise<Answer>;
  /**
   * What an answer means. Default rules: 2xx sent; 408, 425, 429, 5xx retry; any other permanent.
   * @param now epoch milliseconds, for a `Retry-After` that is a date
   */
  classify?(answer: Answer, now: number): Verdict;
}

export interface ActionLink {
  label: 'Acknowledge' | 'Resolve';
  url: string;
}

export interface SendContext {
  aws: Aws;
  readSecret: ReadSecret;
  /** Epoch milliseconds. */
  now(): number;
  /** Loopback http webhooks: only in the local runtime. */
  allowLoopback: boolean;
  /** Address that takes what is for a provider's fixed address: the local runtime's outbox of this channel. */
  outbox?: string;
  /** What the provider called our last message about this incident, where it did: to be changed, or answered to. */
  previous?: string;
  /** Ends the attempt. */
  signal: AbortSignal;
}

/** A provider's answer; `body` is cut to 1,000 characters. */
export interface Answer {
  /** An HTTP status, or an SMTP reply code. */
  status: number;
  /** Default `http`. */
  protocol?: 'http' | 'smtp';
  headers: Record<string, string>;
  body: string;
}

export type Verdict =
  /** `reference`: what the provider calls the message; given to the next one about this incident as `previous`. */
  | { result: 'sent'; detail?: string; reference?: string }
  | { result: 'retry'; reason: string; afterMs?: number }
  | { result: 'failed'; reason: string };
