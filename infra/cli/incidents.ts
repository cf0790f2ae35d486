import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { formatTime } from '../../shared/notifications/time.ts';
import { apiOptions, apiUsage, askApi, type Where } from './api.ts';
import { type Command, type ExitCode, UsageError } from './command.ts';
import { readArguments } from './options.ts';

const incident = z.object({
  id: z.string(),
  status: z.string(),
  severity: z.string(),
  title: z.string(),
  openedAt: z.string(),
  acknowledgedBy: z.optional(z.string()),
  resolvedBy: z.optional(z.string()),
  assignee: z.optional(z.string()),
  suppressed: z.optional(z.object({ text: z.string() })),
});

const detail = z.object({
  incident,
  timeline: z.array(z.object({ at: z.string(), actor: z.string(), text: z.string() })),
});

type Incident = z.infer<typeof incident>;

const options = {
  ...apiOptions,
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  text: { type: 'string' },
} as const;

/** What a person does, and how the API calls it; `words` are what stands behind the id. */
const actions: Record<string, { path: string; body?: (words: string) => object; missing?: string }> = {
  ack: { path: 'acknowledge' },
  unack: { path: 'unacknowledge' },
  resolve: { path: 'resolve' },
  reopen: { path: 'reopen' },
  assign: {
    path: 'assign',
    body: (who) => ({ assignee: who === 'nobody' ? null : who }),
    missing: 'to whom? nobody takes it away',
  },
  comment: { path: 'comments', body: (text) => ({ text }), missing: 'what?' },
  severity: {
    path: 'severity',
    body: (severity) => ({ severity }),
    missing: 'critical, high, warning or info?',
  },
};

/** Actions to which something can be said besides. */
const withText = ['resolve', 'reopen', 'severity'];

/** Incidents of the system that is deployed, or of the one that runs at `--url`. */
export const incidentsCommand: Command = {
  summary: 'lists and shows incidents, acknowledges, resolves, assigns them and so on',
  usage: `[list [--all]] | show ID | ack ID | unack ID | resolve ID | reopen ID | assign ID WHO | comment ID TEXT | severity ID LEVEL [--text TEXT] [--json] ${apiUsage}`,
  async run(args) {
    const { values, positionals } = readArguments(args, options);
    const [verb = 'list', id, ...words] = positionals;
    if (verb === 'list' && id === undefined) return list(values);
    if (verb === 'show' && id !== undefined && words.length === 0) return show(values, id);
    if (verb === 'show') throw new UsageError('incidents show: which? incidents list shows their ids');
    if (!Object.hasOwn(actions, verb))
      throw new UsageError(`incidents ${verb}: it is list, show, ${Object.keys(actions).join(', ')}`);
    if (id === undefined) throw new UsageError(`incidents ${verb}: which? incidents list shows their ids`);
    return act(values, verb, id, words.join(' '));
  },
};

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

const whereOf = ({ config, url }: Values): Where => ({ config, url });

async function list(values: Values): Promise<ExitCode> {
  const { incidents } = await askApi(
    whereOf(values),
    'incidents',
    z.object({ incidents: z.array(incident) }),
  );
  const wanted = values.all ? incidents : incidents.filter(({ status }) => status !== 'resolved');
  if (values.json) console.log(JSON.stringify(wanted, null, 2));
  else for (const each of wanted) console.log(lineOf(each));
  if (wanted.length === 0 && !values.json) console.log('no open incidents');
  return 0;
}

async function show(values: Values, id: string): Promise<ExitCode> {
  const found = await askApi(whereOf(values), pathOf(id), detail);
  if (values.json) console.log(JSON.stringify(found, null, 2));
  else console.log([lineOf(found.incident), ...found.timeline.map(entryLine)].join('\n'));
  return 0;
}

async function act(values: Values, verb: string, id: string, words: string): Promise<ExitCode> {
  const { path, body, missing = '' } = actions[verb]!;
  if (body && words === '') throw new UsageError(`incidents ${verb} ${id}: ${missing}`);
  if (!body && words !== '') throw new UsageError(`incidents ${verb}: one at a time; a note is --text`);
  if (values.text !== undefined && !withText.includes(verb))
    throw new UsageError(`incidents ${verb}: --text goes with ${withText.join(', ')}`);
  const { incident: after } = await askApi(whereOf(values), `${pathOf(id)}/${path}`, detail, {
    method: 'POST',
    body: {
      actor: userInfo().username,
      ...body?.(words),
      ...(values.text !== undefined && { text: values.text }),
    },
  });
  console.log(lineOf(after));
  return 0;
}

const pathOf = (id: string) => `incidents/${encodeURIComponent(id)}`;

/** `<id>  triggered  critical  website is down  since 2026-11-20 05:10:10 UTC, assigned to ana` */
function lineOf({ id, status, severity, title, openedAt, ...who }: Incident): string {
  const facts = [
    `since ${at(openedAt)}`,
    who.acknowledgedBy && `acknowledged by ${who.acknowledgedBy}`,
    who.resolvedBy && `resolved by ${who.resolvedBy}`,
    who.assignee && `assigned to ${who.assignee}`,
    who.suppressed && `told to nobody: ${who.suppressed.text}`,
  ];
  return [id, status, severity, title, facts.filter(Boolean).join(', ')].join('  ');
}

const entryLine = ({ at: when, actor, text }: z.infer<typeof detail>['timeline'][number]) =>
  `  ${at(when)}  ${text} (${actor})`;

const at = (iso: string) => formatTime(Date.parse(iso));
