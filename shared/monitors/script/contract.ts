import type { BrowserContext, Page } from 'playwright-core';

/** What a script gets: the function that its file exports is called with this, and what it throws is why the check is down. */
export interface ScriptVisit {
  /** A fresh page, as Playwright has it. */
  page: Page;
  context: BrowserContext;
  /** Those of the monitor, secrets with their values. */
  variables: Record<string, string>;
  /** Runs a part of the script that messages and the console name. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/** Options of pages that `test.use` may set, as Playwright has them. */
export const contextOptions = [
  'baseURL',
  'bypassCSP',
  'colorScheme',
  'deviceScaleFactor',
  'extraHTTPHeaders',
  'geolocation',
  'hasTouch',
  'httpCredentials',
  'ignoreHTTPSErrors',
  'isMobile',
  'javaScriptEnabled',
  'locale',
  'permissions',
  'timezoneId',
  'userAgent',
  'viewport',
] as const;

/** A test of a Playwright spec, with what is done around it. */
export interface DeclaredTest {
  /** Its own name behind those of the groups it is in. */
  name: string;
  /** Of its page, by the names of `contextOptions`. */
  options(): Record<string, unknown>;
  /** What is done before it, the test itself, and what is done after it whatever happened. */
  run(fixtures: Record<string, unknown>): Promise<void>;
}

/** What the bundle of a script exports. */
export interface ScriptModule {
  /** All that the file exports. */
  script: Record<string, unknown>;
  /** Tests that it declared. */
  tests: readonly DeclaredTest[];
}

/** Name of errors for what a spec asks for and we do not have: no fault of the target. */
export const unsupportedError = 'UnsupportedBySpecs';
