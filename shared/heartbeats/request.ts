import { lines } from '../notifications/text.ts';
import type { Ping } from './record.ts';

/** What of an HTTP request makes a ping. */
export interface PingRequest {
  method: string;
  /** E.g. `/ping/<token>/start`. */
  path: string;
  /** The run it is about. */
  rid?: string | undefined;
  body?: string | undefined;
  /** When it arrived, epoch milliseconds. */
  at: number;
}

/** Why a request is no ping: the status to answer, and what to say. */
export interface Refused {
  status: 400 | 404 | 405;
  message: string;
}

/** Characters of a body that are kept: the end of it, where an output says what went wrong. */
export const maxBody = 10_000;

const notFound: Refused = { status: 404, message: 'not found' };

/** A ping and the token it came with, of a request that has the form of one. */
export function readPing(request: PingRequest): { token: string; ping: Ping } | Refused {
  const [, token, signal] = /^\/ping\/([\w-]{1,64})(?:\/([a-z]{1,7}|\d{1,3}))?$/.exec(request.path) ?? [];
  if (token === undefined) return notFound;
  const said = saidBy(signal);
  if (!said) return notFound;
  if (!['GET', 'HEAD', 'POST'].includes(request.method))
    return { status: 405, message: 'use GET, HEAD or POST' };
  const { rid, at } = request;
  if (rid !== undefined && !/^[\w.:-]{1,64}$/.test(rid))
    return { status: 400, message: 'rid is 1 to 64 letters, digits, dots, colons and dashes' };
  const body = lines(request.body?.slice(-maxBody) ?? '').trim();
  return { token, ping: { at, ...said, ...(rid !== undefined && { run: rid }), ...(body && { body }) } };
}

function saidBy(word: string | undefined): Pick<Ping, 'signal' | 'exitCode'> | undefined {
  if (word === undefined) return { signal: 'success' };
  if (word === 'start' || word === 'fail' || word === 'log') return { signal: word };
  const exitCode = /^\d+$/.test(word) ? Number(word) : undefined;
  if (exitCode === undefined || exitCode > 255) return undefined;
  return { signal: exitCode === 0 ? 'success' : 'fail', exitCode };
}
