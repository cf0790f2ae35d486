import { Hono } from 'hono';
import * as z from 'zod/mini';
import { type Deployment, latestOfEach } from '../deployments/deployment.ts';
import { announcedDeployment, announcedWithin } from '../deployments/recording.ts';
import { unitMs } from '../duration.ts';
import { boundedText, caller, moment, queriedTime, readBody } from './body.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';

/** Milliseconds back that are listed where nothing else is asked for. */
const listedMs = 7 * unitMs.d;

const webLink = z.string().check(
  z.maxLength(1_000),
  z.refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    '`url` is a web address of at most 1000 characters',
  ),
);

const body = z.strictObject({
  id: z.optional(boundedText(100, '`id`')),
  service: z.optional(boundedText(100, '`service`')),
  version: z.optional(boundedText(100, '`version`')),
  text: z.optional(boundedText(200, '`text`')),
  at: z.optional(moment('at')),
  by: z.optional(boundedText(100, '`by`')),
  url: z.optional(webLink),
});

/** What was deployed, as AWS and whoever deploys told. */
export function deploymentRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.get('/', async (c) => {
    const to = queriedTime(c, 'to') ?? ports.now() + announcedWithin.future;
    const from = queriedTime(c, 'from') ?? to - listedMs;
    const deployments = latestOfEach(await ports.deployments.readDeployments(from, to));
    return c.json({ deployments: deployments.map(deploymentResource) });
  });

  api.post('/', async (c) => {
    const { url, at = ports.now(), ...said } = await readBody(c, body);
    if (!said.service && !said.version && !said.text)
      throw new ApiError('invalid-request', 'give `service` and `version`, or `text`: what was deployed');
    refuseFar(at, ports.now());
    const deployment = announcedDeployment({
      at,
      by: said.by ?? caller(c),
      ...(said.id && { id: said.id }),
      ...(said.service && { service: said.service }),
      ...(said.version && { version: said.version }),
      ...(said.text && { text: said.text }),
      ...(url && { link: url }),
    });
    await ports.deployments.putDeployment(deployment);
    return c.json(deploymentResource(deployment), 201);
  });

  return api;
}

function refuseFar(at: number, now: number): void {
  if (at >= now - announcedWithin.past && at <= now + announcedWithin.future) return;
  throw new ApiError('invalid-request', '`at` is within the last 7 days, and not in the future');
}

export const deploymentResource = ({ at, ...deployment }: Deployment) => ({
  ...deployment,
  at: new Date(at).toISOString(),
});
