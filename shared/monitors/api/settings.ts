import * as z from 'zod/mini';
import { parse } from '../../conditions/parse.ts';
import type { Advice } from '../../conditions/value.ts';
import type { Condition } from '../../config/config.ts';
import type { Duration } from '../../config/schema.ts';
import { parseDuration } from '../../duration.ts';
import { nearest } from '../../nearest.ts';
import { httpSettings } from '../http/settings.ts';
import { http, httpProperties } from '../http.ts';
import { type Extraction, parseExtraction } from './extraction.ts';
import { namesIn, variableName } from './template.ts';

/** Steps of one monitor, and of its cleanup: a run is one check, with one deadline. */
const most = { steps: 20, cleanup: 10 };

const url = z.string().check(
  z.check(({ value, issues }) => {
    const [origin = ''] = /^[^/?#]*(?:\/\/[^/?#]*)?/.exec(value) ?? [];
    const message =
      namesIn(origin).length > 0
        ? 'must be a URL that begins with its host: variables may stand behind it'
        : httpSettings.shape.url.safeParse(value.replaceAll(/[${}]/g, '_')).error?.issues[0]?.message;
    if (message) issues.push({ code: 'custom', input: value, message });
  }),
);

const timeoutMessage = "must be a duration from 100ms to 60s: write timeout: '2s'";

const timeout = z.pipe(
  z
    .custom<Duration>(
      (value) => typeof value === 'string' && parseDuration(value) !== undefined,
      timeoutMessage,
    )
    .check(
      z.refine((value) => {
        const ms = parseDuration(value)!;
        return ms >= 100 && ms <= 60_000;
      }, timeoutMessage),
    ),
  z.transform((value: Duration) => parseDuration(value)!),
);

/** A text that `read` makes something of, or refuses with advice. */
function readBy<Read extends object>(read: (text: string) => Read | Advice, wanted: string) {
  return z.pipe(
    z.string(`must be ${wanted}`).check(
      z.check(({ value, issues }) => {
        const result = read(value);
        if ('fix' in result)
          issues.push({ code: 'custom', input: value, message: `must be ${result.allowed}: ${result.fix}` });
      }),
    ),
    z.transform((text: string) => read(text) as Read),
  );
}

function parseCondition(line: string): Condition | Advice {
  const parsed = parse(line, httpProperties);
  return 'condition' in parsed ? parsed.condition : parsed.problem;
}

const condition = readBy(parseCondition, "a condition line: write 'status == 200'");

const extraction = readBy<Extraction>(
  parseExtraction,
  "where in the answer it is: write { token: 'json $.token' }",
);

/** One request of an API monitor: all that an HTTP monitor may be given, with variables of earlier steps as `${name}`. */
export const stepSettings = z.strictObject({
  ...httpSettings.shape,
  /** How people call it; every message about it names it. */
  name: z
    .string("must be a name of its own: write step('login', …)")
    .check(z.trim(), z.minLength(1), z.maxLength(60, 'must be at most 60 characters: shorten it')),
  /** Where the request goes: http or https. Variables may stand behind the host, `https://shop.example.com/carts/${cart}`. */
  url,
  /** Time for this step, if less than what the monitor's own `timeout` leaves. Default: that. */
  timeout: z.optional(timeout),
  /** Variables for later steps, and where their values are: `json $.token`, `header location`, `status`, `body /id=(\d+)/`. A value that is not there fails the step. Default none. */
  extract: z._default(
    z.record(
      z
        .string()
        .check(z.regex(variableName, 'must be at most 64 letters, digits and underscores: write token')),
      extraction,
    ),
    {},
  ),
  /** What its answer must be like, as for an HTTP monitor. Default `2xx or 3xx`, and a certificate for 14 more days. */
  expect: z.optional(z.array(condition)),
});

/** Of lines that are ours. */
const conditionsIn = (lines: string[]) => lines.map((line) => parseCondition(line) as Condition);

const step = z.pipe(
  stepSettings,
  z.transform((given) => ({
    ...given,
    expect: [
      ...conditionsIn(http.alwaysExpect?.(given) ?? []),
      ...(given.expect ?? conditionsIn(http.defaultExpect(given))),
    ],
  })),
);

/** What an API monitor may be given besides what all monitors share. */
export const apiSettings = z
  .strictObject({
    /** Requests, made one after the other until one fails; cookies that they set go with those that follow. At most 20. */
    steps: z
      .array(step, "must be a list of steps: write steps: [step('login', { … })]")
      .check(
        z.minLength(1, "must be at least one step: write step('login', { … })"),
        z.maxLength(most.steps, `must be at most ${most.steps} steps: make two monitors of them`),
      ),
    /** Requests that are always made in the end, whatever failed, in time kept back for them. Those whose variables never got a value are left out; one that fails is a failure of the monitor. At most 10. Default none. */
    cleanup: z._default(
      z.array(step).check(z.maxLength(most.cleanup, `must be at most ${most.cleanup} steps: leave some out`)),
      [],
    ),
    /** Variables whose values, of four characters or more, are masked wherever they would be shown. Those named like a token, key, session, secret or password are anyway, and those sent as credentials. Default none. */
    secretVariables: z._default(z.array(z.string()), []),
  })
  .check(
    z.check(({ value, issues }) => {
      for (const { path, message } of incoherencesIn(value))
        issues.push({ code: 'custom', input: value, path, message });
    }),
  );

export type ApiSettings = z.infer<typeof apiSettings>;
export type Step = ApiSettings['steps'][number];

/** Fields of a step that variables may stand in. */
export const templated = ['url', 'headers', 'body', 'auth'] as const;

interface Incoherence {
  path: (string | number)[];
  message: string;
}

const schemaMissing = "must be a JSON Schema, which expect asks about: write schema: { type: 'object' }";

/** Names that are taken twice, variables that nobody has a value for, and conditions on a schema that is not there. */
function incoherencesIn({ steps, cleanup, secretVariables }: ApiSettings): Incoherence[] {
  const found: Incoherence[] = [];
  const names = new Set<string>();
  const known = new Set<string>();
  for (const [list, taken] of Object.entries({ steps, cleanup }))
    for (const [i, one] of taken.entries()) {
      const message = 'must be a name that no other step has: rename one of them';
      if (names.has(one.name)) found.push({ path: [list, i, 'name'], message });
      names.add(one.name);
      if (!one.schema && one.expect.some(({ property }) => property === 'schema'))
        found.push({ path: [list, i, 'schema'], message: schemaMissing });
      for (const field of templated)
        for (const name of namesIn(one[field]))
          if (!known.has(name)) found.push({ path: [list, i, field], message: unknownVariable(name, known) });
      for (const name of Object.keys(one.extract)) known.add(name);
    }
  for (const [i, name] of secretVariables.entries())
    if (!known.has(name))
      found.push({
        path: ['secretVariables', i],
        message: 'must be a variable that a step extracts: remove it',
      });
  return found;
}

function unknownVariable(name: string, known: ReadonlySet<string>): string {
  const like = nearest(name, [...known]);
  const fix = like ? `did you mean \${${like}}` : `add extract: { ${name}: 'json $.${name}' } to one of them`;
  return `must be without \${${name}}, which no earlier step extracts: ${fix}`;
}
