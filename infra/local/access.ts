import type http from 'node:http';

/** Why a request is refused. */
export interface Refusal {
  status: 403 | 421;
  message: string;
}

export interface AccessRules {
  /** The port this server listens on. */
  port: number;
  /** Whether a page of our own may send requests from a browser; no page may use the AWS endpoint. */
  ownPages: boolean;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Keeps web pages of others away from the local ports: a name that was rebound to loopback by its `Host`, a page
 * elsewhere by its `Origin` or, where the browser sends none, by `Sec-Fetch-Site`.
 */
export function refusal(
  headers: http.IncomingHttpHeaders,
  { port, ownPages }: AccessRules,
): Refusal | undefined {
  const hosts = loopbackNames.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  if (!hosts.includes((headers.host ?? '').toLowerCase()))
    return { status: 421, message: `this server answers for ${hosts.join(', ')} only` };
  const origins = ownPages ? hosts.map((host) => `http://${host}`) : [];
  if (headers.origin !== undefined && !origins.includes(headers.origin))
    return { status: 403, message: 'pages of another origin may not use this server' };
  if (headers['sec-fetch-site'] === 'cross-site' && !(ownPages && followsLink(headers)))
    return { status: 403, message: 'requests from another site are refused' };
  return undefined;
}

/** Somebody clicked a link to an incident in their mail or chat: the page opens for them, and no other page can read it. */
const followsLink = (headers: http.IncomingHttpHeaders) =>
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document' &&
  headers['sec-fetch-user'] === '?1';
