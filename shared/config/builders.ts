import type * as z from 'zod/mini';
import { buildersFor } from '../conditions/builders.ts';
import type { apiSettings, stepSettings } from '../monitors/api/settings.ts';
import type { browserSettings } from '../monitors/browser/settings.ts';
import { browserProperties } from '../monitors/browser.ts';
import type { dnsSettings } from '../monitors/dns/settings.ts';
import { dnsProperties } from '../monitors/dns.ts';
import type { domainSettings } from '../monitors/domain/settings.ts';
import { domainProperties } from '../monitors/domain.ts';
import type { grpcSettings } from '../monitors/grpc/settings.ts';
import { grpcProperties } from '../monitors/grpc.ts';
import type { healthSettings } from '../monitors/health/settings.ts';
import type { heartbeatSettings } from '../monitors/heartbeat/settings.ts';
import type { httpSettings } from '../monitors/http/settings.ts';
import type { mysqlSettings } from '../monitors/mysql/settings.ts';
import type { tlsSettings } from '../monitors/network/tls-settings.ts';
import type { postgresSettings } from '../monitors/postgres/settings.ts';
import type { redisSettings } from '../monitors/redis/settings.ts';
import { redisProperties } from '../monitors/redis.ts';
import type { scriptSettings } from '../monitors/script/settings.ts';
import type { tcpSettings } from '../monitors/tcp/settings.ts';
import { tlsProperties } from '../monitors/tls.ts';
import type { websocketSettings } from '../monitors/websocket/settings.ts';
import { websocketProperties } from '../monitors/websocket.ts';
import type { EscalationInput, PersonInput, RotationInput, RouteInput } from './alerting-input.ts';
import type { ChannelInput } from './channel-builders.ts';
import type { inhibitionSchema } from './inhibitions.ts';
import type { networkSettings, regionSettings } from './locations.ts';
import type { maintenanceSchema } from './maintenance.ts';
import type { defaultsSchema, fileSchema, groupSchema, monitorSchema } from './schema.ts';
import type { subscribersSchema } from './subscribers.ts';

/** What monitors inherit that do not say otherwise. */
export type Defaults = z.input<typeof defaultsSchema>;

type SharedOptions = Omit<z.input<typeof monitorSchema>, 'id' | 'kind'>;

export type HttpOptions = SharedOptions & z.input<typeof httpSettings>;
export type HealthOptions = SharedOptions & z.input<typeof healthSettings>;
export type TlsOptions = SharedOptions & z.input<typeof tlsSettings>;
export type TcpOptions = SharedOptions & z.input<typeof tcpSettings>;
export type DnsOptions = SharedOptions & z.input<typeof dnsSettings>;
export type DomainOptions = SharedOptions & z.input<typeof domainSettings>;
export type RedisOptions = SharedOptions & z.input<typeof redisSettings>;
export type ApiOptions = SharedOptions & z.input<typeof apiSettings>;
export type BrowserOptions = SharedOptions & z.input<typeof browserSettings>;
export type BrowserStepInput = NonNullable<BrowserOptions['steps']>[number];
export type ScriptOptions = SharedOptions & z.input<typeof scriptSettings>;
export type StepInput = z.input<typeof stepSettings>;
export type StepOptions = Omit<StepInput, 'name'>;
export type PostgresOptions = SharedOptions & z.input<typeof postgresSettings>;
export type WebSocketOptions = SharedOptions & z.input<typeof websocketSettings>;
export type GrpcOptions = SharedOptions & z.input<typeof grpcSettings>;
export type HeartbeatOptions = Omit<
  SharedOptions,
  'every' | 'timeout' | 'expect' | 'degraded' | 'locations' | 'confirmFrom' | 'quorum'
> &
  z.input<typeof heartbeatSettings>;
export type MysqlOptions = SharedOptions & z.input<typeof mysqlSettings>;
export type RegionOptions = z.input<typeof regionSettings>;
export type NetworkOptions = z.input<typeof networkSettings>;

/** A location of a config file, made by `location(…)` or `location.vpc(…)`. */
export type LocationInput = ({ kind: 'region' } & RegionOptions) | ({ kind: 'vpc' } & NetworkOptions);

/** A monitor of a config file, made by the function of its kind. */
export type MonitorInput = { id: string } & (
  | ({ kind: 'http' } & HttpOptions)
  | ({ kind: 'health' } & HealthOptions)
  | ({ kind: 'tls' } & TlsOptions)
  | ({ kind: 'tcp' } & TcpOptions)
  | ({ kind: 'dns' } & DnsOptions)
  | ({ kind: 'domain' } & DomainOptions)
  | ({ kind: 'heartbeat' } & HeartbeatOptions)
  | ({ kind: 'api' } & ApiOptions)
  | ({ kind: 'browser' } & BrowserOptions)
  | ({ kind: 'script' } & ScriptOptions)
  | ({ kind: 'redis' } & RedisOptions)
  | ({ kind: 'postgres' } & PostgresOptions)
  | ({ kind: 'mysql' } & MysqlOptions)
  | ({ kind: 'websocket' } & WebSocketOptions)
  | ({ kind: 'grpc' } & GrpcOptions)
);

/** Monitors that share defaults, made by `group(…)`. */
export type GroupInput = Omit<z.input<typeof groupSchema>, 'defaults' | 'monitors'> & GroupOptions;

export interface GroupOptions {
  /** What the monitors of this group have that do not say otherwise; nearer than those of the file. Default none. */
  defaults?: Defaults;
  monitors: MonitorInput[];
}

type File = z.input<typeof fileSchema>;

/** What `tocsin.config.ts` exports. */
export type ConfigInput<
  ChannelId extends string = string,
  PersonId extends string = string,
  RotationId extends string = string,
  PolicyId extends string = string,
> = Omit<
  File,
  | 'defaults'
  | 'monitors'
  | 'channels'
  | 'routes'
  | 'escalations'
  | 'people'
  | 'rotations'
  | 'inhibitions'
  | 'maintenance'
  | 'locations'
  | 'subscribers'
> & {
  /** What all monitors have that do not say otherwise. Default none. */
  defaults?: Defaults;
  /** Where checks run from, by the names that monitors use. Default `home`, the Region of the stack. */
  locations?: Record<string, LocationInput>;
  /** What to watch. */
  monitors: (MonitorInput | GroupInput)[];
  /** Whom to tell, by the names that routes use. Default nobody. */
  channels?: Record<ChannelId, ChannelInput>;
  /** Who is told what: the first route that matches owns the incident. Default: every channel gets everything. */
  routes?: RouteInput<NoInfer<ChannelId>, NoInfer<PolicyId>>[];
  /** Who is told when nobody acknowledges, step by step, by the names that routes use. Default none. */
  escalations?: Record<PolicyId, EscalationInput<NoInfer<ChannelId>, NoInfer<PersonId>, NoInfer<RotationId>>>;
  /** Who can be on call, by the names that rotations and escalations use. Default nobody. */
  people?: Record<PersonId, PersonInput<NoInfer<ChannelId>>>;
  /** Whose turn it is to be on call, by the names that escalations use. Default none. */
  rotations?: Record<RotationId, RotationInput<NoInfer<PersonId>>>;
  /** Incidents that keep others from being told while they last. Default none. */
  inhibitions?: z.input<typeof inhibitionSchema>[];
  /** Planned work: meanwhile nobody is told of these monitors, and the time is outside of their uptime. Default none. */
  maintenance?: z.input<typeof maintenanceSchema>[];
  /** Who is told of every incident by SNS, without a channel or a route. Default nobody. */
  subscribers?: z.input<typeof subscribersSchema>;
};

/** Gives a config file its types; it is checked when it is loaded. */
export function defineConfig<
  const ChannelId extends string = never,
  const PersonId extends string = never,
  const RotationId extends string = never,
  const PolicyId extends string = never,
>(
  config: ConfigInput<ChannelId, PersonId, RotationId, PolicyId>,
): ConfigInput<ChannelId, PersonId, RotationId, PolicyId> {
  return config;
}

/**
 * Watches an HTTP or HTTPS endpoint. `http('api', 'https://api.example.com/health')` is complete: every minute, 10 s for an
 * attempt, 2xx or 3xx and a certificate for 14 more days, an alarm when 2 of 3 checks fail.
 */
export function http(id: string, target: string | HttpOptions): MonitorInput {
  return { kind: 'http', id, ...(typeof target === 'string' ? { url: target } : target) };
}

/**
 * Watches a health endpoint by what it says: `health('api', 'https://api.example.com/health')` is degraded or down as the answer's
 * JSON and its components say, whatever the status code.
 */
export function health(id: string, target: string | HealthOptions): MonitorInput {
  return { kind: 'health', id, ...(typeof target === 'string' ? { url: target } : target) };
}

/**
 * Watches a server's TLS, whatever it speaks inside: `tls('certificate', 'example.com')` is up with a trusted certificate for that name
 * which is good for more than 14 days. `tls('mail', { target: 'mail.example.com:25', starttls: 'smtp' })` begins in clear text.
 */
export function tls(id: string, target: string | TlsOptions): MonitorInput {
  return { kind: 'tls', id, ...(typeof target === 'string' ? { target } : target) };
}

/** Protocol that was agreed on: `tls.version().is('TLSv1.3')`. */
tls.version = buildersFor(tlsProperties)['tls.version'];

/**
 * Watches a TCP service: `tcp('database', 'db.example.com:5432')` is up when it accepts connections. With a dialogue it is up when it
 * says what is expected:
 * ```ts
 * tcp('ssh', { target: 'bastion.example.com:22', expect: ['banner matches /^SSH-2\.0-/'] })
 * tcp('smtp', {
 *   target: 'mail.example.com:25',
 *   dialogue: [{ expect: /^220 / }, { send: 'EHLO probe\r\n' }, { expect: /^250 / }, { send: 'STARTTLS\r\n' }, { expect: /^220 / }, { starttls: true }],
 * })
 * tcp('imap', { target: 'mail.example.com:993', secure: true, dialogue: [{ expect: /^\* OK/, unless: /^\* BYE/ }] })
 * ```
 * There is no ping: ICMP needs raw sockets, which Lambda does not have. A port that answers tells more.
 */
export function tcp(id: string, target: string | TcpOptions): MonitorInput {
  return { kind: 'tcp', id, ...(typeof target === 'string' ? { target } : target) };
}

/**
 * Watches DNS records: `dns('www', 'www.example.com')` is up when it has an address.
 * `dns('mail', { query: 'example.com', type: 'MX', nameserver: 'ns1.example.net', expect: ['dns.answer contains mail.example.com'] })`
 */
export function dns(id: string, query: string | DnsOptions): MonitorInput {
  return { kind: 'dns', id, ...(typeof query === 'string' ? { query } : query) };
}

const expectOfDns = buildersFor(dnsProperties);

/** Records: `dns.answer().contains('192.0.2.1')` is any of them, `dns.answer().equals('192.0.2.1, 192.0.2.2')` all, in any order. */
dns.answer = expectOfDns['dns.answer'];

/** Response code: `dns.rcode().equals('NXDOMAIN')`. */
dns.rcode = expectOfDns['dns.rcode'];

/** How many records: `dns.count().atLeast(2)`. */
dns.count = expectOfDns['dns.count'];

/** Serial number of a SOA record: `dns.serial().atLeast(2026112001)`. */
dns.serial = expectOfDns['dns.serial'];

/** The shortest time to live: `dns.ttl().atMost('5m')`. */
dns.ttl = expectOfDns['dns.ttl'];

/**
 * Watches when the registration of a domain expires, every 6 hours: `domain('domain', 'example.com')` is up with more than 30 days
 * left, and unknown where the registry does not tell.
 */
export function domain(id: string, name: string | DomainOptions): MonitorInput {
  return { kind: 'domain', id, ...(typeof name === 'string' ? { domain: name } : name) };
}

/** Time until the registration expires: `domain.left().above('30d')`. */
domain.left = buildersFor(domainProperties).domain;

/**
 * Watches Redis, and what speaks its protocol (Valkey, ElastiCache): `redis('cache', 'cache.example.com')` is up when `PING` is answered.
 * `redis('cache', { target: 'cache.example.com:6380', secure: true, password: secret('cache'), expect: ['info $.role == "master"'] })`
 */
export function redis(id: string, target: string | RedisOptions): MonitorInput {
  return { kind: 'redis', id, ...(typeof target === 'string' ? { target } : target) };
}

/** A field of what `INFO` says: `redis.info('$.connected_clients').below(500)`. */
redis.info = buildersFor(redisProperties).info;

/**
 * Watches an API in use: requests after one another, each with what an earlier one answered. The first step that fails decides.
 * ```ts
 * api('checkout', {
 *   steps: [
 *     step('login', { method: 'POST', url: 'https://shop.example.com/login', body: { user: 'probe' }, extract: { token: 'json $.token' } }),
 *     step('cart', { url: 'https://shop.example.com/cart', auth: { bearer: '${token}' }, expect: ['json $.items.length > 0'] }),
 *   ],
 *   cleanup: [step('logout', { method: 'POST', url: 'https://shop.example.com/logout', auth: { bearer: '${token}' } })],
 * })
 * ```
 */
export function api(id: string, steps: StepInput[] | ApiOptions): MonitorInput {
  return { kind: 'api', id, ...(Array.isArray(steps) ? { steps } : steps) };
}

/**
 * Watches pages in Chromium, every 5 minutes: `browser('shop', 'https://shop.example.com')` is up when the page loads. Steps do what people
 * do, each as soon as the page lets it; the first that fails decides, with a picture of the page. Needs `npm i playwright-core@1.65.1
 * @sparticuz/chromium@153.0.0`; under `npm start` and `check` an installed Chromium takes the place of the second.
 * ```ts
 * browser('sign-in', {
 *   url: 'https://shop.example.com/sign-in',
 *   steps: [
 *     browser.fill('#email', 'probe@example.com'),
 *     browser.fill('#password', secret('shop-password')),
 *     browser.click('text=Sign in'),
 *     browser.expect({ text: 'Your orders' }),
 *   ],
 *   degraded: ['lcp < 2500ms', 'console.errors == 0'],
 * })
 * ```
 */
export function browser(id: string, target: string | BrowserOptions): MonitorInput {
  return { kind: 'browser', id, ...(typeof target === 'string' ? { url: target } : target) };
}

type StepWith<Field extends string> = Extract<BrowserStepInput, Record<Field, unknown>>;

/** Opens another page, which must answer with a status below 400. */
browser.goto = (url: string): BrowserStepInput => ({ goto: url });

/** Clicks what a selector of Playwright finds: `text=Sign in`, `#buy`, `role=button[name="Buy"]`. */
browser.click = (selector: string): BrowserStepInput => ({ click: selector });

/** Fills a field; a secret is painted over in pictures and masked in texts. */
browser.fill = (selector: string, value: StepWith<'fill'>['with']): BrowserStepInput => ({
  fill: selector,
  with: value,
});

/** Chooses in a list, by value or label. */
browser.select = (selector: string, option: string): BrowserStepInput => ({ select: selector, option });

/** Presses a key, such as `Enter`. */
browser.press = (key: string): BrowserStepInput => ({ press: key });

/** Waits until a page is as expected: `{ text: 'Welcome' }`, `{ url: /\/orders$/ }`, `{ title }`, `{ visible: '#cart' }`, `{ hidden }`. */
browser.expect = (expectation: StepWith<'expect'>['expect']): BrowserStepInput => ({ expect: expectation });

const expectOfBrowser = buildersFor(browserProperties);

/** Largest Contentful Paint of the first page: `browser.lcp().below('2500ms')`. */
browser.lcp = expectOfBrowser.lcp;

/** First Contentful Paint of the first page: `browser.fcp().below('1800ms')`. */
browser.fcp = expectOfBrowser.fcp;

/** Time to First Byte of the first page: `browser.ttfb().below('800ms')`. */
browser.ttfb = expectOfBrowser.ttfb;

/** Cumulative Layout Shift of the load of the first page: `browser.cls().below(0.1)`. */
browser.cls = expectOfBrowser.cls;

/** Errors that pages wrote to the console or did not catch: `browser.consoleErrors().equals(0)`. */
browser.consoleErrors = expectOfBrowser['console.errors'];

/** Address of the page in the end: `browser.url().contains('/orders')`. */
browser.url = expectOfBrowser.url;

/** Title of the page in the end: `browser.title().equals('Your orders')`. */
browser.title = expectOfBrowser.title;

/**
 * Runs Playwright code of your own in Chromium, every 5 minutes: `script('checkout', './checks/checkout.ts')`, from where the config file
 * is. The file exports a function, which fails by throwing, or is a spec of `@playwright/test`. It is bundled with what it imports, and
 * runs in a function whose role may send what it found and read the secrets it is given, and nothing else.
 * ```ts
 * import type { ScriptVisit } from 'tocsin';
 *
 * export default async function checkout({ page, variables, step }: ScriptVisit) {
 *   await page.goto('https://shop.example.com');
 *   await step('sign in', async () => {
 *     await page.fill('#password', variables.password);
 *     await page.click('text=Sign in');
 *   });
 * }
 * ```
 */
export function script(id: string, file: string | ScriptOptions): MonitorInput {
  return { kind: 'script', id, ...(typeof file === 'string' ? { file } : file) };
}

/** A request of an API monitor: all that `http` takes, `expect` as there, and `extract` for later steps. */
export function step(name: string, target: string | StepOptions): StepInput {
  return { name, ...(typeof target === 'string' ? { url: target } : target) };
}

/**
 * Watches PostgreSQL by a query that may only read; its driver comes with `npm i pg@8.23.1`.
 * ```ts
 * postgres('queue', {
 *   target: 'db.example.com', secure: true, password: secret('db'), database: 'shop',
 *   query: "SELECT count(*) AS waiting FROM jobs WHERE state = 'waiting'",
 *   expect: ['row $[0].waiting < 100', 'responseTime < 1s'],
 * })
 * ```
 */
export function postgres(id: string, target: string | PostgresOptions): MonitorInput {
  return { kind: 'postgres', id, ...(typeof target === 'string' ? { target } : target) };
}

/**
 * Watches a WebSocket: `websocket('feed', 'wss://live.example.com/feed')` is up when the handshake is done. With a dialogue it is up when
 * it says what is expected: `dialogue: [{ send: '{"type":"ping"}' }, { expect: /pong/ }]`.
 */
export function websocket(id: string, target: string | WebSocketOptions): MonitorInput {
  return { kind: 'websocket', id, ...(typeof target === 'string' ? { url: target } : target) };
}

/** The message that was waited for last: `websocket.message().contains('pong')`. */
websocket.message = buildersFor(websocketProperties).message;

/**
 * Watches a gRPC server by the health protocol (`grpc.health.v1`): `grpc('orders', { target: 'api.example.com:443', secure: true,
 * service: 'shop.v1.Orders', metadata: { authorization: secret('orders-token') } })` is up while that service is serving.
 */
export function grpc(id: string, target: string | GrpcOptions): MonitorInput {
  return { kind: 'grpc', id, ...(typeof target === 'string' ? { target } : target) };
}

const expectOfGrpc = buildersFor(grpcProperties);

/** What the server says of the health of the service: `grpc.status().is('SERVING')`. */
grpc.status = expectOfGrpc['grpc.status'];

/** Status code of the call: `grpc.code().equals('UNAUTHENTICATED')`. */
grpc.code = expectOfGrpc['grpc.code'];

/**
 * Waits for a job to say that it ran: `heartbeat('backup', '1d')` is down when a day and an hour pass without a success. Jobs ping
 * a URL of their own, which the console shows: `curl $URL` after a success, `$URL/start` before, `$URL/fail` or `$URL/$?`.
 * ```ts
 * heartbeat('nightly-backup', { cron: '0 3 * * *', zone: 'Europe/Madrid', grace: '30m', maxRuntime: '2h' })
 * ```
 */
export function heartbeat(
  id: string,
  schedule: NonNullable<HeartbeatOptions['period']> | HeartbeatOptions,
): MonitorInput {
  return { kind: 'heartbeat', id, ...(typeof schedule === 'object' ? schedule : { period: schedule }) };
}

/**
 * Watches MySQL or MariaDB by a query that may only read; its driver comes with `npm i mysql2@3.24.5`. `mysql('shop', { target:
 * 'db.example.com', secure: true, password: secret('db'), query: 'SELECT COUNT(*) AS waiting FROM shop.jobs', expect: ['row $[0].waiting < 100'] })`.
 * Without `secure` a MySQL 8 that does not know the password yet is sent it encrypted with a key of its own that nobody vouches for: good
 * inside your network only.
 */
export function mysql(id: string, target: string | MysqlOptions): MonitorInput {
  return { kind: 'mysql', id, ...(typeof target === 'string' ? { target } : target) };
}

/** Checks from an AWS Region: that of the stack, or another, `location({ region: 'eu-central-1' })`. */
export function location(options: RegionOptions = {}): LocationInput {
  return { kind: 'region', ...options };
}

/** Checks from inside a network of yours, where private addresses may be watched. It needs a way to SQS and SSM. */
location.vpc = (options: NetworkOptions): LocationInput => ({ kind: 'vpc', ...options });

/** Monitors that belong together and share defaults. The name is theirs for routing: `match: { group: 'shop' }`. */
export function group(name: string, options: GroupOptions): GroupInput {
  return { kind: 'group', name, ...options };
}
