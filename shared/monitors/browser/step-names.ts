import type { BrowserStep, Expectation, Said } from './settings.ts';

/** What a step is called, wherever it is shown; what is filled in is never part of it. */
export function nameOf(step: BrowserStep): string {
  if ('goto' in step) return `goto ${step.goto}`;
  if ('click' in step) return `click ${step.click}`;
  if ('fill' in step) return `fill ${step.fill}`;
  if ('select' in step) return `select ${step.option} in ${step.select}`;
  if ('press' in step) return `press ${step.press}`;
  return `expect ${expectationName(step.expect)}`;
}

/** What is waited for, as one would say it. */
export function expectationName(expected: Expectation): string {
  if ('text' in expected) return `text ${writtenAs(expected.text)}${expected.in ? ` in ${expected.in}` : ''}`;
  if ('url' in expected) return `url ${writtenAs(expected.url)}`;
  if ('title' in expected) return `title ${writtenAs(expected.title)}`;
  return 'visible' in expected ? `visible ${expected.visible}` : `hidden ${expected.hidden}`;
}

const writtenAs = (wanted: Said) => (typeof wanted === 'string' ? JSON.stringify(wanted) : wanted.pattern);
