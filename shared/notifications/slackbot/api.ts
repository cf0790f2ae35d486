import type { Answer, SendContext } from '../kind.ts';
import { askProvider, jsonOf } from '../provider/post.ts';

/** Calls a method of Slack's Web API. */
export type Call = (method: string, input: object) => Promise<Answer>;

/** What we need of what Slack answers. */
interface Said {
  ok?: boolean;
  error?: string;
  /** Id of the channel. */
  channel?: string;
  ts?: string;
}

/** Slack repeats the whole message in its answer; what we need of it is less. */
export const caller =
  (token: string, context: SendContext): Call =>
  async (method, input) => {
    const posted = jsonOf(input, { authorization: `Bearer ${token}` });
    const answer = await askProvider(`https://slack.com/api/${method}`, posted, context);
    const { ok, error, channel, ts } = parsed(answer);
    const body = { ok, error, channel: idOf(channel), ts };
    return { ...answer, body: ok === undefined ? answer.body.slice(0, 1_000) : JSON.stringify(body) };
  };

/** A channel is told by its id where a message is in it, and described where it was made. */
const idOf = (channel: unknown): unknown =>
  typeof channel === 'object' && channel !== null && 'id' in channel ? channel.id : channel;

/** What an answer of `caller` says. */
export const saidIn = (answer: Answer): Said => parsed(answer) as Said;

/** The status is 200 whatever happened; `ok` says. */
export const isTaken = (answer: Answer): boolean => answer.status === 200 && saidIn(answer).ok === true;

function parsed({ body }: Answer): Record<keyof Said, unknown> {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {} as Record<keyof Said, unknown>;
  }
}
