import type { Config } from '../../../shared/config/config.ts';
import { durationLiteral, formatDuration } from '../../../shared/duration.ts';
import type { NotificationReason } from '../../../shared/incidents/incident.ts';
import type { Notice, Simulation, Supposed } from '../../../shared/incidents/simulate.ts';
import { matchText } from '../../../shared/routing/matcher.ts';
import type { Plan, Receiver, Route } from '../../../shared/routing/route.ts';
import { wallText } from '../../../shared/wall-time.ts';

/** A simulation for people. Times are those of the zone that the routes speak of, or UTC. */
export function simulationLines(
  config: Config,
  { labels }: Supposed,
  simulation: Simulation,
  at: number,
): string[] {
  const { plan, routes, notices, held } = simulation;
  const zone = zoneOf(config, plan);
  return [
    Object.entries(labels)
      .map(([label, value]) => `${label}=${value}`)
      .join(', '),
    `begins   ${wallText(zone, at)} (${zone})`,
    ...(routes.length > 0
      ? routes.map((path, i) => `${i === 0 ? 'route ' : 'also  '}   ${path}: ${matchOf(config.routes, path)}`)
      : ['route    none matches']),
    `group    ${plan.groupKey}, ${termsOf(plan)}`,
    ...plan.receivers.flatMap((receiver) => receiverLine(receiver)),
    '',
    ...[
      ...held.map(({ at: from, text }) => ({
        at: from,
        line: `${wallText(zone, from)}  ${after(from - at)}  held back     ${text}`,
      })),
      ...notices.map((notice) => ({ at: notice.at, line: noticeLine(notice, plan, zone, at) })),
    ]
      .toSorted((one, other) => one.at - other.at)
      .map(({ line }) => line),
    '',
    endLine(simulation),
  ];
}

/** The first zone that decides about anything. */
function zoneOf({ rotations }: Config, { receivers, escalation }: Plan): string {
  const zones = receivers.flatMap(({ hours, digest }) => [hours?.zone, digest?.zone]);
  const rotation = escalation && rotations[0]?.zone;
  return zones.find((zone) => zone !== undefined) ?? rotation ?? 'UTC';
}

/** What the routes on the way to one demand. */
function matchOf(routes: readonly Route[], path: string): string {
  const route = routes.find((each) => path === each.path || path.startsWith(`${each.path}.`));
  if (!route) return 'everything';
  if (route.path === path) return matchText(route.match);
  return `${matchText(route.match)} › ${matchOf(route.routes, path)}`;
}

function termsOf({ groupWait, groupInterval, repeatEvery }: Plan): string {
  return [
    groupWait === 0 ? 'told at once' : `waits ${short(groupWait)}`,
    `changes told every ${short(groupInterval)}`,
    repeatEvery === 0 ? 'never repeated' : `repeated every ${short(repeatEvery)}`,
  ].join(', ');
}

const short = (ms: number) => durationLiteral(ms);

function receiverLine({ channel, hours, digest, sendResolved }: Receiver): string[] {
  const terms = [
    ...(digest ? [`once a day at ${clock(digest.at)} ${digest.zone}`] : []),
    ...(hours && !digest ? [`only at its hours, in ${hours.zone}`] : []),
    ...(sendResolved ? [] : ['not told the end']),
  ];
  return terms.length > 0 ? [`channel  ${channel}: ${terms.join(', ')}`] : [];
}

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const words: Partial<Record<NotificationReason, string>> = {
  first: 'first',
  'mute-ended': 'still firing',
  repeat: 'reminder',
};

function noticeLine({ at, reason, channels }: Notice, plan: Plan, zone: string, began: number): string {
  const told = channels.map(
    ({ channel, digest, whom }) =>
      channel +
      (whom === undefined ? '' : ` (${whom})`) +
      (digest === undefined ? '' : ` (in the digest of ${wallText(zone, digest)})`),
  );
  const nobody = plan.receivers.length > 0 ? 'nobody at this hour' : 'nobody: no channel';
  const again = reason === 'repeat' ? `, and so on every ${short(plan.repeatEvery)}` : '';
  const word = (words[reason] ?? reason).padEnd(14);
  return `${wallText(zone, at)}  ${after(at - began)}  ${word}${told.join(', ') || nobody}${again}`;
}

const after = (ms: number) => (ms === 0 ? 'at once' : `+${formatDuration(ms)}`).padEnd(12);

function endLine({ told, notices }: Simulation): string {
  if (notices.every(({ channels }) => channels.length === 0)) return 'nobody is told';
  const channels = new Set(notices.flatMap((notice) => notice.channels.map(({ channel }) => channel)));
  const silent = [...channels].filter((channel) => !told.includes(channel));
  return `its end is told to ${told.join(', ') || 'nobody'}${silent.length > 0 ? `, not to ${silent.join(', ')}` : ''}`;
}
