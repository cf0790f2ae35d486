import type { Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { attemptAt, type Conclusion, lookAmong } from './attempt.ts';
import { type FetchJson, type Registration, registrationOf, serviceOf, servicesAt } from './domain/rdap.ts';
import { type DomainSettings, domainSettings } from './domain/settings.ts';
import { cookieJar } from './http/cookies.ts';
import { prepareRequest } from './http/request.ts';
import { httpSettings } from './http/settings.ts';
import { answerTo } from './http.ts';
import type { Measurement, MonitorKind, ProbeContext } from './kind.ts';
import { type Trace, tenths } from './trace.ts';

export const domainProperties = {
  domain: { type: 'days', description: 'Days until the registration of the domain expires' },
  registered: { type: 'word', words: ['yes', 'no'], description: 'Whether the registry knows the domain' },
  responseTime: { type: 'duration', description: 'From the start of the check to the last answer' },
} as const satisfies Properties;

/** Registrations of domains, as their registries tell by RDAP. What a registry does not tell is unknown, never down. */
export const domain: MonitorKind<DomainSettings> = {
  kind: 'domain',
  settings: domainSettings,
  shorthand: 'domain',
  hostField: 'server',
  every: { default: '6h', least: '1h', because: 'whom it asks limits how often' },
  properties: domainProperties,
  defaultExpect: () => ['domain > 30d'],
  hosts: ({ server, bootstrap }) => [new URL(server ?? bootstrap).hostname.replace(/^\[(.*)\]$/, '$1')],
  secrets: () => [],
  measure,
};

async function measure(monitor: Monitor<DomainSettings>, context: ProbeContext): Promise<Measurement> {
  const measurement = await attemptAt(
    monitor,
    context,
    (trace) => lookUp(monitor.settings, context, trace),
    (registration, responseTime) => conclude(registration, responseTime, context.now()),
  );
  const { attempt } = measurement;
  if (attempt.outcome === 'up') return measurement;
  // A registry that does not answer says nothing about the domain.
  return { attempt: { ...attempt, outcome: 'unknown', reason: 'expiry-unknown' } };
}

async function lookUp(settings: DomainSettings, context: ProbeContext, trace: Trace): Promise<Registration> {
  const { domain: host, server, bootstrap } = settings;
  const fetchJson = fetcher(settings, context, trace);
  const service = server
    ? { ending: host.slice(host.lastIndexOf('.') + 1), url: server }
    : serviceOf(host, await servicesAt(bootstrap, fetchJson, context.now()));
  return registrationOf(host, service, fetchJson);
}

function fetcher({ ipFamily }: DomainSettings, context: ProbeContext, trace: Trace): FetchJson {
  return async (url) => {
    const headers = { accept: 'application/rdap+json, application/json' };
    const settings = httpSettings.parse({ url, headers, ipFamily });
    const { request } = await prepareRequest(settings, context.readSecret, {
      cookies: cookieJar(context.now),
    });
    const { status, body } = await answerTo(request, settings, context, trace, undefined);
    return { status, json: jsonIn(body) };
  };
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function conclude({ domain: name, expires }: Registration, responseTime: number, now: number): Conclusion {
  const daysLeft = expires === 'free' ? undefined : (expires - now) / unitMs.d;
  return {
    fields: daysLeft === undefined ? {} : { domainDaysLeft: tenths(daysLeft) },
    look: lookAmong('domain', {
      domain: () => (daysLeft === undefined ? { problem: `${name} is not registered` } : { value: daysLeft }),
      registered: () => ({ value: daysLeft === undefined ? 'no' : 'yes' }),
      responseTime: () => ({ value: responseTime }),
    }),
  };
}
