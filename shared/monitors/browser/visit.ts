import type { BrowserContextOptions, Page, Response } from 'playwright-core';
import type { Properties } from '../../conditions/properties.ts';
import type { Monitor } from '../../config/config.ts';
import { attemptAt, type Conclusion, lookAmong } from '../attempt.ts';
import { AttemptFailed } from '../failure.ts';
import type { Measurement, ProbeContext } from '../kind.ts';
import { hostOf } from '../network/network.ts';
import type { Attempt, StepResult } from '../observation.ts';
import { tenths } from '../trace.ts';
import { type Complaints, watchComplaints } from './complaints.ts';
import { isTimeout } from './failure.ts';
import { within } from './patience.ts';
import { takeScreenshot, textOf } from './screenshot.ts';
import { type Session, startSession } from './session.ts';
import type { browserFields } from './settings.ts';
import type { TakenStep } from './steps.ts';
import { type Load, watchLoad } from './vitals.ts';

export const pageProperties = {
  responseTime: {
    type: 'duration',
    description: 'From the first request to the end of the last step; starting the browser is not counted',
  },
  lcp: { type: 'duration', description: 'Largest Contentful Paint of the first page' },
  fcp: { type: 'duration', description: 'First Contentful Paint of the first page' },
  ttfb: { type: 'duration', description: 'Time to First Byte of the first page' },
  cls: { type: 'number', description: 'Cumulative Layout Shift of the load of the first page, such as 0.1' },
  'console.errors': {
    type: 'number',
    description: 'Errors that pages wrote to the console or did not catch',
  },
  url: { type: 'text', description: 'Address of the page in the end' },
  title: { type: 'text', description: 'Title of the page in the end' },
} as const satisfies Properties;

/** Settings that every kind with a browser has. */
export interface PageSettings {
  viewport: { width: number; height: number };
  vitals: (typeof browserFields)['vitals']['_zod']['output'];
}

/** A page, what it tells of its load, and the answer it came with. */
interface Watched {
  page: Page;
  load: Awaited<ReturnType<typeof watchLoad>>;
  document: ReturnType<typeof firstDocument>;
}

/** What a visit has to work with. */
export interface Visiting {
  session: Session;
  /** Opens a page that shares nothing with others. The first is measured, the last is looked at in the end. */
  open(options?: BrowserContextOptions): Promise<Watched>;
  /** Milliseconds left for what is done; what is kept back is for looking at the page afterwards. */
  left(): number;
  readSecret(name: string): Promise<string>;
  note?: ((text: string) => void) | undefined;
}

/** What a visit saw. */
interface Seen {
  responseTime: number;
  steps: TakenStep[];
  load: Load;
  complaints: Complaints;
  status: number | undefined;
  certificateDaysLeft: number | undefined;
  address: string | undefined;
  url: string;
  title: string;
  text: string;
  screenshot: string | undefined;
  refused: string[];
}

/** Milliseconds: a browser that takes longer for a page is no fault of the target; pages that it is still opening in the end. */
const patience = { open: 20_000, settle: 2_000 };

/** Of the timeout, what is kept back for looking at the page in the end: a quarter, and no more than two seconds. */
const reserveOf = (timeout: number) => Math.min(timeout / 4, 2_000);

/**
 * One visit to pages in a browser of its own: `work` does what is to be done, what it failed in is in its steps. The browser is gone
 * when this returns.
 * @param firstOptions of the page that `work` opens first: it is there before time runs
 */
export async function measureVisit<Settings extends PageSettings>(
  monitor: Monitor<Settings>,
  context: ProbeContext,
  before: Attempt | undefined,
  firstOptions: (readSecret: Visiting['readSecret']) => Promise<BrowserContextOptions>,
  work: (visiting: Visiting) => Promise<TakenStep[]>,
): Promise<Measurement> {
  const secrets = new Set<string>();
  const readSecret = async (name: string) => {
    const value = await context.readSecret(name);
    secrets.add(value);
    return value;
  };
  const session = await startSession(context, monitor.timeout, before);
  const pages = pagesOf(session, monitor.settings);
  let screenshot: string | undefined;
  try {
    await pages.prepare(await firstOptions(readSecret));
    const measurement = await attemptAt(
      monitor,
      context,
      async (trace) => {
        // What waits for a page waits for its first byte; steps have messages of their own.
        trace.enter('firstByte');
        trace.waitingFor = 'the page';
        const left = () => trace.remaining() - reserveOf(monitor.timeout);
        const seen = await visit({ session, left, readSecret, note: trace.note }, pages, work, {
          now: context.now,
          secrets,
          remaining: trace.remaining,
        });
        screenshot = seen.screenshot;
        return seen;
      },
      (seen) => conclude(monitor.kind, seen),
    );
    return { ...measurement, ...(screenshot && { screenshot }), secrets: [...secrets] };
  } finally {
    await pages.settled();
    await session.close();
  }
}

/** The pages of a visit. */
interface Pages {
  /** In the order in which they were opened. */
  opened: Watched[];
  complaints: Complaints;
  /** Opens the first page, for whoever asks for one first. Throws where the browser does not: a fault of ours. */
  prepare(options: BrowserContextOptions): Promise<void>;
  open: Visiting['open'];
  /** Waits a moment for pages that are being opened: the driver throws at nobody where their browser ends before. */
  settled(): Promise<void>;
}

function pagesOf(session: Session, { viewport }: PageSettings): Pages {
  const complaints: Complaints = { count: 0, first: [] };
  const opened: Watched[] = [];
  const opening = new Set<Promise<Watched>>();
  let prepared: Watched | undefined;

  const watch = async (options: BrowserContextOptions = {}): Promise<Watched> => {
    const { page } = await session.open({ viewport, ...options });
    watchComplaints(page, complaints);
    const watched = { page, load: await watchLoad(page), document: firstDocument(page) };
    opened.push(watched);
    return watched;
  };
  const open = (options?: BrowserContextOptions): Promise<Watched> => {
    const page = watch(options);
    opening.add(page);
    return page.finally(() => opening.delete(page));
  };
  return {
    opened,
    complaints,
    async prepare(options) {
      prepared = await within(patience.open, open(options)).catch((error) => {
        throw isTimeout(error)
          ? new Error('the browser opened no page within 20 s', { cause: error })
          : error;
      });
    },
    async open(options) {
      const first = prepared;
      prepared = undefined;
      return first ?? open(options);
    },
    async settled() {
      await soon(patience.settle, Promise.allSettled(opening));
    },
  };
}

async function visit(
  given: Pick<Visiting, 'session' | 'left' | 'readSecret' | 'note'>,
  { opened, open, complaints }: Pages,
  work: (visiting: Visiting) => Promise<TakenStep[]>,
  { now, secrets, remaining }: { now(): number; secrets: ReadonlySet<string>; remaining(): number },
): Promise<Seen> {
  const { session } = given;
  const begun = performance.now();
  const steps = await work({ ...given, open });
  const responseTime = tenths(performance.now() - begun);
  const crash = session.crash();
  if (crash) throw new Error(crash);
  const share = () => Math.max(1, Math.min(1_000, remaining() / 2));
  const first = opened[0]?.document.response();
  const page = opened.at(-1)?.page;
  const [screenshot, title, text, certificate] = await Promise.all([
    page && soon(share(), takeScreenshot(page, secrets, share())),
    page && soon(share(), page.title()),
    page && soon(share(), textOf(page, share())),
    soon(share(), certificateOf(first)),
  ]);
  const host = first && hostOf(new URL(first.url()));
  return {
    responseTime,
    steps,
    load: opened[0]?.load.read() ?? { vitals: {}, phases: {} },
    complaints,
    status: first?.status(),
    certificateDaysLeft: certificate && tenths((certificate.validTo * 1_000 - now()) / 86_400_000),
    address: host ? session.proxy.reached(host)?.address : undefined,
    url: page?.url() ?? '',
    title: title ?? '',
    text: text ?? '',
    screenshot,
    refused: session.proxy.refused(),
  };
}

/** The answer that the first page came with, redirects followed. */
function firstDocument(page: Page): { response(): Response | undefined } {
  let first: Response | undefined;
  page.on('response', (response) => {
    const request = response.request();
    const isRedirect = response.status() >= 300 && response.status() < 400;
    if (request.isNavigationRequest() && request.frame() === page.mainFrame() && !isRedirect)
      first ??= response;
  });
  return { response: () => first };
}

const certificateOf = async (response: Response | undefined): Promise<{ validTo: number } | undefined> => {
  const details = await response?.securityDetails();
  return details?.validTo === undefined ? undefined : { validTo: details.validTo };
};

/** What a page says, unless it is busy for ever. */
const soon = <Value>(ms: number, asked: Promise<Value>): Promise<Value | undefined> =>
  within(ms, asked).catch(() => undefined);

function conclude(kind: string, seen: Seen): Conclusion {
  const { responseTime, steps, load, complaints, status, certificateDaysLeft, address, refused } = seen;
  const failing = steps.find(({ outcome }) => outcome === 'down');
  const { reason, message } = failing?.failure ?? {};
  const { vitals, phases } = load;
  const note =
    refused.length > 0 && `the page asked for ${refused.join(', ')}, where a check may not connect to`;
  const vital = (name: keyof typeof vitals) =>
    vitals[name] === undefined
      ? { problem: `the page told no ${name.toUpperCase()}` }
      : { value: vitals[name] };
  return {
    fields: {
      responseTime,
      timings: phases,
      ...(reason && { outcome: 'down', reason, message: inStep(failing!, steps, message!) }),
      ...(status !== undefined && { status }),
      ...(address && { address }),
      ...(certificateDaysLeft !== undefined && { certificateDaysLeft }),
      ...(steps.length > 1 && { steps: steps.map(resultOf) }),
      ...(Object.keys(vitals).length > 0 && { vitals }),
      ...(complaints.count > 0 && { complaints }),
      ...(note && { note }),
      ...(reason && { excerpt: seen.text }),
    },
    look: lookAmong(kind, {
      responseTime: () => ({ value: responseTime }),
      status: () => (status === undefined ? { problem: 'no page answered' } : { value: status }),
      lcp: () => vital('lcp'),
      fcp: () => vital('fcp'),
      ttfb: () => vital('ttfb'),
      cls: () => vital('cls'),
      'console.errors': () => ({ value: complaints.count }),
      url: () => ({ value: seen.url }),
      title: () => ({ value: seen.title }),
      certificate: () =>
        certificateDaysLeft === undefined
          ? { problem: 'the page was not encrypted' }
          : { value: certificateDaysLeft },
    }),
    excerpt: () => seen.text,
  };
}

/** The only step needs no name. */
const inStep = ({ name }: TakenStep, { length }: TakenStep[], message: string) =>
  length > 1 ? `step ${name}: ${message}` : message;

const resultOf = ({ failure: _, ...step }: TakenStep): StepResult => step;

/** A failure that the network had no part in. */
export const unmet = (message: string, cause?: unknown) =>
  new AttemptFailed('condition-failed', message, { cause });
