import { buildersFor } from '../conditions/builders.ts';
import { healthProperties } from '../monitors/health.ts';

const expect = buildersFor(healthProperties);

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

/** Time until the server certificate expires: `certificate().above('14d')`. */
export const certificate = expect.certificate;

/** What a health endpoint and its components say together: `healthStatus().is('healthy')`. */
export const healthStatus = expect.healthStatus;

/** What a component of a health endpoint says of itself: `component('database').is('healthy')`. */
export const component = expect.component;

/** The latency a health endpoint gives for a component: `componentLatency('database').below('200ms')`. */
export const componentLatency = expect.componentLatency;
