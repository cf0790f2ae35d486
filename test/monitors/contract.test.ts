import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../shared/conditions/parse.ts';
import { monitorKinds } from '../../shared/monitors/index.ts';
import type { MonitorKind } from '../../shared/monitors/kind.ts';
import { checked } from '../support/kind-check.ts';
import { closedPort, serveTcp, type TestServer } from '../support/servers.ts';

const secrets = { password: 'hunter2-horse' };

/** For what only the deadline ends. */
const quick = 120;

interface Subject {
  /** Settings for a target on a port of this machine, with a secret where the kind can have one. */
  at(port: number): object;
  /** Of a check without an answer. Default down. */
  outcome?: 'unknown';
}

/** Kinds that connect by a browser, or by code of the team's: this process does not see their connections. */
const others = ['browser', 'script'] as const;

/** One subject of each kind: a kind that is not here fails the first test. */
const subjects: Record<Exclude<keyof typeof monitorKinds, (typeof others)[number]>, Subject> = {
  http: {
    at: (port) => ({ url: `http://127.0.0.1:${port}/`, auth: { bearer: { secret: 'password' } } }),
  },
  health: {
    at: (port) => ({ url: `http://127.0.0.1:${port}/`, headers: { 'x-key': { secret: 'password' } } }),
  },
  tls: { at: (port) => ({ target: `127.0.0.1:${port}` }) },
  tcp: { at: (port) => ({ target: `127.0.0.1:${port}`, dialogue: [{ expect: /^220 ready$/ }] }) },
  dns: {
    at: (port) => ({ query: 'site.example', nameserver: `127.0.0.1:${port}`, transport: 'tcp' }),
  },
  domain: {
    at: (port) => ({ domain: 'site.example', server: `http://127.0.0.1:${port}/` }),
    outcome: 'unknown',
  },
  redis: {
    at: (port) => ({ target: `127.0.0.1:${port}`, user: 'probe', password: { secret: 'password' } }),
  },
  postgres: { at: (port) => ({ target: `127.0.0.1:${port}`, password: { secret: 'password' } }) },
  mysql: { at: (port) => ({ target: `127.0.0.1:${port}`, password: { secret: 'password' } }) },
  websocket: {
    at: (port) => ({ url: `ws://127.0.0.1:${port}/`, headers: { authorization: { secret: 'password' } } }),
  },
  grpc: {
    at: (port) => ({ target: `127.0.0.1:${port}`, metadata: { authorization: { secret: 'password' } } }),
  },
  api: {
    at: (port) => ({
      steps: [{ name: 'login', url: `http://127.0.0.1:${port}/`, auth: { bearer: { secret: 'password' } } }],
    }),
  },
};

function look(name: string, port: number, reach: 'local' | 'public' = 'local', timeout = quick) {
  const kind = kindOf(name);
  return checked(kind, subjects[name as keyof typeof subjects].at(port), {
    timeout,
    context: { secrets, reach },
  });
}

const kindOf = (name: string) => (monitorKinds as unknown as Record<string, MonitorKind<unknown>>)[name]!;

/** Whatever it is that came instead of an answer, this says so, and nothing stays behind. */
async function expectFailure(
  name: string,
  server: TestServer,
  observation: Awaited<ReturnType<typeof look>>,
) {
  const { outcome = 'down' } = subjects[name as keyof typeof subjects];
  expect(observation, observation.told).toMatchObject({
    outcome,
    reason: expect.stringMatching(/^[a-z]+(-[a-z]+)+$/),
    message: expect.stringMatching(/\w+ \w+/),
  });
  expect(observation.reason, observation.message).not.toBe('probe-error');
  expect(observation.told).not.toContain(secrets.password);
  await server.allClosed();
}

it('every kind that probes check keeps the contract below', () => {
  const known = Object.keys(monitorKinds).filter((name) => !others.some((other) => other === name));
  expect(Object.keys(subjects).toSorted()).toEqual(known.toSorted());
});

// A deadline that is not kept ends no test by itself: it is the time of the test that is over.
describe.each(Object.keys(subjects))('a monitor of the kind %s', (name) => {
  it('keeps its deadline where nothing is ever said, at both looks', async () => {
    const server = await serveTcp(() => {});
    const begun = performance.now();

    const observation = await look(name, server.port);

    expect(performance.now() - begun).toBeGreaterThan(quick / 2);
    await expectFailure(name, server, observation);
  });

  it('keeps its deadline where something is said for ever', async () => {
    const server = await serveTcp((socket) => {
      const drip = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(drip));
    });

    const observation = await look(name, server.port);

    await expectFailure(name, server, observation);
  });

  it('says that nobody listens, that a target hangs up, that it resets', async () => {
    const nobody = await look(name, await closedPort(), 'local', 5_000);
    expect(nobody.message).toMatch(/^(.+: )?connection refused by 127\.0\.0\.1:\d+/);

    for (const end of ['end', 'resetAndDestroy'] as const) {
      const server = await serveTcp((socket) => socket[end]());
      await expectFailure(name, server, await look(name, server.port, 'local', 5_000));
    }
  });

  it('is down, and no fault of ours, whatever bytes it is answered', async () => {
    let answer: Uint8Array = Buffer.of();
    const server = await serveTcp((socket) => socket.end(answer));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (bytes) => {
        answer = bytes;
        await expectFailure(name, server, await look(name, server.port));
      }),
      { numRuns: 8 },
    );
  });

  it('tells no secret, also where the target repeats all it was sent', async () => {
    const server = await serveTcp((socket) => socket.pipe(socket));

    await expectFailure(name, server, await look(name, server.port));
  });

  it('names the secrets it reads, and is unknown at once without one', async () => {
    const kind = kindOf(name);
    const server = await serveTcp(() => {});
    const settings = subjects[name as keyof typeof subjects].at(server.port);
    const named = kind.secrets(kind.settings.parse(settings));

    if (!JSON.stringify(settings).includes('"secret"')) return expect(named).toEqual([]);
    expect(named).toEqual(['password']);
    const observation = await checked(kind, settings, { timeout: 5_000 });
    expect(observation).toMatchObject({ outcome: 'unknown', reason: 'secret-missing' });
    return server.allClosed();
  });

  it('connects to no address beyond the reach of its location', async () => {
    const server = await serveTcp(() => {});

    const observation = await look(name, server.port, 'public');

    expect(observation.message).toMatch(/127\.0\.0\.1 is not a public address/);
    expect(server.accepted()).toBe(0);
  });

  it('refuses a condition that it does not know, and every one that it knows says what it is about', () => {
    const { properties, defaultExpect, settings } = kindOf(name);
    expect(parse('nonsense == 1', properties)).toHaveProperty('problem');
    expect(parse('toString == 1', properties)).toHaveProperty('problem');
    for (const { description } of Object.values(properties)) expect(description).toMatch(/\w/);
    const parsed = settings.parse(subjects[name as keyof typeof subjects].at(1));
    for (const line of defaultExpect(parsed)) expect(parse(line, properties)).toHaveProperty('condition');
  });
});
