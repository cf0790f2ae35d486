import * as z from 'zod/mini';
import { parseDuration } from '../../duration.ts';
import { secretSetting } from '../provider/secret-setting.ts';

const lambdaAllowed =
  "must be the ARN of a function: write lambda: 'arn:aws:lambda:eu-west-1:123456789012:function:restart-web'";

/** With an alias or version where one is wanted; never a pattern: exactly these may be invoked. */
const functionArn =
  /^arn:aws(-[a-z]+)*:lambda:[a-z]{2}(-[a-z]+)+-\d:\d{12}:function:[\w-]{1,140}(:[\w$-]{1,128})?$/;

const span = (field: string, least: number, most: number, range: string) => {
  const allowed = `must be a duration ${range}: write ${field}: '10s'`;
  const fits = (text: string) => {
    const ms = parseDuration(text);
    return ms !== undefined && ms >= least && ms <= most;
  };
  return z.string(allowed).check(z.refine(fits, allowed));
};

const triesAllowed = 'must be 1, 2 or 3: write tries: 2';

/** Milliseconds that all tries together may take: the function that makes them runs for 30 s. */
const longest = 25_000;

/** What `remediation(…)` may be given. */
export const remediationSettings = z
  .strictObject({
    /** ARN of the function that is invoked with the event; or else `url`. Only functions that are named here may be invoked. Default none. */
    lambda: z.optional(z.string(lambdaAllowed).check(z.regex(functionArn, lambdaAllowed))),
    /** https URL that the event is posted to, always a secret; or else `lambda`. Default none. */
    url: z.optional(secretSetting),
    /** The key that signs what is posted to `url`, as a webhook's; needed with it. Default none. */
    key: z.optional(secretSetting),
    /** Time for one try, 1s to 20s. Default 10s. */
    timeout: z._default(span('timeout', 1_000, 20_000, 'from 1s to 20s'), '10s'),
    /** Tries in all, 1 to 3; together at most 25s. Default 2. */
    tries: z._default(z.int(triesAllowed).check(z.minimum(1, triesAllowed), z.maximum(3, triesAllowed)), 2),
    /** Time after it ran in which it does not run again for the same monitor or group, up to 1d. Default 10m. */
    cooldown: z._default(span('cooldown', 0, 86_400_000, 'up to 1d'), '10m'),
    /** Only says what it would do. Default false. */
    dryRun: z._default(z.boolean(), false),
  })
  .check(
    z.refine(
      ({ lambda, url }) => (lambda === undefined) !== (url === undefined),
      "must say what is run: write lambda: 'arn:…' or url: secret('remediation-url')",
    ),
    z.refine(
      ({ url, key }) => (url === undefined) === (key === undefined),
      "must have a key where it posts, and there only: write key: secret('remediation-key')",
    ),
    z.refine(
      ({ timeout, tries }) => (parseDuration(timeout) ?? 0) * tries <= longest,
      "must take 25s at most, all tries together: write timeout: '8s', tries: 3",
    ),
  );

export type RemediationSettings = z.infer<typeof remediationSettings>;
