import * as z from 'zod/mini';
import type { Duration } from '../../config/schema.ts';
import { parseDuration } from '../../duration.ts';
import { httpSettings } from '../http/settings.ts';
import { secretReference } from '../network/server-settings.ts';
import { pattern } from '../tcp/settings.ts';

/** Of a page, which is described otherwise. */
const url = httpSettings.shape.url.check();

const selector = z
  .string("must be a selector: write 'text=Sign in', '#user' or 'role=button[name=\"Buy\"]'")
  .check(z.minLength(1), z.maxLength(500));

/** Text that is contained, or a regular expression that matches, kept as its literal. */
const said = z.union([
  z.string().check(z.minLength(1), z.maxLength(1_000)),
  z.pipe(
    pattern,
    z.transform((literal: string) => ({ pattern: literal })),
  ),
]);

export type Said = z.infer<typeof said>;

/** What may be expected of a page. */
export const expectation = z.union([
  z.strictObject({
    /** Stands on the page where people see it: text, or a regular expression. */
    text: said,
    /** Only inside what this selects. Default: the whole page. */
    in: z.optional(selector),
  }),
  z.strictObject({
    /** The address of the page: a part of it, or a regular expression. */
    url: said,
  }),
  z.strictObject({
    /** The title of the page: a part of it, or a regular expression. */
    title: said,
  }),
  z.strictObject({
    /** Something that this selects is seen. */
    visible: selector,
  }),
  z.strictObject({
    /** Nothing that this selects is seen. */
    hidden: selector,
  }),
]);

/** What may be done on a page. */
export const browserStep = z.union([
  z.strictObject({
    /** Opens another page, which must answer with a status below 400. */
    goto: url,
  }),
  z.strictObject({
    /** Clicks what this selects, once it is there and can be clicked. */
    click: selector,
  }),
  z.strictObject({
    /** Fills the field that this selects. */
    fill: selector,
    /** What is written into it: text, or `secret('name')`. */
    with: z.union([z.string(), secretReference]),
  }),
  z.strictObject({
    /** Chooses in the list that this selects. */
    select: selector,
    /** Value or label of what is chosen. */
    option: z.string().check(z.minLength(1)),
  }),
  z.strictObject({
    /** Presses a key, such as `Enter` or `Control+A`. */
    press: z.string().check(z.minLength(1), z.maxLength(50)),
  }),
  z.strictObject({
    /** Waits until this holds. */
    expect: expectation,
  }),
]);

export type BrowserStep = z.infer<typeof browserStep>;
export type Expectation = z.infer<typeof expectation>;

const patienceMessage = "must be a duration from 100ms to 60s: write patience: '5s'";

const patience = z.pipe(
  z
    .custom<Duration>(
      (value) => typeof value === 'string' && parseDuration(value) !== undefined,
      patienceMessage,
    )
    .check(
      z.refine((value) => {
        const ms = parseDuration(value)!;
        return ms >= 100 && ms <= 60_000;
      }, patienceMessage),
    ),
  z.transform((value: Duration) => parseDuration(value)!),
);

/** Web Vitals, by the words of conditions. */
export const vitalNames = ['lcp', 'cls', 'fcp', 'ttfb'] as const;

export type VitalName = (typeof vitalNames)[number];

/** How a browser looks at pages: the same fields for every kind that has one. */
export const browserFields = {
  /** Web Vitals of the load that are metrics of their own, each 0.30 USD a month: `lcp`, `cls`, `fcp`, `ttfb`. Conditions may ask for all of them anyway. Default none; at level detailed all. */
  vitals: z._default(z.array(z.enum(vitalNames)), []),
  /** Width and height of the page in pixels. Default 1280 × 720. */
  viewport: z._default(
    z.strictObject({
      /** Pixels. */
      width: z.int().check(z.minimum(200), z.maximum(2_000)),
      /** Pixels. */
      height: z.int().check(z.minimum(200), z.maximum(2_000)),
    }),
    { width: 1_280, height: 720 },
  ),
};

/** What a browser monitor may be given besides what all monitors share. */
export const browserSettings = z.strictObject({
  /** The page that is opened first: http or https. */
  url,
  /** Credentials, given to the origin of `url` when it asks for them, and to no other. Default none. */
  auth: z.optional(
    z.strictObject({
      /** Basic authentication. */
      basic: z.strictObject({
        /** Text: it is not kept secret. */
        username: z.string(),
        /** Better a secret than text. */
        password: z.union([z.string(), secretReference]),
      }),
    }),
  ),
  /** How the TLS of pages is judged. */
  tls: z._default(
    z.strictObject({
      /** False accepts any certificate, of all that a page loads; days left of that of the first page are still measured. Default true. */
      verify: z._default(z.boolean(), true),
    }),
    { verify: true },
  ),
  /** What is done then, one after the other until one fails. At most 30. Default none: to be loaded is enough. */
  steps: z._default(
    z
      .array(browserStep, "must be a list of steps: write steps: [browser.click('text=Sign in')]")
      .check(z.maxLength(30, 'must be at most 30 steps: make two monitors of them')),
    [],
  ),
  /** Time that a step waits for what it needs on the page; opening a page may take all that is left of the timeout. Default 5s. */
  patience: z.prefault(patience, '5s'),
  ...browserFields,
});

export type BrowserSettings = z.infer<typeof browserSettings>;
