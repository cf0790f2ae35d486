import { isDeepStrictEqual } from 'node:util';
import type { APIResponse, Locator, Page } from 'playwright-core';
import { onlyKnown } from './unsupported.ts';

/** Milliseconds that an expectation of a page may take to hold, as in Playwright, and between two looks. */
const patience = 5_000;
const lookEvery = 100;

interface Options {
  timeout?: number;
}

/** What was seen, and whether it is as expected. */
interface Look {
  holds: boolean;
  seen?: unknown;
}

type Text = string | RegExp;

const normal = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

const isText = (wanted: Text, text: string) =>
  typeof wanted === 'string' ? normal(text) === normal(wanted) : wanted.test(text);

const hasText = (wanted: Text, text: string) =>
  typeof wanted === 'string' ? normal(text).includes(normal(wanted)) : wanted.test(text);

/** A look at one text, or at those of as many elements as are expected. */
async function texts(
  locator: Locator,
  wanted: Text | Text[],
  fits: (wanted: Text, text: string) => boolean,
): Promise<Look> {
  if (!Array.isArray(wanted)) {
    const seen = (await locator.textContent({ timeout: 1_000 })) ?? '';
    return { holds: fits(wanted, seen), seen };
  }
  const seen = await locator.allTextContents();
  return {
    holds: seen.length === wanted.length && wanted.every((text, i) => fits(text, seen[i] ?? '')),
    seen,
  };
}

/** What may be expected of an element, by the name of its matcher: each a look, repeated until it holds. */
const ofLocator = {
  toBeVisible: async (locator: Locator): Promise<Look> => ({ holds: await locator.isVisible() }),
  toBeHidden: async (locator: Locator): Promise<Look> => ({ holds: !(await locator.isVisible()) }),
  toBeAttached: async (locator: Locator): Promise<Look> => ({ holds: (await locator.count()) > 0 }),
  toBeEnabled: async (locator: Locator): Promise<Look> => ({ holds: await locator.isEnabled(briefly) }),
  toBeDisabled: async (locator: Locator): Promise<Look> => ({ holds: await locator.isDisabled(briefly) }),
  toBeEditable: async (locator: Locator): Promise<Look> => ({ holds: await locator.isEditable(briefly) }),
  toBeChecked: async (locator: Locator): Promise<Look> => ({ holds: await locator.isChecked(briefly) }),
  toHaveText: (locator: Locator, wanted: Text | Text[]) => texts(locator, wanted, isText),
  toContainText: (locator: Locator, wanted: Text | Text[]) => texts(locator, wanted, hasText),
  async toHaveValue(locator: Locator, wanted: Text): Promise<Look> {
    const seen = await locator.inputValue(briefly);
    return { holds: typeof wanted === 'string' ? seen === wanted : wanted.test(seen), seen };
  },
  async toHaveCount(locator: Locator, wanted: number): Promise<Look> {
    const seen = await locator.count();
    return { holds: seen === wanted, seen };
  },
  async toHaveAttribute(locator: Locator, name: string, wanted?: Text): Promise<Look> {
    const seen = await locator.getAttribute(name, briefly);
    if (wanted === undefined || isOptions(wanted)) return { holds: seen !== null, seen };
    return {
      holds: seen !== null && (typeof wanted === 'string' ? seen === wanted : wanted.test(seen)),
      seen,
    };
  },
};

const briefly = { timeout: 1_000 };

const ofPage = {
  async toHaveURL(page: Page, wanted: Text): Promise<Look> {
    const seen = page.url();
    if (typeof wanted !== 'string') return { holds: wanted.test(seen), seen };
    // A path is one of the site that the page is on.
    return { holds: seen === (URL.canParse(wanted, seen) ? new URL(wanted, seen).href : wanted), seen };
  },
  async toHaveTitle(page: Page, wanted: Text): Promise<Look> {
    const seen = await page.title();
    return { holds: isText(wanted, seen), seen };
  },
};

/** What may be expected of a value: judged once. */
const ofValue = {
  toBe: (seen: unknown, wanted: unknown) => Object.is(seen, wanted),
  toEqual: (seen: unknown, wanted: unknown) => isDeepStrictEqual(seen, wanted),
  toBeTruthy: (seen: unknown) => Boolean(seen),
  toBeFalsy: (seen: unknown) => !seen,
  toBeNull: (seen: unknown) => seen === null,
  toBeDefined: (seen: unknown) => seen !== undefined,
  toBeUndefined: (seen: unknown) => seen === undefined,
  toBeGreaterThan: (seen: unknown, wanted: number) => Number(seen) > wanted,
  toBeGreaterThanOrEqual: (seen: unknown, wanted: number) => Number(seen) >= wanted,
  toBeLessThan: (seen: unknown, wanted: number) => Number(seen) < wanted,
  toBeLessThanOrEqual: (seen: unknown, wanted: number) => Number(seen) <= wanted,
  toContain: (seen: unknown, wanted: unknown) =>
    typeof seen === 'string' ? seen.includes(String(wanted)) : Array.isArray(seen) && seen.includes(wanted),
  toMatch: (seen: unknown, wanted: Text) =>
    typeof wanted === 'string' ? String(seen).includes(wanted) : wanted.test(String(seen)),
  toHaveLength: (seen: unknown, wanted: number) => (seen as { length?: unknown } | null)?.length === wanted,
};

const isOptions = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !(value instanceof RegExp) && !Array.isArray(value);

type Looking = (subject: never, ...wanted: never[]) => Promise<Look>;

/** Looks again until it is as expected, or the time is over. */
const looking =
  (subject: unknown, name: string, look: Looking, isNot: boolean, label: string) =>
  async (...given: unknown[]): Promise<void> => {
    const options = given.filter(isOptions).at(-1);
    const until = performance.now() + (options?.timeout ?? patience);
    let last: Look = { holds: isNot };
    let problem = '';
    do {
      try {
        last = await look(subject as never, ...(given as never[]));
        problem = '';
        if (last.holds !== isNot) return;
      } catch (error) {
        problem = (error as Error).message.split('\n')[0] ?? '';
        last = { holds: isNot };
      }
      await new Promise((resolve) =>
        AbortSignal.timeout(lookEvery).addEventListener('abort', resolve, { once: true }),
      );
    } while (performance.now() < until);
    const wanted = given.filter((value) => !isOptions(value));
    throw new Error(failure(label, name, isNot, wanted, problem || shown(last)));
  };

const shown = ({ seen }: Look) => (seen === undefined ? 'it did not become so' : `got ${text(seen)}`);

const failure = (label: string, name: string, isNot: boolean, wanted: unknown[], seen: string) =>
  `expect(${label})${isNot ? '.not' : ''}.${name}(${wanted.map(text).join(', ')}): ${seen}`;

const text = (value: unknown) =>
  value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? String(value));

function isObjectWith(subject: unknown, ...methods: string[]): boolean {
  if (typeof subject !== 'object' || subject === null) return false;
  return methods.every((method) => typeof (subject as Record<string, unknown>)[method] === 'function');
}

function matchersFor(subject: unknown, isNot: boolean): object {
  const retried = (looks: Record<string, Looking>, label: string) =>
    Object.entries(looks).map(([name, look]) => [name, looking(subject, name, look, isNot, label)] as const);
  if (isObjectWith(subject, 'waitFor', 'inputValue'))
    return Object.fromEntries(retried(ofLocator, String(subject).replace(/^Locator@/, '')));
  if (isObjectWith(subject, 'goto', 'locator')) return Object.fromEntries(retried(ofPage, 'page'));
  if (isObjectWith(subject, 'ok', 'status', 'headers')) {
    const answer = subject as APIResponse;
    const ofAnswer = async (): Promise<Look> => ({ holds: answer.ok(), seen: answer.status() });
    return Object.fromEntries(retried({ toBeOK: ofAnswer }, 'response'));
  }
  return Object.fromEntries(
    Object.entries(ofValue).map(([name, holds]) => [
      name,
      (...wanted: unknown[]) => {
        const judged = (holds as (seen: unknown, ...rest: unknown[]) => boolean)(subject, ...wanted);
        if (judged === isNot) throw new Error(failure(text(subject), name, isNot, wanted, 'it is not so'));
      },
    ]),
  );
}

type Retried<Looks> = {
  [Name in keyof Looks]: Looks[Name] extends (subject: never, ...wanted: infer Wanted) => unknown
    ? (...wanted: [...Wanted, options?: Options]) => Promise<void>
    : never;
};

type OfValue = {
  [Name in keyof typeof ofValue]: (typeof ofValue)[Name] extends (
    seen: unknown,
    ...wanted: infer Wanted
  ) => boolean
    ? (...wanted: Wanted) => void
    : never;
};

type Matchers<Subject> = Subject extends Locator
  ? Retried<typeof ofLocator>
  : Subject extends Page
    ? Retried<typeof ofPage>
    : OfValue;

/** Playwright's `expect`, as far as it goes; what is missing is refused. */
export function expect<Subject>(subject: Subject): Matchers<Subject> & { not: Matchers<Subject> } {
  const matchers = matchersFor(subject, false);
  const not = onlyKnown(matchersFor(subject, true), 'expect(…).not.');
  return onlyKnown({ ...matchers, not }, 'expect(…).') as never;
}
