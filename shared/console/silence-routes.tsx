import { type Context, Hono } from 'hono';
import { ApiError } from '../api/errors.ts';
import { listWindows } from '../api/maintenance.ts';
import type { Ports } from '../api/ports.ts';
import type { Signed } from '../api/session.ts';
import { listSilences, readMatchers } from '../api/silences.ts';
import { parseDuration } from '../duration.ts';
import { endWindow, startWindow } from '../maintenance/starting.ts';
import { cut, oneLine } from '../notifications/text.ts';
import { expireSilence, setSilence } from '../silences/silencing.ts';
import type { Surroundings } from './layout.tsx';
import { SilencesPage } from './silences-page.tsx';

/** The page of silences and maintenance windows, and its forms. */
export function silencePages(
  ports: Ports,
  surroundings: (c: Context<Signed>) => Surroundings,
  actorOf: (c: Context<Signed>) => string,
): Hono<Signed> {
  const pages = new Hono<Signed>();

  pages.get('/silences', async (c) => {
    const [silences, windows] = await Promise.all([listSilences(ports), listWindows(ports)]);
    return c.html(
      <SilencesPage
        silences={silences}
        windows={windows}
        monitors={ports.config.monitors}
        matchers={c.req.query('matchers')}
        surroundings={surroundings(c)}
      />,
    );
  });

  pages.post('/silences', async (c) => {
    const { matchers, lasts, comment } = await readForm(c, 'matchers');
    const startsAt = ports.now();
    await setSilence(ports.silences, {
      matchers: readMatchers(matchers),
      startsAt,
      endsAt: startsAt + lasts,
      by: actorOf(c),
      comment,
    });
    return c.redirect('/silences', 303);
  });

  pages.post('/silences/:id/expire', async (c) => {
    await expireSilence(ports.silences, c.req.param('id'));
    return c.redirect('/silences', 303);
  });

  pages.post('/maintenance', async (c) => {
    const { monitor, lasts, comment } = await readForm(c, 'monitor');
    const from = ports.now();
    await startWindow(ports.maintenance, {
      monitors: [monitor],
      from,
      to: from + lasts,
      by: actorOf(c),
      ...(comment && { comment }),
    });
    return c.redirect('/silences', 303);
  });

  pages.post('/maintenance/:id/end', async (c) => {
    await endWindow(ports.maintenance, c.req.param('id'));
    return c.redirect('/silences', 303);
  });

  return pages;
}

/** The fields of one of the forms. @throws ApiError where they are not what the page sends */
async function readForm<What extends string>(c: Context<Signed>, what: What) {
  const body = await c.req.parseBody();
  const text = (field: string) => (typeof body[field] === 'string' ? body[field] : '');
  const lasts = parseDuration(text('for'));
  if (!lasts || text(what) === '') throw new ApiError('invalid-request', `Say ${what}, and for how long.`);
  return { [what]: text(what), lasts, comment: cut(oneLine(text('comment')), 200) } as Record<
    What,
    string
  > & {
    lasts: number;
    comment: string;
  };
}
