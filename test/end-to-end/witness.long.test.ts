import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeable, healthy, raise, remove, type Stack, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let witness: Awaited<ReturnType<typeof changeable>>;
let asked = 0;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  witness = await changeable((_, response) => {
    asked++;
    response.end();
  });
  template = await synthesized('witness.config.ts', {
    TARGET_URL: `${target.url}/health`,
    WITNESS_URL: witness.url,
  });
});

afterAll(async () => {
  await Promise.all([target.close(), witness.close(), remove(template)]);
});

const cut = (stack: Stack, id: string, broken: boolean) =>
  fetch(`${stack.url}/local/location`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, broken }),
  });

describe('a website seen from three locations that have a witness', () => {
  it('is not down because two of them lose their network: those are blind, and that is told', async () => {
    const stack = await raise(template, {});
    await stack.advance('2m');
    expect(asked).toBe(0);

    await cut(stack, 'home', true);
    await cut(stack, 'frankfurt', true);
    await stack.advance('7m');
    const { locations } = await stack.api<{ locations: { outcome: string; message?: string }[] }>(
      'monitors/website',
    );
    expect(locations).toMatchObject([{ outcome: 'unknown' }, { outcome: 'unknown' }, { outcome: 'up' }]);
    expect(locations[0]?.message).toMatch(/^no witness answers either/);
    const incidents = await stack.incidents();
    expect(incidents.length).toBeGreaterThan(0);
    expect(incidents.map(({ subject }) => subject.type)).not.toContain('monitor');

    await cut(stack, 'home', false);
    await cut(stack, 'frankfurt', false);
    await stack.advance('7m');
    expect((await stack.incidents()).map(({ status }) => status)).not.toContain('triggered');
  });

  it('is down when it answers none of them and the witness does', async () => {
    const stack = await raise(template, {});
    target.behave((request) => request.socket.destroy());
    await stack.advance('3m');
    expect(asked).toBeGreaterThan(0);
    expect(await stack.incidents()).toMatchObject([
      { status: 'triggered', subject: { type: 'monitor', id: 'website' } },
    ]);
  });
});
