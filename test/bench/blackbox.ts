// Debian's blackbox_exporter and nginx: the reference prober, and a target that is the same for it and for us.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Targets } from './targets.ts';

/** By the package of Debian that brings it. */
const programs = {
  nginx: '/usr/sbin/nginx',
  'prometheus-blackbox-exporter': '/usr/bin/prometheus-blackbox-exporter',
};

/** Packages that are not installed. */
export const missingPackages = (): string[] =>
  Object.entries(programs).flatMap(([name, file]) => (spawnSync(file, ['--help']).error ? [name] : []));

export interface Blackbox {
  /** URLs of nginx. */
  http: string;
  https: string;
  /** Has the exporter probe a URL. Throws where it does not find it well. */
  probe(url: string): Promise<void>;
  /** Milliseconds of CPU that the exporter has used so far, in steps of 10. */
  cpu(): number;
  stop(): void;
}

/** Starts both on ports of their own, and returns when they answer. */
export async function startBlackbox({ ca, cert, key }: Targets): Promise<Blackbox> {
  const directory = mkdtempSync(path.join(tmpdir(), 'tocsin-bench-'));
  const fileOf = (name: string, text: string) => {
    writeFileSync(path.join(directory, name), text);
    return path.join(directory, name);
  };
  const [plain, secured, metrics] = [await freePort(), await freePort(), await freePort()];
  fileOf('cert.pem', cert);
  fileOf('key.pem', key);
  const nginx = spawn(programs.nginx, [
    '-p',
    directory,
    '-c',
    fileOf('nginx.conf', nginxConfig(plain, secured)),
  ]);
  const exporter = spawn(programs['prometheus-blackbox-exporter'], [
    `--config.file=${fileOf('blackbox.yml', blackboxConfig(fileOf('ca.pem', ca)))}`,
    `--web.listen-address=127.0.0.1:${metrics}`,
    '--log.level=error',
  ]);
  const agent = new http.Agent({ keepAlive: true });
  const stop = () => {
    agent.destroy();
    for (const running of [nginx, exporter]) running.kill();
    rmSync(directory, { recursive: true });
  };
  const probe = async (url: string) => {
    const answer = await get(
      `http://127.0.0.1:${metrics}/probe?module=healthy&target=${encodeURIComponent(url)}`,
      agent,
    );
    if (!/^probe_success 1$/m.test(answer))
      throw new Error(`blackbox_exporter finds ${url} down:\n${answer}`);
  };
  const urls = { http: `http://127.0.0.1:${plain}/health`, https: `https://127.0.0.1:${secured}/health` };
  try {
    await answering(() => probe(urls.https), [nginx, exporter]);
  } catch (error) {
    stop();
    throw error;
  }
  return { ...urls, probe, cpu: () => cpuOf(exporter.pid!), stop };
}

const nginxConfig = (plain: number, secured: number) => `
daemon off; master_process off; pid nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${plain}; listen 127.0.0.1:${secured} ssl;
    ssl_certificate cert.pem; ssl_certificate_key key.pem;
    location /health { default_type application/json; return 200 '{"status":"healthy","checks":[]}'; }
  }
}`;

/** As much as our check judges: the status, and that the body says it is healthy. */
const blackboxConfig = (ca: string) => `
modules:
  healthy:
    prober: http
    timeout: 5s
    http:
      preferred_ip_protocol: ip4
      valid_status_codes: [200]
      fail_if_body_not_matches_regexp: ['"status":"healthy"']
      tls_config: { ca_file: ${ca} }
`;

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function get(url: string, agent: http.Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, async (response) => {
        let body = '';
        for await (const chunk of response.setEncoding('utf8')) body += chunk;
        resolve(body);
      })
      .on('error', reject);
  });
}

async function answering(ask: () => Promise<void>, programs: ChildProcess[]): Promise<void> {
  const until = performance.now() + 10_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const ended = programs.find(({ exitCode }) => exitCode !== null);
      if (ended || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** What Linux accounts to a process: ticks of 10 ms in its own mode and in the kernel's. */
function cpuOf(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
