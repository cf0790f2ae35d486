import type { Child } from 'hono/jsx';
import type { NowEntry } from '../history/history.ts';
import { recentSlots } from '../history/now.ts';
import type { Slice } from '../history/series.ts';
import type { Outcome } from '../monitors/observation.ts';
import { formatTime } from '../notifications/time.ts';
import { niceMax, timeLabels, valueLabels } from './axis.ts';

/** The plot's own units: it is stretched to its place, so the labels are text beside it. */
const width = 1_000;
const height = 100;

/** Fill of what failed: lines, so that it is seen without colour, too. Defined once in every page by `HatchPattern`. */
const hatch = 'url(#hatch)';

export const HatchPattern = () => (
  <svg class="hidden" width="0" height="0" aria-hidden="true">
    <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="hatch" width="3" height="7" />
    </pattern>
  </svg>
);

interface FrameProps {
  caption: string;
  /** The chart in words. */
  summary: string;
  max: number;
  spanMs: number;
  steps: number;
  size: 'small' | 'large';
  children: Child;
}

const lines = 2;

/** Axes with their units, around a plot. */
const Frame = ({ caption, summary, max, spanMs, steps, size, children }: FrameProps) => (
  <figure class={`chart ${size}`}>
    <figcaption>{caption}</figcaption>
    <div class="values" aria-hidden="true">
      {valueLabels(max, lines).map((label) => (
        <span>{label}</span>
      ))}
    </div>
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
      {Array.from({ length: lines + 1 }, (_, n) => (
        <line class="grid" x1="0" x2={width} y1={(height * n) / lines} y2={(height * n) / lines} />
      ))}
      {children}
    </svg>
    <div class="times" aria-hidden="true">
      {timeLabels(spanMs, steps).map((label) => (
        <span>{label}</span>
      ))}
    </div>
  </figure>
);

type Recent = NowEntry['recent'];

interface RecentChartProps {
  recent: Recent;
  /** Milliseconds between two checks. */
  every: number;
  /** Epoch milliseconds. */
  until: number;
}

/** The latest checks, one bar each: as high as its answer took, hatched over the whole height where it failed. */
export function RecentChart({ recent, every, until }: RecentChartProps) {
  const max = niceMax(Math.max(0, ...recent.map(([, , time]) => time ?? 0)), lines);
  const end = endOf(recent, every, until);
  const step = width / recentSlots;
  return (
    <Frame
      caption="Response time of the latest checks"
      summary={inWords(recent)}
      max={max}
      spanMs={every * recentSlots}
      steps={2}
      size="small"
    >
      {recent
        .filter(([slot]) => end - slot < recentSlots * every)
        .map(([slot, outcome, time]) => {
          const x = width - step * (Math.round((end - slot) / every) + 1);
          return <CheckBar x={x} width={step * 0.72} slot={slot} outcome={outcome} time={time} max={max} />;
        })}
    </Frame>
  );
}

/** The chart ends with the newest check; where that is long ago, it ends now and the gap is seen. */
function endOf(recent: Recent, every: number, until: number): number {
  const newest = recent.at(-1)?.[0];
  return newest !== undefined && until - newest < 4 * every ? newest : Math.floor(until / every) * every;
}

interface CheckBarProps {
  x: number;
  width: number;
  slot: number;
  outcome: Outcome;
  time: number | null;
  max: number;
}

const CheckBar = ({ x, width, slot, outcome, time, max }: CheckBarProps) => {
  const answered = Math.max(2, ((time ?? 0) / max) * height);
  return (
    <g class={outcome}>
      <title>{`${formatTime(slot)}: ${outcome}${time === null ? '' : `, ${time} ms`}`}</title>
      {outcome === 'down' && <rect fill={hatch} x={round(x)} y="0" width={round(width)} height={height} />}
      <rect
        class="bar"
        x={round(x)}
        y={round(height - answered)}
        width={round(width)}
        height={round(answered)}
      />
    </g>
  );
};

function inWords(recent: Recent): string {
  if (recent.length === 0) return 'no check yet';
  const counts = [...Map.groupBy(recent, ([, outcome]) => outcome)].map(
    ([outcome, slots]) => `${slots.length} ${outcome}`,
  );
  return `the latest ${recent.length} checks: ${counts.join(', ')}`;
}

interface HistoryChartProps {
  slices: readonly Slice[];
  /** Epoch milliseconds. */
  from: number;
  to: number;
}

/** Response time over hours: average and slowest answer of each slice, hatched where the target was down. */
export function HistoryChart({ slices, from, to }: HistoryChartProps) {
  const answered = slices.filter(({ bucket }) => bucket.answers > 0);
  const max = niceMax(Math.max(0, ...answered.map(({ bucket }) => bucket.responseMax)), lines);
  const place = ({ at, lengthMs }: Slice) => ({
    x: ((Math.max(at, from) - from) / (to - from)) * width,
    wide: ((Math.min(at + lengthMs, to) - Math.max(at, from)) / (to - from)) * width,
  });
  const area = (value: (slice: Slice) => number) =>
    answered.map((slice) => block(place(slice), (value(slice) / max) * height)).join('');
  const failing = slices.filter(({ bucket }) => bucket.down > 0);
  return (
    <Frame
      caption="Response time: average, and slowest in a lighter shade"
      summary={`slowest answer ${Math.round(Math.max(0, ...answered.map(({ bucket }) => bucket.responseMax)))} ms; down in ${failing.length} of ${slices.length} parts`}
      max={max}
      spanMs={to - from}
      steps={4}
      size="large"
    >
      <path class="slowest" d={area(({ bucket }) => bucket.responseMax)} />
      <path class="average" d={area(({ bucket }) => bucket.responseSum / bucket.answers)} />
      <g class="down">
        <path fill={hatch} d={failing.map((slice) => block(place(slice), height)).join('')} />
      </g>
    </Frame>
  );
}

/** A column that stands on the time axis, as a path. */
const block = ({ x, wide }: { x: number; wide: number }, high: number) =>
  `M${round(x)} ${height}v${round(-high)}h${round(wide)}v${round(high)}z`;

const round = (value: number) => Math.round(value * 100) / 100;
