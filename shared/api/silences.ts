import { Hono } from 'hono';
import * as z from 'zod/mini';
import { formatMatcher, parseMatchers } from '../silences/matchers.ts';
import { type Silence, type SilenceState, silenceState, type Wanted } from '../silences/silence.ts';
import { expireSilence, setSilence, silenceLimits } from '../silences/silencing.ts';
import { actor, boundedText, caller, moment, quoted, readBody, span } from './body.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';
import type { Signed } from './session.ts';

/** How long a silence lasts that says no end, milliseconds. */
const usualLength = 2 * 3_600_000;

const states = ['active', 'pending', 'expired'] as const;

const body = z.strictObject({
  /** Of one that is to be edited. */
  id: z.optional(boundedText(100, 'an id')),
  matchers: z.array(z.string('a matcher is a text like `team="platform"`'), '`matchers` is a list of texts'),
  startsAt: z.optional(moment('startsAt')),
  endsAt: z.optional(moment('endsAt')),
  for: z.optional(span('for')),
  comment: z.optional(boundedText(silenceLimits.comment, 'a comment')),
  actor,
});

/** Silences as our own API has them; Alertmanager's is beside it. */
export function silenceRoutes(ports: Ports): Hono<Signed> {
  const api = new Hono<Signed>();

  api.get('/', async (c) => {
    const wanted = wantedState(c.req.query('state'));
    const silences = await listSilences(ports);
    const shown = wanted ? silences.filter(({ state }) => state === wanted) : silences;
    return c.json({ silences: shown.map(silenceResource) });
  });

  api.post('/', async (c) => {
    const {
      id,
      actor: by = caller(c),
      matchers,
      comment = '',
      for: lasts,
      ...times
    } = await readBody(c, body);
    const now = ports.now();
    const startsAt = times.startsAt ?? now;
    if (lasts !== undefined && times.endsAt !== undefined)
      throw new ApiError('invalid-request', 'give `endsAt` or `for`, not both');
    const endsAt = times.endsAt ?? Math.max(now, startsAt) + (lasts ?? usualLength);
    const wanted: Wanted = { matchers: readMatchers(matchers.join(',')), startsAt, endsAt, by, comment };
    const silence = await setSilence(ports.silences, wanted, id);
    c.header('location', `/api/silences/${silence.id}`);
    return c.json(silenceResource(withState(silence, ports.now())), 201);
  });

  api.get('/:id', async (c) => c.json(silenceResource(await findSilence(ports, c.req.param('id')))));

  api.delete('/:id', async (c) => {
    const silence = await expireSilence(ports.silences, c.req.param('id'));
    return c.json(silenceResource(withState(silence, ports.now())));
  });

  return api;
}

/** A silence and what it is now. */
export type ListedSilence = Silence & { state: SilenceState };

/** All that can still be looked at: active ones first, then pending and expired ones; of each the one that ends next first, or ended last. */
export async function listSilences({
  silences,
  now,
}: Pick<Ports, 'silences' | 'now'>): Promise<ListedSilence[]> {
  const at = now();
  const listed = (await silences.readSilences()).map((silence) => withState(silence, at));
  return states.flatMap((state) =>
    listed
      .filter((silence) => silence.state === state)
      .sort((a, b) => (state === 'expired' ? b.endsAt - a.endsAt : a.endsAt - b.endsAt)),
  );
}

const withState = (silence: Silence, now: number): ListedSilence => ({
  ...silence,
  state: silenceState(silence, now),
});

/** @throws ApiError where there is none */
export async function findSilence(
  { silences, now }: Pick<Ports, 'silences' | 'now'>,
  id: string,
): Promise<ListedSilence> {
  const silence = await silences.readSilence(id);
  if (!silence) throw new ApiError('not-found', `no silence has the id ${quoted(id)}; see /api/silences`);
  return withState(silence, now());
}

/** Matchers of a text. @throws ApiError where they cannot be read */
export function readMatchers(text: string): Silence['matchers'] {
  const matchers = parseMatchers(text);
  if ('problem' in matchers) throw new ApiError('invalid-request', matchers.problem);
  return matchers;
}

function wantedState(text: string | undefined): SilenceState | undefined {
  const state = states.find((known) => known === text);
  if (text !== undefined && !state)
    throw new ApiError('invalid-request', `state is ${quoted(text)}; allowed are ${states.join(', ')}`);
  return state;
}

const iso = (at: number) => new Date(at).toISOString();

export const silenceResource = ({
  id,
  state,
  matchers,
  startsAt,
  endsAt,
  by,
  comment,
  updatedAt,
}: ListedSilence) => ({
  id,
  state,
  matchers: matchers.map(formatMatcher),
  startsAt: iso(startsAt),
  endsAt: iso(endsAt),
  by,
  comment,
  updatedAt: iso(updatedAt),
});
