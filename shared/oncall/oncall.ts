import { unitMs } from '../duration.ts';
import { isActive, type Span, spansOf } from '../routing/hours.ts';
import { momentOf, wallTimeAt } from '../wall-time.ts';
import type { Override, Rotation, RotationLayer } from './rotation.ts';

/** A time during which one person is on call. */
export interface Shift extends Span {
  /** Person's id. */
  person: string;
  /** The override that put the person there. */
  override?: string;
}

/** Whoever is on call in a rotation at a moment, by their id; undefined where nobody is. */
export const onCall = (rotation: Rotation, overrides: readonly Override[], at: number): string | undefined =>
  turnAt(rotation, overrides, at)?.person;

/** The latest override goes above all layers, and a later layer above an earlier one. */
function turnAt(
  rotation: Rotation,
  overrides: readonly Override[],
  at: number,
): Pick<Shift, 'person' | 'override'> | undefined {
  const override = overrides.findLast(
    (each) => each.rotation === rotation.id && each.from <= at && at < each.to,
  );
  if (override) return { person: override.person, override: override.id };
  for (const layer of rotation.layers.toReversed()) {
    const person = personOf(layer, rotation.zone, at);
    if (person !== undefined) return { person };
  }
  return undefined;
}

function personOf(layer: RotationLayer, zone: string, at: number): string | undefined {
  const turn = turnNumber(layer, zone, at);
  const isOn = turn >= 0 && (!layer.hours || isActive({ zone, times: layer.hours }, at));
  return isOn ? layer.people[turn % layer.people.length] : undefined;
}

/** Moment at which a turn begins, the first being 0: as the clocks show it, however long the turn before was. */
const beginOf = ({ start, turn }: RotationLayer, zone: string, number: number): number =>
  momentOf(zone, Date.parse(`${start}Z`) + number * lengthOf(turn));

const lengthOf = ({ unit, count }: RotationLayer['turn']): number =>
  count * (unit === 'days' ? unitMs.d : unitMs.h);

/** Which turn it is at a moment; negative before the first. */
function turnNumber(layer: RotationLayer, zone: string, at: number): number {
  const sinceStart = wallTimeAt(zone, at) - Date.parse(`${layer.start}Z`);
  let number = Math.floor(sinceStart / lengthOf(layer.turn));
  // Where the clocks leap, what they show is ahead of or behind the turn.
  while (beginOf(layer, zone, number) > at) number--;
  while (beginOf(layer, zone, number + 1) <= at) number++;
  return number;
}

/** Who is on call from `from` to `to`, in order; in what is between two shifts nobody is. */
export function shiftsOf(
  rotation: Rotation,
  overrides: readonly Override[],
  from: number,
  to: number,
): Shift[] {
  const borders = [from, ...changesOf(rotation, overrides, from, to), to];
  const shifts: Shift[] = [];
  for (const [i, border] of borders.slice(0, -1).entries()) {
    const turn = turnAt(rotation, overrides, border);
    const last = shifts.at(-1);
    const end = borders[i + 1]!;
    if (!turn) continue;
    if (last?.to === border && last.person === turn.person && last.override === turn.override) last.to = end;
    else shifts.push({ ...turn, from: border, to: end });
  }
  return shifts;
}

/** Every moment between two at which somebody else may be on call, in order, each once. */
function changesOf(rotation: Rotation, overrides: readonly Override[], from: number, to: number): number[] {
  const spans = [
    ...overrides.filter((override) => override.rotation === rotation.id),
    ...rotation.layers.flatMap(({ hours }) =>
      hours ? spansOf({ zone: rotation.zone, times: hours }, from, to) : [],
    ),
  ];
  const moments = [
    ...spans.flatMap((span) => [span.from, span.to]),
    ...rotation.layers.flatMap((layer) => handoversOf(layer, rotation.zone, from, to)),
  ];
  return [...new Set(moments)].filter((at) => from < at && at < to).sort((a, b) => a - b);
}

function handoversOf(layer: RotationLayer, zone: string, from: number, to: number): number[] {
  const handovers: number[] = [];
  let number = Math.max(0, turnNumber(layer, zone, from));
  for (;;) {
    const at = beginOf(layer, zone, number++);
    if (at >= to) return handovers;
    handovers.push(at);
  }
}

/** Days that are looked ahead for whoever is on call next: turns are short, as a rule. */
const horizons = [8, 64, 512];

/** Who is on call now, if anybody, and who is next, if anybody is within a year and a half: nothing later is looked at. */
export function nowAndNext(
  rotation: Rotation,
  overrides: readonly Override[],
  at: number,
): { now?: Shift; next?: Shift } {
  for (const days of horizons) {
    const horizon = at + days * unitMs.d;
    const shifts = shiftsOf(rotation, overrides, at, horizon);
    const now = shifts[0]?.from === at ? shifts.shift() : undefined;
    const [next] = shifts;
    const isWhole = next !== undefined && next.to < horizon;
    if (isWhole || days === horizons.at(-1)) return { ...(now && { now }), ...(next && { next }) };
  }
  return {};
}
