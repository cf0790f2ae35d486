import { buildersFor } from '../conditions/builders.ts';
import { domainProperties } from '../monitors/domain.ts';
import { healthProperties } from '../monitors/health.ts';
import { sqlProperties } from '../monitors/sql/sql.ts';
import { tcpProperties } from '../monitors/tcp.ts';
import { tlsProperties } from '../monitors/tls.ts';

const expect = buildersFor(healthProperties);
const expectOfTls = buildersFor(tlsProperties);
const expectOfTcp = buildersFor(tcpProperties);
const expectOfSql = buildersFor(sqlProperties);
const expectOfDomain = buildersFor(domainProperties);

/** Status code of the final answer: `status().is(200)`, `status().is('2xx')`, `status().in('2xx', [301, 303])`. */
export const status = expect.status;

/** From the start of the check to the last byte, redirects included: `responseTime().below('2s')`. */
export const responseTime = expect.responseTime;

/** A header of the final answer: `header('content-type').contains('json')`. */
export const header = expect.header;

/** Body of the final answer as text: `body().matches(/ok/i)`. */
export const body = expect.body;

/** A value in the body, which must be JSON: `json('$.status').equals('healthy')`; `[*]` asks for every element. */
export const json = expect.json;

/** Whether the JSON is as the `schema` of the monitor asks: `schema().is('valid')`, which holds for all that have one anyway. */
export const schema = expect.schema;

/**
 * Time until the server certificate expires: `certificate().above('14d')`; of a TLS monitor also until the first of all that are
 * presented does, `certificate.earliest()`, and until the best chain to a trusted authority does, `certificate.chain()`.
 */
export const certificate = Object.assign(expect.certificate, {
  leaf: expectOfTls['certificate.leaf'],
  earliest: expectOfTls['certificate.earliest'],
  chain: expectOfTls['certificate.chain'],
});

/** Whether the certificate is for the host, where `verify` is false: `hostname().equals('valid')`. */
export const hostname = expectOfTls.hostname;

/** Authority that issued the server certificate: `issuer().equals('R12')`. */
export const issuer = expectOfTls.issuer;

/** Key of the server certificate: `keyType().equals('EC prime256v1')`. */
export const keyType = expectOfTls.keyType;

/** The first line that a TCP service says: `banner().matches(/^SSH-2/)`. */
export const banner = expectOfTcp.banner;

/** All that a TCP service says: `response().contains('STARTTLS')`. */
export const response = expectOfTcp.response;

/** How many rows a query gives: `rowCount().atLeast(1)`. */
export const rowCount = expectOfSql['row.count'];

/** A value in the rows of a query: `row('$[0].waiting').below(100)`; `[*]` asks for every row. */
export const row = expectOfSql.row;

/** Whether the registry knows the domain: `registered().is('yes')`. */
export const registered = expectOfDomain.registered;

/** What a health endpoint and its components say together: `healthStatus().is('healthy')`. */
export const healthStatus = expect.healthStatus;

/** What a component of a health endpoint says of itself: `component('database').is('healthy')`. */
export const component = expect.component;

/** The latency a health endpoint gives for a component: `componentLatency('database').below('200ms')`. */
export const componentLatency = expect.componentLatency;
