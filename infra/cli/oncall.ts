import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { wallText } from '../../shared/wall-time.ts';
import { apiOptions, apiUsage, askApi } from './api.ts';
import { type Command, type ExitCode, UsageError } from './command.ts';
import { readArguments } from './options.ts';

const shift = z.object({
  person: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  override: z.optional(z.string()),
});

const rotations = z.object({
  rotations: z.array(
    z.object({
      id: z.string(),
      zone: z.string(),
      now: z.optional(shift),
      next: z.optional(shift),
      overrides: z.array(
        z.object({ id: z.string(), person: z.string(), from: z.string(), to: z.string(), by: z.string() }),
      ),
    }),
  ),
});

type Rotation = z.infer<typeof rotations>['rotations'][number];

const override = z.object({
  id: z.string(),
  rotation: z.string(),
  person: z.string(),
  from: z.string(),
  to: z.string(),
});

const options = {
  ...apiOptions,
  json: { type: 'boolean' },
  from: { type: 'string' },
  to: { type: 'string' },
  for: { type: 'string' },
} as const;

/** Shows who is on call, and puts somebody else there for a time. */
export const oncall: Command = {
  summary: 'who is on call now and next; take puts somebody there for a time, drop undoes that',
  usage: `[take ROTATION PERSON --for 8h | --to TIME [--from TIME]] [drop ID] [--json] ${apiUsage}`,
  async run(args) {
    const { values, positionals } = readArguments(args, options);
    const [verb, ...words] = positionals;
    if (verb === undefined) return show(values);
    if (verb === 'take') return take(values, words);
    if (verb === 'drop') return drop(values, words);
    throw new UsageError(`oncall ${verb}: it is take or drop, or nothing to see who is on call`);
  },
};

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

async function show(values: Values): Promise<ExitCode> {
  const answer = await askApi(values, 'oncall', rotations);
  if (values.json) console.log(JSON.stringify(answer, null, 2));
  else if (answer.rotations.length === 0) console.log('the config has no rotations');
  else console.log(answer.rotations.flatMap(linesOf).join('\n'));
  return answer.rotations.every(({ now }) => now) ? 0 : 1;
}

function linesOf({ id, zone, now, next, overrides }: Rotation): string[] {
  const at = (iso: string) => wallText(zone, Date.parse(iso));
  return [
    `${id} (${zone})`,
    `  now   ${now ? `${now.name}${next ? ` until ${at(now.to)}` : ''}` : 'nobody'}`,
    `  next  ${next ? `${next.name} from ${at(next.from)}` : 'nobody else'}`,
    ...overrides.map(
      (each) => `  ${each.id}: ${each.person} from ${at(each.from)} to ${at(each.to)}, by ${each.by}`,
    ),
  ];
}

async function take(values: Values, [rotation, person, ...rest]: string[]): Promise<ExitCode> {
  if (rotation === undefined || person === undefined || rest.length > 0)
    throw new UsageError('oncall take: which rotation, and who?');
  const { from, to, for: lasts } = values;
  if ((to === undefined) === (lasts === undefined))
    throw new UsageError('oncall take: give --for 8h or --to 2026-11-21T18:00Z');
  const made = await askApi(values, 'oncall/overrides', override, {
    method: 'POST',
    body: {
      rotation,
      person,
      actor: userInfo().username,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(lasts !== undefined && { for: lasts }),
    },
  });
  console.log(`${made.person} is on call in ${made.rotation} from ${made.from} to ${made.to}`);
  console.log(`npm run tocsin -- oncall drop ${made.id}   # undoes it`);
  return 0;
}

async function drop(values: Values, [id, ...rest]: string[]): Promise<ExitCode> {
  if (id === undefined || rest.length > 0) throw new UsageError('oncall drop: which override?');
  const gone = await askApi(values, `oncall/overrides/${encodeURIComponent(id)}`, override, {
    method: 'DELETE',
  });
  console.log(`${gone.person} stands in no more in ${gone.rotation}`);
  return 0;
}
