import type { HttpSettings } from '../http/settings.ts';
import type { ApiSettings, Step } from './settings.ts';
import { templated } from './settings.ts';
import { asItIs, fill, fillJson, inJson, inUrl, namesIn, type Variables } from './template.ts';

/** Variables of a step that have no value. */
export const missingIn = (step: Step, variables: Variables): string[] =>
  templated.flatMap((field) => namesIn(step[field])).filter((name) => !variables.has(name));

/** A step's request with its variables filled in, or why a value cannot stand where it should. */
export function requestOf(step: Step, variables: Variables): HttpSettings | { problem: string } {
  const url = fill(step.url, variables, inUrl);
  // `.` and `..` cannot be escaped: they would lead to another resource.
  if (segmentsOf(url) !== segmentsOf(fill(step.url, variables, () => '_')))
    return { problem: `a variable makes another path of ${step.url}` };
  const headers = fillJson(step.headers, textsIn(variables)) as HttpSettings['headers'];
  const unfit = Object.entries(headers).find(([, value]) => typeof value === 'string' && isUnfit(value));
  if (unfit) return { problem: `the header ${unfit[0]} would hold what no header can carry` };
  const auth = step.auth && (fillJson(step.auth, textsIn(variables)) as HttpSettings['auth']);
  if (auth && 'bearer' in auth && typeof auth.bearer === 'string' && isUnfit(auth.bearer))
    return { problem: 'the bearer token would hold what no header can carry' };
  return { ...step, url, headers, auth, body: bodyOf(step, variables) };
}

const segmentsOf = (url: string) => new URL(url).pathname.split('/').length;

const isUnfit = (text: string) => /[^\t\x20-\x7e\x80-\xff]/.test(text);

const textsIn = (variables: Variables): Variables =>
  new Map([...variables].map(([name, value]) => [name, String(value)]));

/** A body of text is escaped as its content type asks. */
function bodyOf({ body, headers }: Step, variables: Variables): HttpSettings['body'] {
  if (typeof body !== 'string') return fillJson(body, variables) as HttpSettings['body'];
  const [, type] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  if (/json/i.test(String(type))) return fill(body, variables, inJson);
  return fill(body, variables, /x-www-form-urlencoded/i.test(String(type)) ? inUrl : asItIs);
}

/** Words in names of headers and variables whose values are secret. */
const telling =
  /authorization|cookie|token|secret|passw|session|csrf|xsrf|credential|(?:api|access)[-_]?key/i;

/** Variables whose values must not be shown: those said to be, those that sound like it, and those sent as credentials. */
export function secretVariablesOf({ steps, cleanup, secretVariables }: ApiSettings): Set<string> {
  const all = [...steps, ...cleanup];
  const sent = all.flatMap(({ auth, headers }) => [
    ...namesIn(auth),
    ...Object.entries(headers).flatMap(([name, value]) => (telling.test(name) ? namesIn(value) : [])),
  ]);
  const named = all.flatMap(({ extract }) => Object.keys(extract)).filter((name) => telling.test(name));
  return new Set([...secretVariables, ...sent, ...named]);
}

/** Lower-case names of headers with variables in them: another origin must not see what one gave out. */
export const variableHeadersOf = ({ steps, cleanup }: ApiSettings): string[] =>
  [...steps, ...cleanup].flatMap(({ headers }) =>
    Object.entries(headers).flatMap(([name, value]) =>
      namesIn(value).length > 0 ? [name.toLowerCase()] : [],
    ),
  );
