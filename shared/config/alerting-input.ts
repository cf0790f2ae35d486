import type * as z from 'zod/mini';
import type { escalationSchema } from './escalations.ts';
import type { personSchema, rotationSchema } from './rotations.ts';
import type { routeSchema } from './routes.ts';

type Escalation = z.input<typeof escalationSchema>;
type Rotation = z.input<typeof rotationSchema>;

/** A route of a config file. `Channel` and `Policy` are the names that the file gives to its own. */
export type RouteInput<Channel extends string = string, Policy extends string = string> = Omit<
  z.input<typeof routeSchema>,
  'notify' | 'escalate' | 'routes'
> & {
  notify?: Channel[];
  escalate?: Policy | 'never';
  routes?: RouteInput<Channel, Policy>[];
};

/** Whom a step of an escalation policy tells. */
export type TargetInput<
  Channel extends string = string,
  Person extends string = string,
  Rota extends string = string,
> = { channel: Channel } | { person: Person } | { rotation: Rota };

/** An escalation policy of a config file. */
export type EscalationInput<
  Channel extends string = string,
  Person extends string = string,
  Rota extends string = string,
> = Omit<Escalation, 'steps'> & {
  steps: (Omit<Escalation['steps'][number], 'notify'> & { notify: TargetInput<Channel, Person, Rota>[] })[];
};

/** Somebody who can be on call. */
export type PersonInput<Channel extends string = string> = Omit<z.input<typeof personSchema>, 'contacts'> & {
  contacts?: Channel[];
};

/** Whose turn it is. */
export type RotationInput<Person extends string = string> = Omit<Rotation, 'layers'> & {
  layers: (Omit<Rotation['layers'][number], 'people'> & { people: Person[] })[];
};
