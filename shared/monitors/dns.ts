import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import type { Answer } from 'dns-packet';
import type { Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { attemptAt, type Conclusion, lookAmong } from './attempt.ts';
import { reverseName, textOf } from './dns/answer.ts';
import {
  askByConnection,
  askByDatagram,
  type DnsMessage,
  type DnsQuestion,
  type NameServer,
} from './dns/query.ts';
import { type DnsSettings, dnsSettings, numberOfType } from './dns/settings.ts';
import { AttemptFailed } from './failure.ts';
import type { MonitorKind, Network, ProbeContext } from './kind.ts';
import { connect, vettedAddresses } from './network/connection.ts';
import { parseEndpoint } from './network/endpoint.ts';
import type { Trace } from './trace.ts';

export const dnsProperties = {
  'dns.answer': {
    type: 'text',
    description:
      'Records of the type asked for: `contains` and `matches` ask for any of them, `==` for all, separated by commas, in any order',
  },
  'dns.rcode': { type: 'text', description: 'Response code, such as NOERROR or NXDOMAIN' },
  'dns.count': { type: 'number', description: 'How many records of the type asked for' },
  'dns.serial': { type: 'number', description: 'Serial number of the SOA record that was asked for' },
  'dns.ttl': { type: 'duration', description: 'The shortest time to live of these records' },
  responseTime: { type: 'duration', description: 'From the start of the check to the answer' },
} as const satisfies Properties;

/** DNS records, as the system's name servers or a given one answer. */
export const dns: MonitorKind<DnsSettings> = {
  kind: 'dns',
  settings: dnsSettings,
  shorthand: 'query',
  hostField: 'nameserver',
  properties: dnsProperties,
  defaultExpect: () => ['dns.rcode == NOERROR', 'dns.answer exists'],
  hosts: ({ nameserver }) => (nameserver ? [nameserver.host] : []),
  secrets: () => [],
  measure: (monitor, context, before) =>
    attemptAt(
      monitor,
      context,
      (trace) => noted(lookUp(monitor, context, trace, before?.address), trace),
      (message, responseTime) => conclude(monitor.settings, message, responseTime),
    ),
};

async function noted(answer: Promise<DnsMessage>, { note }: Trace): Promise<DnsMessage> {
  const message = await answer;
  note?.(`< ${message.rcode}`);
  if (note) for (const record of message.answers) note(`< ${record.type} ${record.name} ${textOf(record)}`);
  return message;
}

async function lookUp(
  { settings }: Monitor<DnsSettings>,
  { network }: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<DnsMessage> {
  const { query, type, recursion, transport } = settings;
  const name = type === 'PTR' && isIP(query) ? reverseName(query) : query;
  const question: DnsQuestion = { name, type: numberOfType(type), recursion };
  // The system's own name servers may be anywhere, those of a monitor only where it may connect to.
  const reachable: Network = settings.nameserver ? network : { ...network, reach: 'local' };
  const servers = await serversFor(settings, reachable, trace, avoid);
  trace.waitingFor = `an answer to ${type} ${name}`;
  trace.note?.(`> ${type} ${name}, to ${servers.map(({ address }) => address).join(', ')} over ${transport}`);
  const short = transport === 'udp' && (await askByDatagram(question, servers, trace));
  if (short) return short;
  const { address: host, port } = trace.peer ?? servers[0]!;
  const socket = await connect({ host, port, family: 'any' }, reachable, trace);
  try {
    return await askByConnection(question, socket, trace);
  } finally {
    socket.destroy();
  }
}

/** The name servers to ask, at least one. */
async function serversFor(
  { nameserver, ipFamily: family }: DnsSettings,
  network: Network,
  trace: Trace,
  avoid: string | undefined,
): Promise<NameServer[]> {
  if (!nameserver) {
    const known = getServers()
      .map((text) => parseEndpoint(text, 53))
      .filter((server) => server !== undefined);
    if (known.length === 0) throw new Error('the system has no name server');
    return known.map(({ host: address, port }) => ({ address, port }));
  }
  trace.host = nameserver.host;
  const [address] = await vettedAddresses({ ...nameserver, family, avoid }, network, trace);
  if (!address) throw new AttemptFailed('dns-not-found', `${nameserver.host} has no address`);
  return [{ address, port: nameserver.port }];
}

function conclude({ type }: DnsSettings, { rcode, answers }: DnsMessage, responseTime: number): Conclusion {
  const wanted = answers.filter(
    (answer) =>
      type === 'ANY' || numberOfType(answer.type.replace('UNKNOWN_', 'TYPE')) === numberOfType(type),
  );
  const texts = wanted.map(textOf).sort();
  const soa = wanted.find((answer) => answer.type === 'SOA');
  const ttls = wanted.flatMap((answer) => ttlOf(answer) ?? []);
  const none = { problem: `no ${type} record` };
  return {
    look: lookAmong('dns', {
      'dns.answer': () => ({ value: texts.length > 0 ? texts : undefined }),
      'dns.rcode': () => ({ value: rcode }),
      'dns.count': () => ({ value: wanted.length }),
      'dns.serial': () =>
        soa?.data.serial === undefined ? { problem: 'no SOA record' } : { value: soa.data.serial },
      'dns.ttl': () => (ttls.length === 0 ? none : { value: Math.min(...ttls) * unitMs.s }),
      responseTime: () => ({ value: responseTime }),
    }),
    excerpt: () => [rcode, ...texts].join('\n'),
  };
}

const ttlOf = (answer: Answer): number | undefined => ('ttl' in answer ? answer.ttl : undefined);
