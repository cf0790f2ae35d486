import * as z from 'zod/mini';
import type { LambdaHost } from './lambda/host.ts';
import { json, jsonOf, type LocalRequest, type LocalResponse, text } from './listen.ts';

const wanted = z.strictObject({ id: z.string(), broken: z.boolean() });

/**
 * Cuts a location's probe off from its targets, or lets it reach them again: what one of several locations that is broken looks
 * like. `POST /local/location {"id":"home","broken":true}`
 */
export function breakLocation(request: LocalRequest, lambda: LambdaHost): LocalResponse {
  const probes = new Map(
    lambda.list().flatMap(({ name, environment: { LOCATION } }) => (LOCATION ? [[LOCATION, name]] : [])),
  );
  const parsed = wanted.safeParse(jsonOf(request));
  if (!parsed.success) return text(400, 'send {"id":"home","broken":true}');
  const { id, broken } = parsed.data;
  const probe = probes.get(id);
  if (!probe) return text(404, `there is no location ${id}; there are ${[...probes.keys()].join(', ')}`);
  lambda.cutNetwork(probe, broken);
  return json(200, { id, broken });
}
