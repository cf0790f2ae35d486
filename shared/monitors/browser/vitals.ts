import type { Page } from 'playwright-core';
import { tenths } from '../trace.ts';
import type { VitalName } from './settings.ts';

/** Web Vitals of the first page that was loaded: milliseconds since its navigation began, `cls` without a unit. */
export type Vitals = Partial<Record<VitalName, number>>;

/** What the first page tells of its load. */
export interface Load {
  vitals: Vitals;
  /** Phases of its own request, in milliseconds. */
  phases: { tls?: number; firstByte?: number; transfer?: number };
}

interface Report extends Vitals {
  /** When the document began: tells the documents of a visit apart. */
  origin: number;
  phases?: Load['phases'];
}

/** Called by the page; no page has a function of this name. */
const binding = '__tocsinLoad';

/**
 * Runs in every document before its own code, as the browser understands it. Layout shifts are counted as web.dev defines it: the worst
 * window of shifts less than a second apart, of five seconds at most, none that a person caused.
 */
const observer = `(() => {
  if (window !== window.top || location.protocol === 'about:') return;
  const tell = window.${binding};
  delete window.${binding};
  const seen = { origin: performance.timeOrigin };
  const send = () => tell(seen);
  const watch = (type, see) => new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) see(entry);
    send();
  }).observe({ type, buffered: true });
  let shifts = { sum: 0, first: 0, last: 0 };
  seen.cls = 0;
  watch('paint', ({ name, startTime }) => { if (name === 'first-contentful-paint') seen.fcp = startTime; });
  watch('largest-contentful-paint', ({ startTime }) => { seen.lcp = startTime; });
  watch('layout-shift', ({ hadRecentInput, value, startTime }) => {
    if (hadRecentInput) return;
    const goesOn = startTime - shifts.last < 1000 && startTime - shifts.first < 5000;
    shifts = goesOn ? { ...shifts, sum: shifts.sum + value, last: startTime } : { sum: value, first: startTime, last: startTime };
    seen.cls = Math.max(seen.cls, shifts.sum);
  });
  watch('navigation', ({ responseStart, requestStart, responseEnd, secureConnectionStart, connectEnd }) => {
    seen.ttfb = responseStart;
    seen.phases = {
      firstByte: responseStart - requestStart,
      ...(responseEnd > 0 && { transfer: responseEnd - responseStart }),
      ...(secureConnectionStart > 0 && { tls: connectEnd - secureConnectionStart }),
    };
  });
})()`;

/** Milliseconds that a page which is loaded may take to say so of itself. */
const settling = 500;

/** Listens to what the first page of a visit tells of its load. */
export async function watchLoad(page: Page): Promise<{
  /** Waits a moment for the largest paint of a page that is loaded. */
  settled(): Promise<void>;
  read(): Load;
}> {
  let first: Report | undefined;
  let told: (() => void) | undefined;
  await page.exposeBinding(binding, (_, report: Report) => {
    if (first === undefined || first.origin === report.origin) first = report;
    if (isWhole(first)) told?.();
  });
  await page.addInitScript(observer);
  return {
    async settled() {
      if (isWhole(first)) return;
      const over = AbortSignal.timeout(settling);
      await new Promise<void>((resolve) => {
        told = resolve;
        over.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    read: () => loadOf(first),
  };
}

const isWhole = (report: Report | undefined) => report?.lcp !== undefined && report.ttfb !== undefined;

/** A page may say anything: what is no number of this kind is left out. */
function loadOf(report: Report | undefined): Load {
  const { lcp, fcp, ttfb, cls, phases } = report ?? {};
  return {
    vitals: sound({ lcp, fcp, ttfb, cls }, (name, value) =>
      name === 'cls' ? Math.round(value * 1_000) / 1_000 : tenths(value),
    ),
    phases: sound(phases ?? {}, (_, value) => tenths(value)),
  };
}

function sound<Name extends string>(
  values: Partial<Record<Name, unknown>>,
  round: (name: Name, value: number) => number,
): Partial<Record<Name, number>> {
  const numbers = (Object.entries(values) as [Name, unknown][]).flatMap(([name, value]) =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 1e6
      ? [[name, round(name, value)] as const]
      : [],
  );
  return Object.fromEntries(numbers) as Partial<Record<Name, number>>;
}
