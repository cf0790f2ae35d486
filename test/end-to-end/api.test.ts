import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Observation } from '../../shared/monitors/observation.ts';
import { changeable, fakeSlack, raise, remove, synthesized } from './stage.ts';

/** Who is logged in at the shop, by token; what was asked for, in order; and what is in every cart. */
const sessions = new Set<string>();
let asked: { line: string; port: number | undefined }[] = [];
let items = ['hat'];
let logins = 0;

let shop: Awaited<ReturnType<typeof changeable>>;
let chat: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  shop = await changeable(({ method, url, headers, socket }, response) => {
    asked.push({ line: `${method} ${url}`, port: socket.remotePort });
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    if (url === '/login') {
      const fresh = `session-of-the-shop-${++logins}`;
      sessions.add(fresh);
      return response.end(JSON.stringify({ token: fresh }));
    }
    if (!sessions.has(token)) return response.writeHead(401).end();
    if (url === '/logout') sessions.delete(token);
    response.end(JSON.stringify({ items, for: token }));
  });
  chat = await fakeSlack();
  template = await synthesized('api.config.ts', { TARGET_URL: shop.url });
});

afterAll(async () => {
  await Promise.all([shop.close(), chat.close(), remove(template)]);
});

it('a shop that breaks behind its login is an incident that names the step, and nobody stays logged in', async () => {
  const stack = await raise(template, { SLACK_WEBHOOK: chat.url });
  await stack.advance('1m');
  expect(await stack.api('monitors/checkout')).toMatchObject({ state: 'up' });
  expect(sessions.size).toBe(0);

  items = [];
  asked = [];
  await stack.advance('40s');

  const [incident, ...others] = await stack.incidents();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({ title: 'checkout is down', status: 'triggered' });
  const why = 'step cart: expected json $.items.length > 0, got 0';
  const { evidence } = await stack.api<{ evidence: Observation[] }>('monitors/checkout');
  expect(evidence[0]).toMatchObject({
    reason: 'condition-failed',
    message: why,
    excerpt: '{"items":[],"for":"***"}',
    steps: [
      { name: 'login', outcome: 'up', status: 200 },
      { name: 'cart', outcome: 'down', failures: [{ line: 'json $.items.length > 0', seen: '0' }] },
      { name: 'logout', outcome: 'up', cleanup: true },
    ],
  });
  expect(evidence[0]!.attempts).toHaveLength(2);
  const { text, attachments } = chat.received[0]!;
  expect(JSON.stringify({ text, attachments })).toContain('cart (2 of 2)');
  const page = await (await fetch(`${stack.url}/monitors/checkout`)).text();
  expect(page).toContain(why.replace('>', '&gt;'));
  expect(page).toContain(`<code>POST ${shop.url}/login</code>`);

  // A failure is looked at twice, each time from the login on, and every request on a connection of its own.
  const look = ['POST /login', 'GET /cart', 'POST /logout'];
  const lines = asked.map(({ line }) => line);
  expect(lines.slice(0, 6)).toEqual([...look, ...look]);
  expect(new Set(asked.slice(0, 6).map(({ port }) => port)).size).toBe(6);
  expect(sessions.size).toBe(0);
  expect(JSON.stringify([chat.received, await stack.api('monitors/checkout')])).not.toContain(
    'session-of-the-shop',
  );

  items = ['hat'];
  await stack.advance('1m');
  expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'recovered' }]);
});
