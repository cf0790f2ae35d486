import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { IncidentRefusal } from '../incidents/errors.ts';

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

/** The body of every error answer of the API. */
export const errorBody = (code: ErrorCode, message: string) => ({ error: { code, message } });

/** What an error means to the client; undefined where it is none of its business. */
export function told(error: Error): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof IncidentRefusal)
    return new ApiError(error.code === 'not-found' ? 'not-found' : 'conflict', error.message);
  return undefined;
}

/** Answers an error as JSON. What is not meant for the client is reported, not told. */
export function answerErrors(report: (error: Error, path: string) => void) {
  return (error: Error, context: Context): Response => {
    const known = told(error);
    if (known) return context.json(errorBody(known.code, known.message), known.status);
    report(error, context.req.path);
    return context.json(
      errorBody('internal', 'this request failed; the log of the api function has the reason'),
      500,
    );
  };
}
