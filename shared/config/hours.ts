import type { Advice } from '../conditions/value.ts';
import { nearest } from '../nearest.ts';
import type { DailyTime, Hours } from '../routing/route.ts';
import { isZone } from '../wall-time.ts';
import type { Findings } from './issues.ts';
import type { Path } from './problems.ts';

/** Weekly times of a line, and the zone where it names one. */
interface Line {
  times: Hours['times'];
  zone: string | undefined;
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const shortWeekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const everyDay = [0, 1, 2, 3, 4, 5, 6];
const midnight = 24 * 60;
const example = 'Mon-Fri 09:00-18:00';

/**
 * The times that lines such as `Mon-Fri 09:00-18:00 Europe/Madrid` mean. Lines after the first may leave the zone out.
 * Undefined where they are at fault.
 */
export function resolveHours(written: string | string[], at: Path, findings: Findings): Hours | undefined {
  const lines = readLines(written, at, findings);
  if (!lines) return undefined;
  const zones = [...new Set(lines.flatMap(({ zone }) => zone ?? []))];
  const [zone] = zones;
  if (zone === undefined) {
    const first = [written].flat()[0];
    findings.report(at, {
      allowed: 'times with their zone: at the same hour it is day here and night there',
      fix: `write '${first} Europe/Madrid'`,
    });
    return undefined;
  }
  if (zones.length > 1) {
    findings.report(at, {
      allowed: `times in one zone: these are in ${zones.join(' and ')}`,
      fix: 'make it a route for each zone, the first with `continue: true`',
    });
    return undefined;
  }
  return { zone, times: lines.flatMap(({ times }) => times) };
}

/** The same in the zone of something around them. */
export function resolveLocalHours(
  written: string | string[],
  at: Path,
  findings: Findings,
): Hours['times'] | undefined {
  const lines = readLines(written, at, findings);
  if (!lines?.some(({ zone }) => zone !== undefined)) return lines?.flatMap(({ times }) => times);
  findings.report(at, {
    allowed: 'days and times: their zone is that of the rotation',
    fix: `write '${example}'`,
  });
  return undefined;
}

function readLines(written: string | string[], at: Path, findings: Findings): Line[] | undefined {
  const lines = [written].flat().flatMap((text, i) => {
    const line = readLine(text);
    if ('times' in line) return [line];
    findings.report(Array.isArray(written) ? [...at, i] : at, line);
    return [];
  });
  return lines.length === [written].flat().length ? lines : undefined;
}

/** Days, times and a zone: `Mon,Wed-Fri 09:00-12:00,13:00-18:00 Europe/Madrid`. */
function readLine(text: string): Line | Advice {
  const words = text
    .trim()
    .replaceAll(/\s*([,–])\s*|\s+(-)\s+/g, (_, mark, dash) => (mark === ',' ? ',' : (dash ?? '-')))
    .split(/\s+/);
  const dayWord = /^\d{1,2}:/.test(words[0] ?? '') ? undefined : words.shift();
  const [spans, zone, ...rest] = words;
  if (spans === undefined || rest.length > 0)
    return { allowed: 'days, times and a zone, in this order', fix: `write '${example} Europe/Madrid'` };
  const days = dayWord === undefined ? everyDay : daysIn(dayWord);
  if (!Array.isArray(days)) return days;
  const times = spans.split(',').map((span) => timesIn(span, days));
  const fault = times.find((each) => !Array.isArray(each)) ?? (zone && zoneFault(zone));
  return fault ? (fault as Advice) : { times: times.flat() as Hours['times'], zone };
}

/** Days of `Mon,Wed-Fri`, which may go over Sunday. */
function daysIn(text: string): number[] | Advice {
  const days: number[] = [];
  for (const part of text.split(',')) {
    const ends = part.split('-').map(weekdayOf);
    const [first, last] = [ends[0], ends.at(-1)];
    if (first === undefined || last === undefined || ends.length > 2) return dayFault(part);
    for (let day = first; days.push(day) && day !== last; day = (day + 1) % 7);
  }
  return [...new Set(days)].sort();
}

/** Its number from Sunday, 0; the first three letters are enough. */
function weekdayOf(word: string): number | undefined {
  const day = weekdays.findIndex((name) => word.length >= 3 && name.startsWith(word.toLowerCase()));
  return day === -1 ? undefined : day;
}

function dayFault(text: string): Advice {
  const wrong = text.split('-').find((word) => weekdayOf(word) === undefined) ?? text;
  const like = nearest(wrong, [...shortWeekdays, ...weekdays]);
  return {
    allowed: `days such as Mon-Fri or Sat,Sun: there is none ${wrong}`,
    fix: like ? `did you mean ${shortWeekdays[weekdayOf(like) ?? 0]}` : `write '${example}'`,
  };
}

/** Times of one span on days; one over midnight is a part of each of two days. */
function timesIn(span: string, days: number[]): Hours['times'] | Advice {
  const [from, to, ...rest] = span.split('-').map(minutesOf);
  if (from === undefined || to === undefined || rest.length > 0 || from === midnight)
    return {
      allowed: `times from 00:00 to 24:00 such as 09:00-18:00: ${span} is none`,
      fix: `write '${example}'`,
    };
  if (from === to)
    return {
      allowed: `a time that lasts: ${span} has no length`,
      fix: 'write 00:00-24:00 for the whole day',
    };
  if (from < to) return [{ days, from, to }];
  const next = days.map((day) => (day + 1) % 7).sort();
  return [{ days, from, to: midnight }, ...(to > 0 ? [{ days: next, from: 0, to }] : [])];
}

/** Minutes from midnight of `09:00`, up to 24:00. */
function minutesOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= midnight ? minutes : undefined;
}

/** What is wrong with the name of a zone. */
export function zoneFault(zone: string): Advice | undefined {
  if (isZone(zone)) return undefined;
  const like = nearest(zone, Intl.supportedValuesOf('timeZone'));
  return {
    allowed: `an IANA time zone such as Europe/Madrid: there is none ${zone}`,
    fix: like ? `did you mean ${like}` : 'write Europe/Madrid, or UTC',
  };
}

/** A time of every day: `08:00 Europe/Madrid`. Undefined where it is at fault. */
export function resolveDaily(written: string, at: Path, findings: Findings): DailyTime | undefined {
  const [time = '', zone, ...rest] = written.trim().split(/\s+/);
  const minutes = minutesOf(time);
  if (minutes === undefined || minutes === midnight || zone === undefined || rest.length > 0) {
    findings.report(at, {
      allowed: 'a time from 00:00 to 23:59 and its zone',
      fix: "write digest: '08:00 Europe/Madrid'",
    });
    return undefined;
  }
  const fault = zoneFault(zone);
  if (fault) findings.report(at, fault);
  return fault ? undefined : { at: minutes, zone };
}
