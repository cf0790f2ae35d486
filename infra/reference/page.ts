import type * as z from 'zod/mini';
import { operatorsOf } from '../../shared/conditions/operators.ts';
import type { Properties, Property } from '../../shared/conditions/properties.ts';
import { channelSchema } from '../../shared/config/channels.ts';
import { escalationSchema } from '../../shared/config/escalations.ts';
import * as tocsin from '../../shared/config/index.ts';
import { inhibitionSchema } from '../../shared/config/inhibitions.ts';
import { networkSettings, regionSettings } from '../../shared/config/locations.ts';
import { maintenanceSchema } from '../../shared/config/maintenance.ts';
import { personSchema, rotationSchema } from '../../shared/config/rotations.ts';
import { routeSchema } from '../../shared/config/routes.ts';
import { fileSchema, groupSchema, monitorSchema } from '../../shared/config/schema.ts';
import { subscribersSchema } from '../../shared/config/subscribers.ts';
import { configuredKinds } from '../../shared/monitors/index.ts';
import type { ConfiguredKind } from '../../shared/monitors/kind.ts';
import { channelKinds } from '../../shared/notifications/index.ts';
import { type Field, fieldsOf } from './fields.ts';
import { type Docs, readDocs } from './sources.ts';

/** What fields hold that the schema leaves to the rules of a kind. */
const typesElsewhere: Record<string, string> = {
  locations: 'object of [locations](#locations)',
  defaults: '[fields of all monitors](#monitors)',
  monitors: 'list of [monitors](#monitors) and [groups](#groups)',
  channels: 'object of [channels](#channels)',
  routes: 'list of [routes](#routes)',
  escalations: 'object of [escalation policies](#escalations)',
  people: 'object of [people](#people)',
  rotations: 'object of [rotations](#rotations)',
  inhibitions: 'list of [inhibitions](#inhibitions)',
  maintenance: 'list of [maintenance windows](#maintenance)',
  subscribers: '[subscribers](#subscribers)',
};

/** Groups do not nest. */
const typesInGroup = { ...typesElsewhere, monitors: 'list of [monitors](#monitors)' };

/** Written by functions such as `http('api', …)`, and so no field of their second argument. */
const writtenByFunctions = ['id', 'kind'];

/** Text of docs/configuration.md. */
export async function configurationReference(): Promise<string> {
  const docs = await readDocs();
  const sections = [
    introduction,
    ['## The file', 'What `defineConfig({ … })` is given.', fieldTable(fileSchema, docs)],
    [
      '## Locations',
      fieldsOfMaker('location', regionSettings, docs),
      fieldsOfMaker('location.vpc', networkSettings, docs),
    ],
    ['## Monitors', monitors, fieldTable(monitorSchema, docs)],
    ...importable(configuredKinds).map((kind) => monitorSection(kind, docs)),
    ['## Groups', docs.ofFunction('group'), fieldTable(groupSchema, docs, typesInGroup, ['kind', 'name'])],
    ['## Conditions', conditions, operatorTable()],
    ['## Channels', channels, fieldTable(channelSchema, docs)],
    ...importable(channelKinds).map(({ kind, settings }) => fieldsOfMaker(kind, settings, docs)),
    ['## Routes', routes, fieldTable(routeSchema, docs)],
    ['## Escalations', escalations, fieldTable(escalationSchema, docs)],
    ['## People', 'By their names in `people`.', fieldTable(personSchema, docs)],
    ['## Rotations', rotations, fieldTable(rotationSchema, docs)],
    ['## Inhibitions', inhibitions, fieldTable(inhibitionSchema, docs)],
    ['## Maintenance', maintenance, fieldTable(maintenanceSchema, docs)],
    ['## Subscribers', subscribers, fieldTable(subscribersSchema, docs)],
  ];
  return `${sections.flat().join('\n\n')}\n`;
}

const introduction = [
  '# Configuration',
  '<!-- Written by `npm run docs` from the schema and its doc comments: change those. -->',
  "Everything that `tocsin.config.ts` may hold. `npm run tocsin -- validate` checks a file and says what to write instead; editors complete it by the same types. A field in **bold** must be written where the object it belongs to is. A duration is `500ms`, `10s`, `1m`, `4h` or `14d`. A secret is `secret('name')`: on AWS the SecureString `/tocsin/<name of the system>/<name>` in SSM, locally `NAME` from the environment or `.env`.",
];

const monitors =
  'A monitor is made by the function of its kind: `http(id, options)`. The id names its alarm: lower-case letters, digits and dashes. In place of the options may stand the target alone. Besides the fields of its kind each may have:';

const conditions =
  "A condition is one line, `property operator value`; a property with an argument has it in between: `header content-type contains json`. Builders of the same names write the same lines with completion: `header('content-type').contains('json')`. A condition that cannot be evaluated is a failure, never a pass.";

const channels =
  'Named by routes. Without `routes` every channel gets everything. Besides the fields of its kind each may have:';

const routes =
  'The first route that matches owns an incident, and of the routes inside of it the first that matches. What a route does not say it has from the route around it. [Alerting](alerting.md) has examples.';

const escalations =
  'By the names that routes use. A policy begins with the first notification and ends when somebody acknowledges, or the incident does.';

const rotations =
  'By the names that escalation policies use. Overrides are made in the console, by the API or by `npm run tocsin -- oncall`.';

const inhibitions =
  'While an incident matches `source`, those that match `target` are told to nobody. The end of what was told is told all the same.';

const maintenance =
  'Windows of planned work, with `monitors` or `match`, and `at` or `cron`. [Silences and maintenance](silences-and-maintenance.md) has examples.';

const subscribers =
  'Told by SNS itself of every incident, with no function of ours on the way. [Incident events](events.md) has the messages.';

/** Kinds that a config file can import. */
const importable = <Kind>(kinds: Record<string, Kind>): Kind[] =>
  Object.entries(kinds).flatMap(([name, kind]) => (name in tocsin ? [kind] : []));

function monitorSection(kind: ConfiguredKind, docs: Docs): string[] {
  const { shorthand, settings, every, properties } = kind;
  const expected = linesExpectedBy(kind);
  return [
    fieldsOfMaker(kind.kind, settings, docs),
    [
      `A bare second argument is its \`${shorthand}\`.`,
      every &&
        `Checked every \`${every.default}\` unless \`every\` says otherwise; at least \`${every.least}\` apart.`,
      expected.length > 0 &&
        `Unless \`expect\` is given, what must hold is ${expected.map(code).join(' and ')}.`,
    ]
      .filter(Boolean)
      .join(' '),
    ...(Object.keys(properties).length > 0
      ? ['Its conditions may ask for:', propertyTable(properties)]
      : [`It has no ${(kind.without ?? []).map(code).join(', ')}.`]),
  ];
}

/** Targets as people write them; each kind takes one of these forms. */
const targets = [
  'https://www.example.com',
  'wss://www.example.com',
  'www.example.com:443',
  'www.example.com',
];

/** The default `expect` of a monitor that has a target and nothing else. */
function linesExpectedBy({ settings, shorthand, defaultExpect }: ConfiguredKind): string[] {
  const [parsed] = targets.flatMap((target) => settings.safeParse({ [shorthand]: target }).data ?? []);
  return parsed === undefined ? [] : defaultExpect(parsed);
}

/** A heading, what the function is for, and its fields. */
const fieldsOfMaker = (maker: string, settings: z.core.$ZodType, docs: Docs) =>
  [`### ${maker}`, docs.ofFunction(maker), fieldTable(settings, docs), ...fieldsOfTwin(maker, docs)].join(
    '\n\n',
  );

/** `slack` makes channels of two kinds. */
const fieldsOfTwin = (maker: string, docs: Docs): string[] =>
  maker === 'slack' ? ["With a bot's token:", fieldTable(channelKinds.slackbot.settings, docs)] : [];

function fieldTable(
  schema: z.core.$ZodType,
  docs: Docs,
  types = typesElsewhere,
  written = writtenByFunctions,
): string {
  const fields = fieldsOf(schema).filter(({ path }) => !written.includes(path));
  const rows = fields.map((field) => [nameOf(field), typeOf(field, types), docs.ofField(schema, field)]);
  return table(['Field', 'May be', 'What it is'], rows);
}

const nameOf = ({ path, isNeeded }: Field) => (isNeeded ? `**${code(path)}**` : code(path));

function typeOf({ path, type }: Field, types: Record<string, string>): string {
  const known = type ?? types[path];
  if (known === undefined)
    throw new Error(`the reference cannot say what ${path} may be: add it to typesElsewhere`);
  return known;
}

const propertyTable = (properties: Properties) =>
  table(
    ['Property', 'Compares', 'What it is'],
    Object.entries(properties).map(([name, { argument, type, words, description }]) => [
      code(argument ? `${name} <${argument}>` : name),
      words ? words.map(code).join(', ') : type,
      description,
    ]),
  );

/** How values of each type are written. */
const values: Record<Property['type'], string> = {
  number: '`200`; a class `2xx`; after `in` a list with ranges, `200-299, 304`',
  duration: '`800ms`, `2s`',
  days: '`14d`',
  percent: '`5%`',
  text: 'one word, or text in quotes; after `matches` a regular expression, `/ready/i`',
  word: 'one of the words of the property',
  json: 'text in quotes, a number, `true`, `false`, `null`; after `matches` a regular expression',
};

const operatorTable = () =>
  table(
    ['Type', 'Operators', 'Value'],
    Object.entries(values).map(([type, value]) => [
      type,
      operatorsOf(type as Property['type'])
        .map(code)
        .join(' '),
      value,
    ]),
  );

const code = (text: string) => `\`${text}\``;

function table(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

const cell = (text: string) => text.replaceAll('\n', ' ').replaceAll('|', '\\|');
