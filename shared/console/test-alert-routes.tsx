import { type Context, Hono } from 'hono';
import { readSeverity } from '../api/incidents.ts';
import type { Ports } from '../api/ports.ts';
import type { Signed } from '../api/session.ts';
import { findTest, testingOf } from '../api/test-alert.ts';
import { endTest, startTest } from '../test-alerts/testing.ts';
import type { Surroundings } from './layout.tsx';
import { TestAlertPage, wantedTest } from './test-alert-page.tsx';

/** The page of a test alert, and the forms that begin and end one. */
export function testAlertPages(
  ports: Ports,
  surroundings: (c: Context<Signed>) => Surroundings,
  actorOf: (c: Context<Signed>) => string,
): Hono<Signed> {
  const pages = new Hono<Signed>();
  const pathOf = (id: string) => `/test-alert/${encodeURIComponent(id)}`;

  pages.post('/test-alert', async (c) => {
    const { severity, ...wanted } = wantedTest((await c.req.parseBody()).test);
    const { id } = await startTest(
      testingOf(ports),
      { ...wanted, ...(severity !== undefined && { severity: readSeverity(severity) }) },
      actorOf(c),
    );
    return c.redirect(pathOf(id), 303);
  });

  pages.get('/test-alert/:id', async (c) =>
    c.html(<TestAlertPage test={await findTest(ports, c.req.param('id'))} surroundings={surroundings(c)} />),
  );

  pages.post('/test-alert/:id/end', async (c) => {
    const test = await findTest(ports, c.req.param('id'));
    await endTest(testingOf(ports), test);
    return c.redirect(pathOf(test.id), 303);
  });

  return pages;
}
