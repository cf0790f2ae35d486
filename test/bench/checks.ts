// What one full check costs beside one bare request of Node's own, in one run: CPU time and wall time, as ratios.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { check } from '../../shared/monitors/check.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';

const rounds = 80;
const requestsPerRound = 40;

interface Targets {
  http: number;
  https: number;
  ca: string;
}

const child = fork(new URL('targets.ts', import.meta.url));
const [targets] = (await once(child, 'message')) as [Targets];

/** A request as the shortest correct program makes it: a connection of its own, the body read to its end. */
function bare(get: typeof http.get, options: https.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    }).on('error', reject);
  });
}

const expect = ['status == 200', 'responseTime < 2s', 'json $.status == "healthy"'];
const context = probeContext();
const plain = httpMonitor(`http://127.0.0.1:${targets.http}/health`, { expect });
const secured = httpMonitor(`https://127.0.0.1:${targets.https}/health`, {
  expect: [...expect, 'certificate > 14d'],
  settings: { tls: { ca: targets.ca } },
});

async function full(monitor: typeof plain) {
  const { outcome, message } = await check(monitor, context);
  if (outcome !== 'up') throw new Error(`the target of the bench is ${outcome}: ${message}`);
}

const secureContext = createSecureContext({ ca: targets.ca });
const subjects = {
  'bare http': () => bare(http.get, { port: targets.http, path: '/health' }),
  'http check': () => full(plain),
  'bare https': () =>
    bare(https.get, { port: targets.https, path: '/health', secureContext } as https.RequestOptions),
  'https check': () => full(secured),
};

const spent: Record<string, { cpu: number[]; wall: number[] }> = {};
for (let round = 0; round <= rounds; round++) {
  for (const [name, run] of Object.entries(subjects)) {
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    for (let n = 0; n < requestsPerRound; n++) await run();
    const { user, system } = process.cpuUsage(cpu);
    // The first rounds warm up.
    if (round < 10) continue;
    spent[name] ??= { cpu: [], wall: [] };
    spent[name].cpu.push((user + system) / requestsPerRound);
    spent[name].wall.push(((performance.now() - wall) * 1_000) / requestsPerRound);
  }
}
child.disconnect();

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
for (const [name, { cpu, wall }] of Object.entries(spent)) {
  const base = spent[name.startsWith('https') || name.endsWith('https') ? 'bare https' : 'bare http']!;
  const ratio = (values: number[], others: number[]) => (median(values) / median(others)).toFixed(2);
  console.log(
    `${name.padEnd(12)} CPU ${median(cpu).toFixed(0).padStart(5)} µs (× ${ratio(cpu, base.cpu)})` +
      `   wall ${median(wall).toFixed(0).padStart(5)} µs (× ${ratio(wall, base.wall)})`,
  );
}
