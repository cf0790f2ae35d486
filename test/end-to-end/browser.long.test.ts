import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeable, raise, remove, synthesized } from './stage.ts';

/** A shop where people sign in, and see their orders unless it is out of order. */
const shop =
  (greeting: string): Parameters<typeof changeable>[0] =>
  (_, response) =>
    response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Shop</title>
      <h1>Welcome</h1><input id="password"><button onclick="orders.textContent = '${greeting}'">Sign in</button>
      <p id="orders"></p>`);

let site: Awaited<ReturnType<typeof changeable>>;
let template: string;
beforeAll(async () => {
  site = await changeable(shop('Your orders: none'));
  template = await synthesized('browser.config.ts', { BROWSER_URL: site.url });
});
afterAll(async () => {
  await site.close();
  await remove(template);
});

interface Detail {
  state: string;
  evidence: {
    at: string;
    location: string;
    message: string;
    hasScreenshot?: true;
    steps?: { name: string }[];
  }[];
}

test('pages are watched by steps, by a function and by a spec, and a failure is told with a picture', async () => {
  const stack = await raise(template, { SHOP_PASSWORD: 'hunter2-horse' });
  const monitor = (id: string) => stack.api<Detail>(`monitors/${id}`);
  const states = async () =>
    Promise.all(['shop', 'checkout', 'spec'].map(async (id) => (await monitor(id)).state));

  // A second look is a second after the first.
  await stack.advance('70s');
  expect(await states(), stack.lines.join('\n')).toEqual(['up', 'up', 'up']);

  site.behave(shop('Out of order'));
  await stack.advance('1m');
  expect(await states()).toEqual(['down', 'down', 'down']);
  const { evidence } = await monitor('shop');
  expect(evidence[0]).toMatchObject({
    message: 'step expect text "Your orders": expected text "Your orders", it was not on the page after 1 s',
    hasScreenshot: true,
  });
  expect((await monitor('checkout')).evidence[0]?.message).toBe(
    'step ./checks/checkout.ts: no orders, but Out of order',
  );
  expect((await monitor('spec')).evidence[0]?.message).toContain(
    'toContainText("Your orders"): got "Out of order"',
  );
  const { at, location } = evidence[0]!;
  const picture = await fetch(`${stack.url}/monitors/shop/screenshots/${location}/${Date.parse(at)}`);
  expect(picture.headers.get('content-type')).toBe('image/jpeg');
  expect([...new Uint8Array(await picture.arrayBuffer()).slice(0, 2)]).toEqual([0xff, 0xd8]);
  const page = await (await fetch(`${stack.url}/monitors/shop`)).text();
  expect(page).toContain(`/monitors/shop/screenshots/${location}/${Date.parse(at)}`);

  site.behave(shop('Your orders: none'));
  await stack.advance('1m');
  expect(await states()).toEqual(['up', 'up', 'up']);
});
