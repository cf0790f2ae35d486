import type { Config } from '../config/config.ts';
import { prices } from './prices.ts';

/** Services that a probe in a network must reach: its queue and its secrets. */
const servicesReached = 2;

/** What a config may make a team pay for that is no part of the stacks, in a sentence each. */
export function besides({ locations }: Config): string[] {
  return locations
    .filter(({ network }) => network !== undefined)
    .map(({ id }) => {
      const endpoints = (servicesReached * prices.interfaceEndpoint.usd).toFixed(2);
      const gateway = prices.natGateway.usd.toFixed(2);
      return (
        `The network of location ${id} needs a way to SQS and SSM. Where it has none: ` +
        `two interface endpoints in one zone (${endpoints} USD a month), or a NAT gateway (${gateway} USD).`
      );
    });
}
