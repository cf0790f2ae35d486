import type { Route } from '../routing/route.ts';
import type { Config } from './config.ts';
import { problemAt } from './issues.ts';
import type { Problem } from './problems.ts';

/** Channels, policies, rotations and people that nothing leads to, and people on call whom nothing reaches. */
export function unusedNames(file: unknown, config: Config): Problem[] {
  const { channels, escalations, rotations, people } = config;
  const routes = allRoutes(config.routes);
  const targets = escalations.flatMap(({ steps }) => steps.flatMap(({ notify }) => notify));
  const named = (kind: 'channel' | 'person' | 'rotation') =>
    targets.flatMap((target) => Object.entries(target).flatMap(([key, id]) => (key === kind ? [id] : [])));
  const onCall = [
    ...named('person'),
    ...rotations.flatMap(({ layers }) => layers.flatMap((layer) => layer.people)),
  ];
  const told = [
    ...routes.flatMap(({ notify }) => notify),
    ...named('channel'),
    ...people.flatMap(({ contacts }) => contacts),
    ...channels.flatMap(({ fallback }) => fallback ?? []),
  ];
  const used = routes.flatMap(({ escalate }) => escalate ?? []);
  const unused = (
    field: string,
    ids: string[],
    wanted: string[],
    allowed: string,
    fix: (id: string) => string,
  ) => {
    const known = new Set(wanted);
    return ids
      .filter((id) => !known.has(id))
      .map((id) => problemAt(file, [field, id], { allowed, fix: fix(id) }));
  };
  const idsOf = (items: { id: string }[]) => items.map(({ id }) => id);
  return [
    ...unused(
      'channels',
      idsOf(channels),
      told,
      'a channel that a route names: this one is never told anything',
      (id) => `add ${id} to a route, or remove it`,
    ),
    ...unused(
      'escalations',
      escalations.map(({ policy }) => policy),
      used,
      'a policy that a route names: this one never begins',
      (id) => `write escalate: '${id}' in a route, or remove it`,
    ),
    ...unused(
      'rotations',
      idsOf(rotations),
      named('rotation'),
      'a rotation that an escalation policy names: whoever is on call in this one is told nothing',
      (id) => `write notify: [{ rotation: '${id}' }] in a step, or remove it`,
    ),
    ...unused(
      'people',
      idsOf(people).filter((id) => !people.some((person) => person.id === id && person.slack)),
      onCall,
      'a person of a rotation or an escalation policy, or with a Slack id: this one is never asked for',
      (id) => `add ${id} to a rotation, or remove it`,
    ),
    ...people
      .filter(({ id, contacts }) => contacts.length === 0 && onCall.includes(id))
      .map(({ id }) =>
        problemAt(file, ['people', id, 'contacts'], {
          allowed: `a channel that reaches ${id}, who is on call: nobody is told when it is their turn`,
          fix: "write contacts: ['…']",
        }),
      ),
  ];
}

const allRoutes = (routes: readonly Route[]): Route[] =>
  routes.flatMap((route) => [route, ...allRoutes(route.routes)]);
