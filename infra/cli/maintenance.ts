import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { formatTime } from '../../shared/notifications/time.ts';
import { apiOptions, apiUsage, askApi, type Where } from './api.ts';
import { type Command, type ExitCode, UsageError } from './command.ts';
import { readArguments } from './options.ts';

const options = {
  ...apiOptions,
  monitor: { type: 'string', multiple: true },
  for: { type: 'string' },
  comment: { type: 'string' },
} as const;

const window = z.object({
  id: z.string(),
  monitors: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  by: z.optional(z.string()),
  comment: z.optional(z.string()),
});

type Window = z.infer<typeof window>;

/** Maintenance windows of the system that is deployed, or of the one that runs at `--url`. */
export const maintenance: Command = {
  summary: 'lists, begins and ends maintenance windows: nobody is told, and the time is outside of uptime',
  usage: `list | start --monitor ID… --for 1h [--comment TEXT] | end ID ${apiUsage}`,
  async run([action, ...rest]) {
    const { values, positionals } = readArguments(rest, options);
    const { monitor: monitors = [], for: lasts, comment, ...where } = values;
    const [id, ...more] = positionals;
    if (action === 'list' && id === undefined) return list(where);
    if (action === 'end' && id !== undefined && more.length === 0) return end(where, id);
    if (action !== 'start' || id !== undefined)
      throw new UsageError(`maintenance ${action ?? ''}: list, start --monitor ID --for 1h, or end ID`);
    if (monitors.length === 0 || lasts === undefined)
      throw new UsageError('maintenance start: of what, and how long? write --monitor shop --for 1h');
    const body = { monitors, for: lasts, actor: userInfo().username, ...(comment && { comment }) };
    console.log(lineOf(await askApi(where, 'maintenance', window, { method: 'POST', body })));
    return 0;
  },
};

async function list(where: Where): Promise<ExitCode> {
  const { windows } = await askApi(where, 'maintenance', z.object({ windows: z.array(window) }));
  for (const each of windows) console.log(lineOf(each));
  if (windows.length === 0) console.log('no maintenance is on or to come');
  return 0;
}

async function end(where: Where, id: string): Promise<ExitCode> {
  const path = `maintenance/${encodeURIComponent(id)}`;
  console.log(lineOf(await askApi(where, path, window, { method: 'DELETE' })));
  return 0;
}

/** `<id>  from 2026-11-20 12:00 UTC to 2026-11-20 13:00 UTC  shop, api  by ana: new disks` */
function lineOf({ id, monitors, from, to, by, comment }: Window): string {
  const about = [by && `by ${by}`, comment].filter(Boolean).join(': ');
  return [id, `from ${at(from)} to ${at(to)}`, monitors.join(', '), about].filter(Boolean).join('  ');
}

const at = (iso: string) => formatTime(Date.parse(iso));
