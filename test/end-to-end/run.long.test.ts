import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, changeable, fakeSlack, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  slack = await fakeSlack();
  template = await synthesized('locations.config.ts', { TARGET_URL: `${target.url}/health` });
});

afterAll(async () => {
  await Promise.all([target.close(), slack.close(), remove(template)]);
});

interface Run {
  id: string;
  waitingFor: string[];
  results: { location: string; outcome: string; message?: string; attempts: object[] }[];
}

const raiseStack = () => raise(template, { SLACK_WEBHOOK: slack.url });

describe('Run now', () => {
  it('checks from every location, in two Regions and a network, and counts for nothing', async () => {
    target.behave(healthy);
    const stack = await raiseStack();
    const { id, waitingFor } = await stack.api<Run>('monitors/website/run', {});
    expect(waitingFor.toSorted()).toEqual(['frankfurt', 'home', 'office']);
    await stack.advance('5s');

    const run = await stack.api<Run>(`runs/${id}`);
    expect(run.waitingFor).toEqual([]);
    expect(run.results.map(({ location }) => location).toSorted()).toEqual(['frankfurt', 'home', 'office']);
    for (const result of run.results) expect(result).toMatchObject({ outcome: 'up', status: 200 });
    // What was scheduled, and no more.
    const { locations } = await stack.api<{ locations: { recent: object[] }[] }>('monitors/website');
    expect(locations.map(({ recent }) => recent.length)).toEqual([1, 1, 1]);
    expect(stack.lines.filter((line) => line.includes('ACCESS DENIED'))).toEqual([]);
  });

  it('shows a failure with both looks on the page that the button leads to, and tells nobody', async () => {
    target.behave(broken);
    const stack = await raiseStack();
    const answer = await fetch(`${stack.url}/monitors/website/run`, {
      method: 'POST',
      body: new URLSearchParams({ location: 'frankfurt' }),
      redirect: 'manual',
    });
    expect(answer.status).toBe(303);
    await stack.advance('10s');

    const page = await (await fetch(new URL(answer.headers.get('location')!, stack.url))).text();
    const [shown = ''] = page.slice(page.indexOf('aria-label="Run"')).split('</section>');
    expect(shown).toMatch(/From frankfurt[\s\S]*Attempt 1 of 2[\s\S]*503[\s\S]*Attempt 2 of 2/);
    expect(shown).not.toContain('Waiting for');
    expect(shown).not.toContain('From home');
    expect(await stack.incidents()).toEqual([]);
    expect(slack.received).toEqual([]);
  });

  it('checks a monitor that is paused as well', async () => {
    target.behave(broken);
    const stack = await raiseStack();
    await stack.api('monitors/website/pause', {});
    const { id } = await stack.api<Run>('monitors/website/run', { location: 'home' });
    await stack.advance('10s');
    expect((await stack.api<Run>(`runs/${id}`)).results).toMatchObject([
      { location: 'home', outcome: 'down', attempts: [{ status: 503 }, { status: 503 }] },
    ]);
    expect((await stack.api<{ evidence: object[] }>('monitors/website')).evidence).toEqual([]);
  });
});
