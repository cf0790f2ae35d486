import { emailSubscription } from '../notifications/email/settings.ts';
import { remediation } from '../notifications/remediation.ts';
import type { Channel, Config } from './config.ts';
import { resolveEscalations } from './escalations.ts';
import { type Fields, isFields } from './fields.ts';
import { resolveInhibitions } from './inhibitions.ts';
import type { Findings } from './issues.ts';
import type { KnownLabels } from './match.ts';
import { resolvePeople, resolveRotations } from './rotations.ts';
import { resolveRoutes } from './routes.ts';

/** Who is told what: routes, and what they refer to. Those that have the right form. */
export function resolveAlerting(
  file: Fields,
  resolved: readonly Channel[],
  labels: KnownLabels | undefined,
  findings: Findings,
): Pick<Config, 'routes' | 'escalations' | 'people' | 'rotations' | 'inhibitions'> {
  // What is at fault is told of where it stands, and may be referred to.
  const names = (field: string) => Object.keys(isFields(file[field]) ? file[field] : {});
  const onlyByName = resolved.flatMap(({ id, kind }) => (kind === remediation.kind ? [id] : []));
  const toldBySns = resolved.flatMap(({ id, kind }) => (kind === emailSubscription ? [id] : []));
  const [channels, people, rotations] = [names('channels'), names('people'), names('rotations')];
  return {
    routes: resolveRoutes(
      file.routes,
      { labels, channels, onlyByName, toldBySns, policies: names('escalations') },
      findings,
    ),
    escalations: resolveEscalations(file, { channels, people, rotations }, findings),
    people: resolvePeople(file, channels, findings),
    rotations: resolveRotations(file, people, findings),
    inhibitions: resolveInhibitions(file, labels, findings),
  };
}
