import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Monitor } from '../../shared/config/config.ts';
import type { Resolve } from '../../shared/monitors/network/resolver.ts';
import type { Observation } from '../../shared/monitors/observation.ts';
import { type Probe, runRequested } from '../../shared/monitors/probe.ts';
import { pauseMs } from '../../shared/monitors/slots.ts';
import { issueCertificate } from '../support/certificates.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { closedPort, serveHttp, serveHttps, serveTcp } from '../support/servers.ts';

/** What one tick of a probe on this machine finds, its pauses passing at once. */
async function tick(
  witness: string[],
  monitors: Monitor[],
  changes: Partial<Probe> = {},
): Promise<Observation[]> {
  const { kinds, readSecret, network } = probeContext();
  const seen: Observation[] = [];
  const probe: Probe = {
    kinds,
    location: 'home',
    reach: 'public',
    isLocal: true,
    now: Date.now,
    readSecret,
    resolve: network.resolve,
    witness,
    send: async ({ observations }) => void seen.push(...observations),
    ...changes,
  };
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const shard = { id: '60s-0', location: 'home', every: 60_000, monitors };
  let isDone = false;
  const run = runRequested(
    probe,
    [shard],
    monitors.map(({ id }) => id),
    'request',
  ).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(pauseMs);
  }
  await run;
  return seen;
}

const urlOf = (port: number, scheme = 'http') => `${scheme}://127.0.0.1:${port}/`;
const answering = (status = 200) => serveHttp((_, response) => response.writeHead(status).end());
const refused = async () => urlOf(await closedPort());

describe('a target that does not answer', () => {
  it('is unknown where no witness answers either', async () => {
    const target = await refused();
    const [seen] = await tick([await refused(), await refused()], [httpMonitor(target)]);
    expect(seen).toMatchObject({
      outcome: 'unknown',
      reason: 'no-network',
      message: `no witness answers either, so the network of this location is at fault: connection refused by ${new URL(target).host}`,
      attempts: [{ reason: 'connection-refused' }, { reason: 'connection-refused' }],
    });
  });

  it('is down where one witness answers, whatever it says', async () => {
    const witness = await answering(500);
    const [seen] = await tick([await refused(), urlOf(witness.port)], [httpMonitor(await refused())]);
    expect(seen).toMatchObject({ outcome: 'down', reason: 'connection-refused' });
    await witness.allClosed();
  });

  it('is down where another target answers: it is a witness as well', async () => {
    const other = httpMonitor(urlOf((await answering()).port), { id: 'other' });
    const seen = await tick([await refused()], [httpMonitor(await refused()), other]);
    expect(seen).toMatchObject([{ outcome: 'down' }, { outcome: 'up' }]);
  });

  it('is down where the config has no witness', async () => {
    expect(await tick([], [httpMonitor(await refused())])).toMatchObject([{ outcome: 'down' }]);
  });

  it('is judged with all others of its tick, for which a witness is asked once', async () => {
    const witness = await serveTcp((socket) => socket.destroy());
    const monitors = await Promise.all(
      ['a', 'b', 'c'].map(async (id) => httpMonitor(await refused(), { id })),
    );
    const seen = await tick([urlOf(witness.port)], monitors);
    expect(seen.map(({ reason }) => reason)).toEqual(['no-network', 'no-network', 'no-network']);
    expect(witness.accepted()).toBe(1);
  });
});

describe('a witness', () => {
  it('is not asked while targets answer, well or not', async () => {
    const witness = await answering();
    const targets = [await answering(), await answering(503)];
    const monitors = targets.map(({ port }, n) => httpMonitor(urlOf(port), { id: `m${n}` }));
    const seen = await tick([urlOf(witness.port)], monitors);
    expect(seen.map(({ outcome }) => outcome)).toEqual(['up', 'down']);
    expect(witness.accepted()).toBe(0);
  });

  it('that a stranger stands in for has not answered', async () => {
    const credentials = await issueCertificate(['127.0.0.1']);
    const stranger = await serveHttps(credentials, (_, response) => response.end());
    const [seen] = await tick([urlOf(stranger.port, 'https')], [httpMonitor(await refused())]);
    expect(seen).toMatchObject({ reason: 'no-network' });
    expect(stranger.accepted()).toBe(1);
    await stranger.allClosed();
  });

  it('in the public Internet says nothing about a target on this machine', async () => {
    const asked: string[] = [];
    const resolve: Resolve = async (host) => {
      asked.push(host);
      return [];
    };
    const [seen] = await tick(['https://witness.example.com'], [httpMonitor(await refused())], { resolve });
    expect(seen).toMatchObject({ outcome: 'down' });
    expect(asked).toEqual([]);
  });

  it('on this machine says nothing about a public target', async () => {
    const witness = await answering();
    const target = httpMonitor('http://gone.example.com/', { localOnly: false });
    const resolve: Resolve = () =>
      Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    const [seen] = await tick([urlOf(witness.port)], [target], { resolve });
    expect(seen).toMatchObject({ outcome: 'down', reason: 'dns-not-found' });
    expect(witness.accepted()).toBe(0);
  });

  it('is looked up anew, and not connected to where its name leads inside', async () => {
    const inside = await answering();
    const asked: [string, boolean | undefined][] = [];
    const resolve: Resolve = async (host, family, { fresh }) => {
      if (host === 'witness.example.com') asked.push([`${host} ${family}`, fresh]);
      if (host === 'witness.example.com' && family === 4) return ['127.0.0.1'];
      throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    };
    const target = httpMonitor('http://gone.example.com/', { localOnly: false });
    const [seen] = await tick([`http://witness.example.com:${inside.port}`], [target], { resolve });
    expect(seen).toMatchObject({ outcome: 'unknown', reason: 'no-network' });
    expect(asked).toEqual([
      ['witness.example.com 4', true],
      ['witness.example.com 6', true],
    ]);
    expect(inside.accepted()).toBe(0);
  });
});
