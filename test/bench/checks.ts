// What a full check costs beside a bare request of Node's own and beside blackbox_exporter, and a thousand checks in one process.
// CPU time in one run, turn by turn, so that a busy machine is as busy for all. Exit code 1 where a target is missed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { loadavg } from 'node:os';
import { createSecureContext } from 'node:tls';
import { check } from '../../shared/monitors/check.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { type Blackbox, missingPackages, startBlackbox } from './blackbox.ts';
import type { Run, Task } from './many.ts';
import type { Targets } from './targets.ts';

/** Something that costs CPU, in microseconds: each turn does it so often. */
interface Subject {
  run(): Promise<unknown>;
  /** Milliseconds of CPU that its process has used so far. */
  cpu(): number;
}

const ownCpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

let isMissed = false;
function verdict(subject: string, figure: string, isMet: boolean, target: string) {
  isMissed ||= !isMet;
  console.log(`${isMet ? 'met   ' : 'MISSED'}  ${subject.padEnd(46)} ${figure.padEnd(34)} ${target}`);
}

/** Microseconds of CPU of one run of each subject: the median of its turns, the first of which only warm up. */
async function spent<Name extends string>(
  subjects: Record<Name, Subject>,
  { turns, each }: { turns: number; each: number },
): Promise<Record<Name, number>> {
  const warmUp = Math.ceil(turns / 8);
  const costs = new Map<string, number[]>();
  for (let turn = 0; turn < warmUp + turns; turn++) {
    for (const [name, { run, cpu }] of Object.entries<Subject>(subjects)) {
      const before = cpu();
      for (let n = 0; n < each; n++) await run();
      if (turn >= warmUp) costs.set(name, [...(costs.get(name) ?? []), ((cpu() - before) * 1_000) / each]);
    }
  }
  const named = [...costs].map(([name, values]) => [name, median(values)]);
  for (const [name, cost] of named)
    console.log(`        ${name!.toString().padEnd(24)} ${(cost as number).toFixed(0).padStart(5)} µs`);
  return Object.fromEntries(named);
}

function compare(subject: string, cost: number, base: number, most: number) {
  const ratio = cost / base;
  verdict(subject, `× ${ratio.toFixed(2)}`, ratio <= most, `≤ × ${most.toFixed(1)}`);
}

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

/** A check of one target that answers well, by the code that probes run. */
function full(url: string, ca: string): Subject {
  const lines = ['status == 200', 'responseTime < 2s', 'json $.status == "healthy"'];
  const monitor = url.startsWith('https:')
    ? httpMonitor(url, { expect: [...lines, 'certificate > 14d'], settings: { tls: { ca } } })
    : httpMonitor(url, { expect: lines });
  const context = probeContext();
  return {
    cpu: ownCpu,
    async run() {
      const { outcome, message } = await check(monitor, context);
      if (outcome !== 'up') throw new Error(`${url} is ${outcome}: ${message}`);
    },
  };
}

async function besideNode({ http: plain, https: secured, ca }: Targets) {
  console.log('A full check beside a bare request of Node, CPU:');
  const secureContext = createSecureContext({ ca });
  const path = '/health';
  const prepared = { port: secured, path, secureContext } as https.RequestOptions;
  const cost = await spent(
    {
      'bare node:http': { cpu: ownCpu, run: () => bare(http.get, { port: plain, path }) },
      'http check': full(`http://127.0.0.1:${plain}/health`, ca),
      'bare node:https': { cpu: ownCpu, run: () => bare(https.get, prepared) },
      'https check': full(`https://127.0.0.1:${secured}/health`, ca),
    },
    { turns: 80, each: 50 },
  );
  compare('http check, beside bare node:http', cost['http check'], cost['bare node:http'], 1.5);
  compare('https check, beside bare node:https', cost['https check'], cost['bare node:https'], 1.1);
}

async function besideBlackbox(targets: Targets) {
  console.log('A full check beside a probe of blackbox_exporter, CPU, of the same nginx:');
  const missing = missingPackages();
  if (missing.length > 0)
    return verdict('beside blackbox_exporter', 'not measured', false, `apt install ${missing.join(' ')}`);
  const blackbox: Blackbox = await startBlackbox(targets);
  const probe = (url: string): Subject => ({ run: () => blackbox.probe(url), cpu: blackbox.cpu });
  try {
    const cost = await spent(
      {
        'blackbox http': probe(blackbox.http),
        'http check': full(blackbox.http, targets.ca),
        'blackbox https': probe(blackbox.https),
        'https check': full(blackbox.https, targets.ca),
      },
      // Linux counts the exporter's time in steps of 10 ms.
      { turns: 9, each: 1_000 },
    );
    compare('http check, beside blackbox_exporter', cost['http check'], cost['blackbox http'], 0.5);
    compare('https check, beside blackbox_exporter', cost['https check'], cost['blackbox https'], 1);
  } finally {
    blackbox.stop();
  }
}

async function runOf(task: Task): Promise<Run> {
  const running = fork(new URL('many.ts', import.meta.url));
  running.send(task);
  const died = once(running, 'exit').then(([code]) => {
    throw new Error(`many.ts ended with ${code}`);
  });
  const [run] = (await Promise.race([once(running, 'message'), died])) as [Run];
  died.catch(() => {});
  return run;
}

/** The best of three turns, since what others do on the machine only ever adds: wall time cannot be told apart. */
async function aThousand(targets: Targets) {
  const load = loadavg()[0]!.toFixed(1);
  console.log(
    `1,000 HTTPS checks in one process, 100 at a time, best of 3; wall time, at a load of ${load}:`,
  );
  const tasks = {
    '1,000 that answer': { answering: 1_000, silent: 0, order: 'among' },
    '800 that answer': { answering: 800, silent: 0, order: 'among' },
    '800, and 200 silent among them': { answering: 800, silent: 200, order: 'among' },
    '800, and 200 silent before them': { answering: 800, silent: 200, order: 'before' },
  } as const;
  const ends: Record<string, number> = {};
  const runs = Object.keys(tasks).map((): Run[] => []);
  for (let turn = 0; turn < 3; turn++)
    for (const [n, task] of Object.values(tasks).entries()) runs[n]!.push(await runOf({ targets, ...task }));
  for (const [n, name] of Object.keys(tasks).entries()) {
    const { finished, cpu, rss, silent } = runs[n]!.toSorted(
      (a, b) => a.finished.at(-1)! - b.finished.at(-1)!,
    )[0]!;
    const at = (share: number) => finished[Math.ceil(share * finished.length) - 1]!.toFixed(0).padStart(4);
    console.log(
      `        ${name.padEnd(32)} up after ${at(0.1)} ms (10 %) ${at(0.5)} (half) ${at(0.9)} (90 %) ${at(1)} (all);` +
        ` CPU ${cpu.toFixed(0)} ms; ${rss.toFixed(0)} MB; ${silent} silent`,
    );
    ends[name] = finished.at(-1)!;
    // What is asked for is silent ones among the others: before them they are the worst case, to be seen.
    if (tasks[name as keyof typeof tasks].order === 'before') continue;
    const figure = `${(ends[name] / 1_000).toFixed(2)} s, ${rss.toFixed(0)} MB`;
    verdict(name, figure, ends[name] <= 2_000 && rss <= 200, '≤ 2 s, ≤ 200 MB');
  }
  const later = ends['800, and 200 silent among them']! - ends['800 that answer']!;
  verdict('200 silent among 800 delay them', `by ${later.toFixed(0)} ms`, later <= 100, '≤ 100 ms');
}

const child = fork(new URL('targets.ts', import.meta.url));
try {
  const [targets] = (await once(child, 'message')) as [Targets];
  await besideNode(targets);
  await besideBlackbox(targets);
  await aThousand(targets);
} finally {
  child.disconnect();
}
process.exitCode = isMissed ? 1 : 0;
