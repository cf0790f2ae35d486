import { api } from './api.ts';
import { browser } from './browser.ts';
import { dns } from './dns.ts';
import { domain } from './domain.ts';
import { grpc } from './grpc.ts';
import { health } from './health.ts';
import { heartbeat } from './heartbeat.ts';
import { http } from './http.ts';
import { type ConfiguredKind, kindIn, type MonitorKinds } from './kind.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { script } from './script.ts';
import { tcp } from './tcp.ts';
import { tls } from './tls.ts';
import { websocket } from './websocket.ts';

/**
 * Every kind of monitor, by the word the config uses for it. For whoever reads a config: a probe gets the kinds of its own monitors
 * from its generated entry, so that it loads no code it does not run.
 */
export const monitorKinds = {
  http,
  health,
  tls,
  tcp,
  dns,
  domain,
  redis,
  postgres,
  mysql,
  websocket,
  grpc,
  api,
  browser,
  script,
} satisfies MonitorKinds;

/** Every kind that a config may name: those that probes check, and those that tell us by themselves. */
export const configuredKinds: Readonly<Record<string, ConfiguredKind>> = { ...monitorKinds, heartbeat };

/** A kind by its name; undefined where there is none of that name. */
export const monitorKind = (name: string) => kindIn(monitorKinds, name);
