import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { IncidentRefusal } from '../incidents/errors.ts';
import { Refusal } from '../refusal.ts';
import { TestRefusal } from '../test-alerts/refusal.ts';

/** What an error answer's `code` may be. */
export type ErrorCode =
  | 'unauthorized'
  | 'cross-origin'
  | 'not-found'
  | 'conflict'
  | 'invalid-request'
  | 'too-large'
  | 'internal';

const statusOf: Record<ErrorCode, ContentfulStatusCode> = {
  unauthorized: 401,
  'cross-origin': 403,
  'not-found': 404,
  conflict: 409,
  'invalid-request': 400,
  'too-large': 413,
  internal: 500,
};

/** Ends a request with an error that the client is told. */
export class ApiError extends HTTPException {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(statusOf[code], { message });
    this.code = code;
  }
}

/** Reports an error that is not the client's business, under the path of the request. */
export type Report = (error: Error, path: string) => void;

/** What the client is told of an error. What is not meant for it is reported instead, and told in general terms. */
export function told(error: Error, path: string, report: Report): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof IncidentRefusal)
    return new ApiError(error.code === 'not-found' ? 'not-found' : 'conflict', error.message);
  if (error instanceof Refusal)
    return new ApiError(error.code === 'not-found' ? 'not-found' : 'invalid-request', error.message);
  if (error instanceof TestRefusal)
    return new ApiError(error.code === 'not-now' ? 'conflict' : 'invalid-request', error.message);
  report(error, path);
  return new ApiError('internal', 'this request failed; the log of the api function has the reason');
}

/** Answers errors as JSON. */
export const answerErrors =
  (report: Report) =>
  (error: Error, c: Context): Response => {
    const { code, message, status } = told(error, c.req.path, report);
    return c.json({ error: { code, message } }, status);
  };
