import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { formatTime } from '../../shared/notifications/time.ts';
import { apiOptions, apiUsage, askApi, type Where } from './api.ts';
import { type Command, type ExitCode, UsageError } from './command.ts';
import { readArguments } from './options.ts';

const options = { ...apiOptions, for: { type: 'string' }, comment: { type: 'string' } } as const;

const silence = z.object({
  id: z.string(),
  state: z.string(),
  matchers: z.array(z.string()),
  startsAt: z.string(),
  endsAt: z.string(),
  by: z.string(),
  comment: z.string(),
});

type Silence = z.infer<typeof silence>;

/** Silences of the system that is deployed, or of the one that runs at `--url`. */
export const silenceCommand: Command = {
  summary: 'lists, makes and ends silences: nobody is told of what their matchers fit',
  usage: `list | add MATCHER… [--for 2h] [--comment TEXT] | expire ID… ${apiUsage}`,
  async run([action, ...rest]) {
    const { values, positionals } = readArguments(rest, options);
    const { for: lasts, comment, ...where } = values;
    if (action === 'list' && positionals.length === 0) return list(where);
    if (action === 'add') return add(where, positionals, { for: lasts, comment });
    if (action === 'expire') return expire(where, positionals);
    throw new UsageError(`silence ${action ?? ''}: list, add or expire`);
  },
};

async function list(where: Where): Promise<ExitCode> {
  const { silences } = await askApi(where, 'silences', z.object({ silences: z.array(silence) }));
  const current = silences.filter(({ state }) => state !== 'expired');
  for (const each of current) console.log(lineOf(each));
  if (current.length === 0) console.log('nothing is silenced');
  return 0;
}

async function add(
  where: Where,
  matchers: string[],
  { for: lasts, comment }: { for: string | undefined; comment: string | undefined },
): Promise<ExitCode> {
  if (matchers.length === 0)
    throw new UsageError('silence add: what? write team=platform or \'env=~"prod.*"\'');
  const body = {
    matchers,
    actor: userInfo().username,
    ...(lasts !== undefined && { for: lasts }),
    ...(comment !== undefined && { comment }),
  };
  console.log(lineOf(await askApi(where, 'silences', silence, { method: 'POST', body })));
  return 0;
}

async function expire(where: Where, ids: string[]): Promise<ExitCode> {
  if (ids.length === 0) throw new UsageError('silence expire: which? silence list shows their ids');
  for (const id of ids)
    console.log(
      lineOf(await askApi(where, `silences/${encodeURIComponent(id)}`, silence, { method: 'DELETE' })),
    );
  return 0;
}

/** `<id>  active until 2026-11-20 14:00 UTC  team="platform"  by ana: deploy` */
function lineOf({ id, state, matchers, startsAt, endsAt, by, comment }: Silence): string {
  const when = state === 'pending' ? `from ${at(startsAt)} until ${at(endsAt)}` : `until ${at(endsAt)}`;
  const why = comment ? `by ${by}: ${comment}` : `by ${by}`;
  return [id, `${state} ${when}`, matchers.join(', '), why].join('  ');
}

const at = (iso: string) => formatTime(Date.parse(iso));
