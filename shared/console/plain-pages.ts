import type { MiddlewareHandler } from 'hono';
import { invisible } from '../notifications/text.ts';

/**
 * Takes control characters, and marks that turn the direction of all that follows, off every page: markup is escaped where it is
 * written, but with these a text from outside could make its surroundings read as something else.
 */
export const plainPages: MiddlewareHandler = async (context, next) => {
  await next();
  if (!context.res.headers.get('content-type')?.startsWith('text/html')) return;
  const page = await context.res.text();
  context.res = new Response(page.replaceAll(invisible, whitespaceOnly), context.res);
};

const whitespaceOnly = (character: string) => (/[\t\n]/.test(character) ? character : '');
