import type { Page, Request } from 'playwright-core';
import { matcher } from '../../conditions/matching.ts';
import { formatDuration } from '../../duration.ts';
import { AttemptFailed } from '../failure.ts';
import type { StepResult } from '../observation.ts';
import { isTimeout, lateFailure, networkFailureOf, sentenceOf } from './failure.ts';
import { within } from './patience.ts';
import type { VettingProxy } from './proxy.ts';
import { textOf } from './screenshot.ts';
import type { BrowserSettings, BrowserStep, Expectation, Said } from './settings.ts';
import { expectationName, nameOf } from './step-names.ts';

/** Milliseconds between two looks at what is expected. */
const lookEvery = 100;

/** A visit to pages, as far as steps need it. */
export interface Visit {
  page: Page;
  proxy: VettingProxy;
  settings: Pick<BrowserSettings, 'patience'>;
  readSecret(name: string): Promise<string>;
  /** Milliseconds left for steps. */
  left(): number;
  /** Told of each step before it is taken. */
  note?: ((text: string) => void) | undefined;
}

/** A step, what came of it, and why it failed. */
export interface TakenStep extends StepResult {
  failure?: AttemptFailed;
}

/** Takes steps until one fails; those behind it are not taken. Throws for faults of ours. */
export async function takeSteps(steps: readonly BrowserStep[], visit: Visit): Promise<TakenStep[]> {
  const taken: TakenStep[] = [];
  let isWell = true;
  for (const step of steps) {
    const result: TakenStep = isWell
      ? await timed(nameOf(step), visit, () => take(step, visit))
      : { name: nameOf(step), outcome: 'unknown' };
    isWell = result.outcome === 'up';
    taken.push(result);
  }
  return taken;
}

/** One step and its time; what ends it early is its failure. */
export async function timed(
  name: string,
  { note }: Pick<Visit, 'note'>,
  work: () => Promise<void>,
): Promise<TakenStep> {
  note?.(`> ${name}`);
  const begun = performance.now();
  const responseTime = () => Math.round(performance.now() - begun);
  try {
    await work();
    return { name, outcome: 'up', responseTime: responseTime() };
  } catch (error) {
    if (!(error instanceof AttemptFailed)) throw error;
    return {
      name,
      outcome: 'down',
      responseTime: responseTime(),
      message: error.message,
      failure: error,
    };
  }
}

async function take(step: BrowserStep, visit: Visit): Promise<void> {
  const { page, settings } = visit;
  if ('goto' in step) return followTo(step.goto, visit);
  if ('expect' in step) return waitFor(step.expect, visit);
  const patience = Math.max(1, Math.min(settings.patience, visit.left()));
  const options = { timeout: patience };
  const value = 'with' in step ? await textFor(step.with, visit) : '';
  try {
    if ('click' in step) await within(patience, page.locator(step.click).click(options));
    else if ('fill' in step) await within(patience, page.locator(step.fill).fill(value, options));
    else if ('select' in step)
      await within(patience, page.locator(step.select).selectOption(step.option, options));
    else await within(patience, page.keyboard.press(step.press));
  } catch (error) {
    if (isTimeout(error))
      throw new AttemptFailed('condition-failed', `${whatFor(step)} within ${formatDuration(patience)}`);
    throw new AttemptFailed('condition-failed', sentenceOf(error), { cause: error });
  }
}

const textFor = (value: string | { secret: string }, { readSecret }: Visit) =>
  typeof value === 'string' ? value : readSecret(value.secret);

function whatFor(step: BrowserStep): string {
  if ('click' in step) return `nothing that could be clicked was ${step.click}`;
  if ('fill' in step) return `nothing that could be filled was ${step.fill}`;
  if ('select' in step) return `${step.option} could not be chosen in ${step.select}`;
  return 'it did not end';
}

async function followTo(url: string, visit: Visit): Promise<void> {
  const status = await openPage(url, visit);
  if (status >= 400) throw new AttemptFailed('condition-failed', `${url} answered with ${status}`);
}

/** Opens a page and waits until it is loaded. @returns its status, 0 where it has none. Throws `AttemptFailed`. */
export async function openPage(url: string, { page, proxy, left }: Visit): Promise<number> {
  const timeout = Math.max(1, left());
  let hasAnswered = false;
  const answered = () => {
    hasAnswered = true;
  };
  let failed: string | undefined;
  const gaveUp = (request: Request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) failed = request.url();
  };
  page.once('domcontentloaded', answered);
  page.once('response', answered);
  page.on('requestfailed', gaveUp);
  try {
    const response = await within(timeout, page.goto(url, { timeout, waitUntil: 'load' }));
    return response?.status() ?? 0;
  } catch (error) {
    if (isTimeout(error)) throw lateFailure(url, hasAnswered, timeout, proxy);
    const failure = networkFailureOf(error, url, proxy, failed);
    throw failure ?? new Error(sentenceOf(error), { cause: error });
  } finally {
    page.off('domcontentloaded', answered);
    page.off('response', answered);
    page.off('requestfailed', gaveUp);
  }
}

async function waitFor(expected: Expectation, visit: Visit): Promise<void> {
  const patience = Math.max(1, Math.min(visit.settings.patience, visit.left()));
  const until = performance.now() + patience;
  let seen = 'there was nothing to read it from';
  do {
    const look = await lookFor(expected, visit.page, until - performance.now());
    if (look === true) return;
    seen = look ?? seen;
    await new Promise((resolve) =>
      AbortSignal.timeout(lookEvery).addEventListener('abort', resolve, { once: true }),
    );
  } while (performance.now() < until);
  throw new AttemptFailed(
    'condition-failed',
    `expected ${expectationName(expected)}, ${seen} after ${formatDuration(patience)}`,
  );
}

/** True where what is expected is there, else what is there; undefined where that could not be seen. */
async function lookFor(expected: Expectation, page: Page, left: number): Promise<true | string | undefined> {
  if ('url' in expected) return says(expected.url, page.url()) || `got ${page.url()}`;
  try {
    if ('title' in expected) {
      const title = await page.title();
      return says(expected.title, title) || `got ${JSON.stringify(title)}`;
    }
    if ('visible' in expected)
      return (await isSeen(page, expected.visible)) || 'nothing of that kind was to be seen';
    if ('hidden' in expected) return !(await isSeen(page, expected.hidden)) || 'it was still to be seen';
    const where = expected.in ? page.locator(expected.in).first() : undefined;
    const timeout = Math.max(1, left);
    const text = where ? await where.innerText({ timeout }) : await textOf(page, timeout);
    return says(expected.text, text) || 'it was not on the page';
  } catch (error) {
    // A page that is just left has no text, and is looked at again.
    if (isTimeout(error) || /context was destroyed|navigat/i.test((error as Error).message)) return undefined;
    throw new AttemptFailed('condition-failed', sentenceOf(error), { cause: error });
  }
}

const isSeen = async (page: Page, selector: string) =>
  (await page.locator(selector).filter({ visible: true }).count()) > 0;

/** Whether a text contains what is expected, or matches it where that is a regular expression. White space counts once. */
function says(wanted: Said, text: string): boolean {
  if (typeof wanted !== 'string') return matcher(wanted.pattern)(text) === true;
  const single = (said: string) => said.replaceAll(/\s+/g, ' ');
  return single(text).includes(single(wanted));
}
