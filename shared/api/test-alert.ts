import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import { severities } from '../severity.ts';
import { endTest, readTest, startTest, type TestAlert, type TestingPorts } from '../test-alerts/testing.ts';
import { actor, boundedText, caller, quoted, readBody } from './body.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';

const severityWords = `\`severity\` is one of ${severities.join(', ')}`;

const testBody = z.strictObject({
  actor,
  monitor: z.optional(boundedText(64, '`monitor`')),
  channel: z.optional(boundedText(64, '`channel`')),
  severity: z.optional(z.enum(severities, { error: severityWords })),
});
const endBody = z.strictObject({});

/** A marked test through the real path, and what came of it. */
export function testAlertRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.post('/', async (c) => {
    const { actor, ...wanted } = await readBody(c, testBody);
    const test = await startTest(testingOf(ports), wanted, actor ?? caller(c));
    c.header('location', `/api/test-alert/${test.id}`);
    return c.json(testResource(test), 202);
  });

  api.get('/:id', async (c) => c.json(testResource(await findTest(ports, c.req.param('id')))));

  api.post('/:id/end', async (c: Context<Signed, '/:id/end'>) => {
    await readBody(c, endBody);
    const test = await findTest(ports, c.req.param('id'));
    await endTest(testingOf(ports), test);
    return c.json(testResource(test), 202);
  });

  return api;
}

/** @throws ApiError where there is no test of that id, or none any more */
export async function findTest(ports: Ports, id: string): Promise<TestAlert> {
  const found = await readTest(testingOf(ports), id);
  if (!found) throw new ApiError('not-found', `no test alert has the id ${quoted(id)}, or it was long ago`);
  return found;
}

export const testingOf = ({
  config,
  now,
  alarms,
  listIncidentsBetween,
  readLedger,
}: Ports): TestingPorts => ({
  config,
  now,
  alarms,
  listIncidentsBetween,
  readLedger,
});

const testResource = (test: TestAlert) => ({ ...test, startedAt: new Date(test.startedAt).toISOString() });
