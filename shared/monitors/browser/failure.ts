import { formatDuration } from '../../duration.ts';
import { AttemptFailed, outOfTime } from '../failure.ts';
import { hostOf } from '../network/network.ts';
import type { Reason } from '../observation.ts';
import type { VettingProxy } from './proxy.ts';

/** What Chromium says of a page that it could not open. https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h */
const reasons: [pattern: RegExp, reason: Reason, says: string][] = [
  [/^ERR_CERT_DATE_INVALID/, 'tls-certificate-expired', 'its certificate is not valid now'],
  [/^ERR_CERT_COMMON_NAME_INVALID/, 'tls-certificate-name-mismatch', 'its certificate is for another name'],
  [/^ERR_CERT_AUTHORITY_INVALID/, 'tls-certificate-untrusted', 'its certificate is from nobody known'],
  [/^ERR_(CERT|SSL|BAD_SSL)_/, 'tls-failed', 'TLS with it failed'],
  [/^ERR_INVALID_AUTH_CREDENTIALS/, 'authentication-failed', 'it asks for credentials, give them by auth'],
  [/^ERR_TOO_MANY_REDIRECTS/, 'too-many-redirects', 'it redirects without end'],
  [/^ERR_(CONNECTION_(RESET|CLOSED)|EMPTY_RESPONSE)/, 'connection-reset', 'it closed the connection'],
  [/^ERR_(CONNECTION_)?TIMED_OUT/, 'response-timeout', 'it did not answer'],
  [/^ERR_TUNNEL_CONNECTION_FAILED/, 'connection-failed', 'no connection to it'],
  [/^ERR_(INVALID|RESPONSE|CONTENT|INCOMPLETE)_/, 'protocol-error', 'its answer is broken'],
  [/^ERR_ABORTED/, 'protocol-error', 'it is no page: a download, or nothing'],
];

/**
 * What an error of a page means for the attempt it ended: an `AttemptFailed`, or a fault of ours; undefined where the network had no part
 * in it.
 * @param url what was asked for, where that is known
 * @param failed where redirects led, and no further
 */
export function networkFailureOf(
  error: unknown,
  url: string | undefined,
  proxy: VettingProxy,
  failed?: string,
): Error | undefined {
  const { message = '' } = error as Error;
  if (/Download is starting/.test(message))
    return new AttemptFailed('protocol-error', `${url ?? 'the address'} is no page, but a download`, {
      cause: error,
    });
  const [, code, at] = /net::(ERR_\w+)(?: at (\S+))?/.exec(message) ?? [];
  if (code === undefined) return undefined;
  const last = failed ?? at ?? '';
  const asked = URL.canParse(last) ? new URL(last) : undefined;
  const host = asked ? hostOf(asked) : url && hostOf(new URL(url));
  const ofProxy = host === undefined ? undefined : proxy.failure(host);
  if (ofProxy instanceof Error) return ofProxy;
  const [, reason = 'connection-failed', says = 'it could not be opened'] =
    reasons.find(([pattern]) => pattern.test(code)) ?? [];
  return new AttemptFailed(reason as Reason, `${asked?.origin ?? url ?? 'the page'}: ${says} (${code})`, {
    cause: error,
  });
}

/** Why a page was not there in time: still connecting to it, waiting for it, or loading what belongs to it. */
export function lateFailure(url: string, hasAnswered: boolean, ms: number, proxy: VettingProxy): Error {
  const host = hostOf(new URL(url));
  const pending = proxy.failure(host);
  if (pending instanceof Error) return pending;
  if (pending) return outOfTime(pending);
  const time = formatDuration(Math.round(ms / 100) * 100);
  return hasAnswered
    ? new AttemptFailed('body-timeout', `${url} began to answer, but was not loaded within ${time}`)
    : new AttemptFailed('response-timeout', `${url} did not answer within ${time}`);
}

/** Whether something was waited for in vain. */
export const isTimeout = (error: unknown) => (error as Error).name === 'TimeoutError';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are what is removed
const colours = /\u001b\[[0-9;]*m/g;

/** What an error says, without its log of calls, where values are. */
export function sentenceOf(error: unknown): string {
  const { message = String(error) } = error as Error;
  const [said = ''] = message.replaceAll(colours, '').split(/\n\s*(?:Call log|=+ logs)/);
  return said.replace(/^(?:page|locator|frame)\.\w+: /, '').trim();
}
