import { SecretMissing } from '../../shared/aws/secrets.ts';
import { validateJson } from '../../shared/conditions/json-schema.ts';
import { parse } from '../../shared/conditions/parse.ts';
import type { Condition, Monitor } from '../../shared/config/config.ts';
import type { CheckContext } from '../../shared/monitors/check.ts';
import { type HttpSettings, httpSettings } from '../../shared/monitors/http/settings.ts';
import { http } from '../../shared/monitors/http.ts';
import { monitorKinds } from '../../shared/monitors/index.ts';
import type { BrowserPlace } from '../../shared/monitors/kind.ts';
import type { Reach } from '../../shared/monitors/network/network.ts';
import { createResolve } from '../../shared/monitors/network/resolver.ts';

/** Fields of a monitor that a test cares about; `settings` as a user writes them. */
interface Wanted extends Partial<Omit<Monitor, 'settings' | 'expect'>> {
  settings?: object;
  expect?: string[];
}

/** A resolved HTTP monitor. */
export function httpMonitor(
  url: string,
  { settings, expect, ...others }: Wanted = {},
): Monitor<HttpSettings> {
  const resolved = httpSettings.parse({ url, ...settings });
  return {
    id: 'website',
    kind: 'http',
    name: 'website',
    enabled: true,
    localOnly: true,
    every: 60_000,
    timeout: 5_000,
    alert: { failing: 2, of: 3, severity: 'critical' },
    quorum: 1,
    locations: ['home'],
    labels: {},
    expect: [...http.alwaysExpect!(resolved), ...(expect ?? http.defaultExpect(resolved))].map(conditionOf),
    settings: resolved,
    ...others,
  };
}

function conditionOf(line: string): Condition {
  const parsed = parse(line, http.properties);
  if ('problem' in parsed) throw new Error(`${line}: ${parsed.problem.allowed}`);
  return parsed.condition;
}

/** A probe on this machine. Names are looked up at `dns` (`address:port`), which asks no real name server by default. */
export function probeContext({
  secrets = {},
  dns = '127.0.0.1:9',
  reach = 'local',
  browser,
}: {
  secrets?: Record<string, string>;
  dns?: string;
  reach?: Reach;
  browser?: BrowserPlace;
} = {}): CheckContext {
  return {
    kinds: monitorKinds,
    now: () => Date.now(),
    validateJson,
    async readSecret(name) {
      const value = secrets[name];
      if (value === undefined) throw new SecretMissing(`/tocsin/test/${name}`);
      return value;
    },
    ...(browser && { browser }),
    network: { reach, resolve: createResolve([dns]) },
  };
}
