import { signatureHeaders } from '../aws/signature.ts';
import type { Look, Properties, Seen } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { secretsIn } from '../config/secret.ts';
import { attemptAt, lookAmong } from './attempt.ts';
import { AttemptFailed } from './failure.ts';
import { accessToken } from './http/access-token.ts';
import { cookieJar } from './http/cookies.ts';
import { type Answer, exchange } from './http/exchange.ts';
import { type HttpRequest, prepareRequest, redirected, type Session } from './http/request.ts';
import { type HttpSettings, httpSettings, type SigV4Settings } from './http/settings.ts';
import { fitsSchema, schemaIn, schemaProperty, schemaSeen } from './json-schema.ts';
import type { Measurement, MonitorKind, ProbeContext } from './kind.ts';
import { connect } from './network/connection.ts';
import { secure } from './network/tls-handshake.ts';
import type { Attempt } from './observation.ts';
import type { Trace } from './trace.ts';

export const httpProperties = {
  status: { type: 'number', description: 'Status code of the final answer' },
  responseTime: {
    type: 'duration',
    description: 'From the start of the check to the last byte, redirects included',
  },
  header: { type: 'text', argument: 'header name', description: 'Value of a header of the final answer' },
  body: { type: 'text', description: 'Body of the final answer as text' },
  json: { type: 'json', argument: 'JSON path', description: 'Value in the body, which must be JSON' },
  schema: schemaProperty,
  certificate: { type: 'days', description: 'Days until the server certificate expires' },
} as const satisfies Properties;

/** HTTP and HTTPS: one request, its redirects, and what came back. */
export const http: MonitorKind<HttpSettings> = {
  kind: 'http',
  settings: httpSettings,
  shorthand: 'url',
  properties: httpProperties,
  defaultExpect({ url, tls, shouldFail }) {
    const encrypted = new URL(url).protocol === 'https:' && tls.verify;
    return [...(shouldFail ? [] : ['status in 200-399']), ...(encrypted ? ['certificate > 14d'] : [])];
  },
  alwaysExpect: ({ shouldFail, schema }) => [
    ...(shouldFail ? ['status in 400-599'] : []),
    ...(schema ? [fitsSchema] : []),
  ],
  schemas: schemaIn,
  hosts({ url, auth }) {
    const urls = [url, ...(auth && 'oauth2' in auth ? [auth.oauth2.tokenUrl] : [])];
    return urls.map((each) => hostOf(new URL(each)));
  },
  grants: ({ auth }) => (auth && 'sigv4' in auth && auth.sigv4.allow ? [auth.sigv4.allow] : []),
  secrets: ({ auth, headers, body, tls }) => secretsIn([auth, headers, body, tls]),
  measure: (monitor, context, before) =>
    measureWithin({ cookies: cookieJar(context.now) }, monitor, context, before),
};

/** Host without the brackets of an IPv6 literal. */
const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** One request and its redirects, in a session that others may share. See `MonitorKind`. */
export async function measureWithin(
  session: Session,
  monitor: Monitor<HttpSettings>,
  context: ProbeContext,
  before?: Attempt,
): Promise<Measurement> {
  const { settings } = monitor;
  const { request, secrets } = await prepareRequest(settings, context.readSecret, session);
  const measurement = await attemptAt(
    monitor,
    context,
    (trace) => authorizedAnswer(request, settings, context, trace, before, secrets),
    (answer, responseTime, { certificateDaysLeft }) => {
      const text = once(() => textOf(answer));
      return {
        fields: { status: answer.status },
        look: lookAt(answer, responseTime, certificateDaysLeft, text, (json) =>
          schemaSeen(settings, context, json),
        ),
        excerpt: text,
      };
    },
  );
  return { ...measurement, secrets };
}

/**
 * The final answer, to a request that may need a token or a signature.
 * @param secrets is given those that come up
 */
async function authorizedAnswer(
  request: HttpRequest,
  settings: HttpSettings,
  context: ProbeContext,
  trace: Trace,
  before: Attempt | undefined,
  secrets: string[],
): Promise<Answer> {
  const { auth } = settings;
  const ask = (ready: HttpRequest, { redirects, maxBody }: Limits = settings) =>
    answerTo(ready, { ...settings, redirects, maxBody }, context, trace, before?.address);
  if (auth && 'sigv4' in auth) return ask({ ...request, sign: signerFor(auth.sigv4, context, secrets) });
  if (!auth || !('oauth2' in auth)) return ask(request);
  const askForToken = (one: HttpRequest) =>
    // That certificate is not the target's.
    ask(one, tokenLimits).finally(() => Object.assign(trace, { certificateDaysLeft: undefined }));
  const clientSecret = await context.readSecret(auth.oauth2.clientSecret.secret);
  for (let anew = before !== undefined; ; anew = true) {
    trace.waitingFor = 'an access token';
    const { token, isKnown } = await accessToken(auth.oauth2, clientSecret, askForToken, context.now, anew);
    secrets.push(token);
    trace.restart();
    const headers = { authorization: `Bearer ${token}`, ...request.headers };
    const answer = await ask({ ...request, headers });
    if (answer.status !== 401 || !isKnown) return answer;
    trace.note?.('the token is refused, another one is asked for');
  }
}

type Limits = Pick<HttpSettings, 'redirects' | 'maxBody'>;

/** Of the answer with a token, whatever the settings say of the target's. */
const tokenLimits = { redirects: 0, maxBody: 1_000_000 };

function signerFor(target: SigV4Settings, { credentials }: ProbeContext, secrets: string[]) {
  if (!credentials) throw new Error('sigv4 signs with the role of a probe on AWS: there is none here');
  const { secretAccessKey, sessionToken } = credentials;
  secrets.push(secretAccessKey, ...(sessionToken ? [sessionToken] : []));
  return (request: HttpRequest) => signatureHeaders(credentials, target, request);
}

/** The final answer: redirects are followed, each hop on a new, newly vetted connection. Throws `AttemptFailed`. */
export async function answerTo(
  first: HttpRequest,
  settings: HttpSettings,
  context: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<Answer> {
  let request = first;
  for (let hops = 0; ; hops++) {
    const signed = request.sign && { ...request, headers: { ...request.headers, ...request.sign(request) } };
    const answer = await oneAnswer(signed ?? request, settings, context, trace, avoid);
    request.cookies.keep(request.url, answer.headers['set-cookie']);
    if (settings.redirects === 0) return answer;
    const next = redirected(request, answer);
    if (!next) return answer;
    if (hops === settings.redirects)
      throw new AttemptFailed(
        'too-many-redirects',
        `redirected more than ${settings.redirects} times, last to ${next.url.origin}${next.url.pathname}`,
      );
    trace.note?.(`redirected to ${next.url.href}`);
    request = next;
  }
}

/** What is spoken inside TLS. */
const protocols = ['http/1.1'];

async function oneAnswer(
  request: HttpRequest,
  settings: HttpSettings,
  context: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<Answer> {
  const { url } = request;
  const host = hostOf(url);
  const encrypted = url.protocol === 'https:';
  const port = Number(url.port) || (encrypted ? 443 : 80);
  const socket = await connect({ host, port, family: settings.ipFamily, avoid }, context.network, trace);
  const { serverName = host, ...certificate } = request.identity;
  const { verify, ca, minVersion } = settings.tls;
  const tls = { verify, ca, minVersion, ...certificate, protocols };
  const channel = encrypted ? await secure(socket, serverName, tls, trace, context.now()) : socket;
  return exchange(channel, request, settings.maxBody, trace);
}

function lookAt(
  answer: Answer,
  responseTime: number,
  daysLeft: number | undefined,
  text: () => string,
  validated: (json: Seen) => Seen,
): Look {
  const json = once(() => jsonOf(answer, text));
  const unreadable = answer.unknownEncoding && {
    problem: `the body is encoded as ${answer.unknownEncoding}`,
  };
  return lookAmong('http', {
    status: () => ({ value: answer.status }),
    responseTime: () => ({ value: responseTime }),
    header: (name) => ({ value: headerOf(answer, name) }),
    body: () => unreadable || { value: text() },
    json,
    schema: () => validated(json()),
    certificate: () =>
      daysLeft === undefined ? { problem: 'the connection was not encrypted' } : { value: daysLeft },
  });
}

/** Several headers of one name as one value. */
function headerOf({ headers }: Answer, name: string): string | undefined {
  const key = name.toLowerCase();
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined;
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The body in the character set it claims, else UTF-8; bytes that are none are replaced. */
function textOf({ body, headers }: Answer): string {
  const label = /charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (/^utf-?8$/i.test(label)) return body.toString('utf8').replace(/^\ufeff/, '');
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    return body.toString('utf8');
  }
}

function jsonOf({ cut, unknownEncoding }: Answer, text: () => string): Seen {
  if (unknownEncoding) return { problem: `the body is encoded as ${unknownEncoding}` };
  try {
    return { value: JSON.parse(text()) };
  } catch {
    return {
      problem: cut ? 'the body is longer than maxBody, what was read is not JSON' : 'the body is not JSON',
    };
  }
}

/** Computes a value when it is first asked for. */
function once<Value>(compute: () => Value): () => Value {
  let kept: { value: Value } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}
