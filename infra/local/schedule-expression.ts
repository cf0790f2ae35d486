/** When a schedule is due. Times are epoch milliseconds. */
export interface Recurrence {
  /** The first due time after `time`; undefined when there is none within two years. */
  after(time: number): number | undefined;
  /** Whether it runs as often as a clock strikes, rather than at named hours. */
  regular: boolean;
}

const minuteMs = 60_000;
const unitMinutes: Record<string, number> = { minute: 1, hour: 60, day: 1_440 };

/**
 * Parses EventBridge Scheduler's `rate(…)` and `cron(…)`. Rates fall on multiples of themselves since 1970.
 * Throws for anything else, such as `at(…)` and the cron signs `L`, `W`, `#`.
 * @param timeZone IANA name, for cron
 */
export function parseSchedule(expression: string, timeZone: string): Recurrence {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const period = Number(rate[1]) * unitMinutes[rate[2]!]! * minuteMs;
    return { after: (time) => Math.floor(time / period) * period + period, regular: true };
  }
  const cron = /^cron\((.+)\)$/.exec(expression);
  if (cron) return { after: cronSearch(cron[1]!.trim().split(/\s+/), timeZone), regular: false };
  throw new Error(`schedule expression ${expression}: only rate(…) and cron(…) run locally`);
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const farthestDays = 2 * 366;

function cronSearch(fields: string[], timeZone: string): Recurrence['after'] {
  if (fields.length !== 6)
    throw new Error(`cron(${fields.join(' ')}): six fields are needed, got ${fields.length}`);
  const [minutes, hours, days, months, weekdays, years] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const fits = {
    minute: parseField(minutes, 0, 59),
    hour: parseField(hours, 0, 23),
    day: parseField(days, 1, 31),
    month: parseField(months, 1, 12, monthNames),
    weekday: parseField(weekdays, 1, 7, dayNames),
    year: parseField(years, 1970, 2199),
  };
  const localTime = localTimeIn(timeZone);
  return (time) => {
    const first = Math.floor(time / minuteMs) * minuteMs + minuteMs;
    const last = first + farthestDays * 86_400_000;
    for (let candidate = first; candidate < last; ) {
      const local = localTime(candidate);
      const hourFits =
        fits.year(local.year) &&
        fits.month(local.month) &&
        fits.day(local.day) &&
        fits.weekday(local.weekday) &&
        fits.hour(local.hour);
      if (hourFits && fits.minute(local.minute)) return candidate;
      candidate += (hourFits ? 1 : 60 - local.minute) * minuteMs;
    }
    return undefined;
  };
}

/** A field such as `*`, `5`, `1-5`, `0/15`, `MON-FRI` or a list of these. */
function parseField(
  field: string,
  min: number,
  max: number,
  names: string[] = [],
): (value: number) => boolean {
  const numberOf = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    const value = named === -1 ? Number(text) : named + 1;
    if (!Number.isInteger(value) || value < min || value > max)
      throw new Error(`cron field ${field}: ${text} is not within ${min} to ${max}`);
    return value;
  };
  const parts = field.split(',').map((part) => {
    const [range = '', step] = part.split('/');
    if (range === '*' || range === '?') return { from: min, to: max, step: Number(step ?? 1) };
    const [from, to] = range.split('-').map(numberOf);
    return { from: from!, to: to ?? (step ? max : from!), step: Number(step ?? 1) };
  });
  return (value) =>
    parts.some(({ from, to, step }) => value >= from && value <= to && (value - from) % step === 0);
}

function localTimeIn(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    weekday: 'short',
  });
  return (time: number) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    return {
      year: number('year'),
      month: number('month'),
      day: number('day'),
      hour: number('hour'),
      minute: number('minute'),
      weekday: dayNames.indexOf((parts.get('weekday') ?? '').toUpperCase()) + 1,
    };
  };
}
