import * as z from 'zod/mini';
import type { LambdaHost } from './lambda/host.ts';
import { json, jsonOf, type LocalRequest, type LocalResponse, text } from './listen.ts';

const wanted = z.strictObject({ id: z.string(), broken: z.boolean() });

/**
 * Cuts a location's probes off from their targets, or lets them reach them again: what one of several locations that is broken looks
 * like. `POST /local/location {"id":"home","broken":true}`
 */
export function breakLocation(request: LocalRequest, lambda: LambdaHost): LocalResponse {
  const probes = Map.groupBy(
    lambda.list().filter(({ environment }) => environment.LOCATION),
    ({ environment }) => environment.LOCATION!,
  );
  const parsed = wanted.safeParse(jsonOf(request));
  if (!parsed.success) return text(400, 'send {"id":"home","broken":true}');
  const { id, broken } = parsed.data;
  const own = probes.get(id);
  if (!own) return text(404, `there is no location ${id}; there are ${[...probes.keys()].join(', ')}`);
  for (const { name } of own) lambda.cutNetwork(name, broken);
  return json(200, { id, broken });
}
