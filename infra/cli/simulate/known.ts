import * as z from 'zod/mini';
import type { Known } from '../../../shared/incidents/simulate.ts';
import { parseMatchers } from '../../../shared/silences/matchers.ts';
import { askApi, type Where } from '../api.ts';

const moment = z.pipe(
  z.string(),
  z.transform((text) => Date.parse(text)),
);

const oncall = z.object({
  rotations: z.array(
    z.object({
      overrides: z.array(
        z.object({
          id: z.string(),
          rotation: z.string(),
          person: z.string(),
          from: moment,
          to: moment,
          by: z.string(),
        }),
      ),
    }),
  ),
});

const silences = z.object({
  silences: z.array(
    z.object({
      id: z.string(),
      matchers: z.array(z.string()),
      startsAt: moment,
      endsAt: moment,
      by: z.string(),
      comment: z.string(),
      updatedAt: moment,
    }),
  ),
});

const maintenance = z.object({
  windows: z.array(
    z.object({
      id: z.string(),
      monitors: z.array(z.string()),
      from: moment,
      to: moment,
      by: z.optional(z.string()),
      comment: z.optional(z.string()),
    }),
  ),
});

/** What a system that runs knows besides its config: overrides, silences, and windows that somebody began. */
export async function readKnown(where: Where): Promise<Known> {
  const [{ rotations }, listed, { windows }] = await Promise.all([
    askApi(where, 'oncall', oncall),
    askApi(where, 'silences', silences),
    askApi(where, 'maintenance', maintenance),
  ]);
  return {
    overrides: rotations.flatMap(({ overrides }) => overrides),
    silences: listed.silences.flatMap((silence) => {
      const matchers = parseMatchers(silence.matchers.join(','));
      return 'problem' in matchers ? [] : [{ ...silence, matchers }];
    }),
    windows: windows.flatMap(({ by, comment, ...window }) =>
      by === undefined ? [] : [{ ...window, by, ...(comment !== undefined && { comment }) }],
    ),
  };
}
