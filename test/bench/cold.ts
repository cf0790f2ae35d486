// Cold starts of the bundles that deploy: a new process loads the asset and handles one event. Exit code 1 beyond a limit.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { bundle } from '../../infra/bundles.ts';
import { defineConfig, email, heartbeat, http as httpCheck, slack } from '../../shared/config/index.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { type ColdStart, coldStarts } from './cold-events.ts';

const runs = 15;
const child = path.join(import.meta.dirname, 'cold-child.cjs');

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Epoch milliseconds, finer than `Date.now`. */
const now = () => performance.timeOrigin + performance.now();

let calledAt: number | undefined;
const target = http.createServer((_, response) => response.end('{"status":"healthy"}'));
const aws = http.createServer((request, response) => {
  calledAt ??= now();
  request.resume().on('end', () => response.end('{"MessageId":"1"}'));
});
const [targetUrl, awsUrl] = [await listening(target), await listening(aws)];

function configOf(url: string) {
  const expect = ['status == 200', 'json $.status == "healthy"'];
  const resolved = resolve(
    defineConfig({
      name: 'bench',
      monitors: [httpCheck('website', { url, localOnly: true, expect }), heartbeat('backup', '1d')],
      channels: { ops: slack(), oncall: email({ from: 'tocsin@example.com', to: ['oncall@example.com'] }) },
    }),
    { local: true },
  );
  if ('problems' in resolved) throw new Error(JSON.stringify(resolved.problems));
  return resolved.config;
}

const queue = (name: string) => `${awsUrl}/123456789012/${name}`;
const environment = (asset: string) => ({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL: awsUrl,
  LAMBDA_TASK_ROOT: asset,
  TOCSIN_LOCAL: targetUrl,
  LOCATION: 'home',
  HOME_REGION: 'eu-central-1',
  REACH: 'public',
  SECRET_PREFIX: '/tocsin/bench/',
  OBSERVATIONS_QUEUE_URL: queue('observations'),
  TIMERS_QUEUE_URL: queue('timers'),
  QUEUE_URL: queue('notify'),
  DEAD_LETTER_QUEUE_URL: queue('dead'),
  HISTORY_TABLE: 'history',
  INCIDENTS_TABLE: 'incidents',
  EVENTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:incident-events',
  ADMIN_TOKEN_PARAMETER: '/tocsin/bench/admin-token',
  PING_KEY_PARAMETER: '/tocsin/bench/ping-key',
  FUNCTION_PREFIX: 'Tocsin-bench-',
});

/** Milliseconds of one cold start. */
async function startOnce(asset: string, { event, until }: ColdStart): Promise<number> {
  calledAt = undefined;
  const running = spawn(process.execPath, [child, path.join(asset, 'index.cjs'), JSON.stringify(event)], {
    env: environment(asset),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [report, complaints] = await Promise.all([
    text(running.stdio[3] as Readable),
    text(running.stderr as Readable),
  ]);
  if (!report || calledAt === undefined)
    throw new Error(`${path.basename(asset)} made no call of AWS: ${complaints.slice(0, 500)}`);
  const { started, ended } = JSON.parse(report);
  return (until === 'returned' ? ended : calledAt) - started;
}

/** Milliseconds that Node needs to run anything at all: what of the figures is the machine's. */
async function startOfNode(): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const running = spawn(process.execPath, ['--eval', 'console.log(performance.now())']);
    times.push(Number(await text(running.stdout)));
  }
  return median(times);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const directory = await mkdtemp(path.join(tmpdir(), 'tocsin-cold-'));
let isBeyond = false;
try {
  await bundle(configOf(targetUrl), directory);
  console.log(
    `node itself          ${(await startOfNode()).toFixed(1).padStart(6)} ms (far above 15: the machine is busy, and the figures below say little)`,
  );
  for (const name of (await readdir(directory)).toSorted()) {
    const start = coldStarts[name];
    if (!start) throw new Error(`${name} has no event in test/bench/cold-events.ts`);
    const asset = path.join(directory, name);
    const { size } = await stat(path.join(asset, 'index.cjs'));
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push(await startOnce(asset, start));
    const ms = median(times);
    const tooMuch = ms > start.maxMs || size > start.maxBytes;
    isBeyond ||= tooMuch;
    console.log(
      `${name.padEnd(20)} ${ms.toFixed(1).padStart(6)} ms until ${start.until} (≤ ${start.maxMs}), best ${Math.min(...times).toFixed(1)}` +
        `   ${(size / 1_000).toFixed(0).padStart(4)} kB (≤ ${start.maxBytes / 1_000})${tooMuch ? '   TOO MUCH' : ''}`,
    );
  }
} finally {
  await rm(directory, { recursive: true });
  target.close();
  aws.close();
}
process.exitCode = isBeyond ? 1 : 0;
