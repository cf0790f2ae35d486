/** Cookies of one run: what answers set, and what goes back with the requests that follow. */
export interface CookieJar {
  /** Keeps what an answer sets. */
  keep(url: URL, setCookie: readonly string[] | undefined): void;
  /** Value of the `cookie` header of a request; empty for none. */
  headerFor(url: URL): string;
  /** Every value that is kept. */
  values(): string[];
}

interface Cookie {
  name: string;
  value: string;
  /** The origin that set it, where it says no domain: then it goes back there only, as in Chrome's origin-bound cookies. */
  origin: string;
  /** It also goes to hosts below this one. */
  domain?: string;
  path: string;
  secure: boolean;
  /** Epoch milliseconds. */
  expires: number;
}

/** As browsers: what is longer, name and value together, is not kept, nor the oldest where there are more. */
const most = { characters: 4_096, cookies: 180 };

/**
 * A new, empty jar: domain, path, `Secure` and expiry as in RFC 6265. There is no list of public suffixes, which is as large as a
 * probe: a site may set a cookie for `co.uk`, and what gets it are the hosts of the same run.
 */
export function cookieJar(now: () => number): CookieJar {
  let cookies: Cookie[] = [];
  return {
    keep(url, setCookie = []) {
      for (const line of setCookie) {
        const cookie = cookieIn(line, url, now());
        if (!cookie) continue;
        cookies = cookies.filter((other) => !isSame(other, cookie));
        if (cookie.expires > now()) cookies = [...cookies, cookie].slice(-most.cookies);
      }
    },
    headerFor(url) {
      const fitting = cookies.filter((cookie) => cookie.expires > now() && goesTo(cookie, url));
      return fitting
        .toSorted((a, b) => b.path.length - a.path.length)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
    },
    values: () => cookies.map(({ value }) => value),
  };
}

/** Undefined where the line is no cookie, or one that this host may not set. */
function cookieIn(line: string, url: URL, now: number): Cookie | undefined {
  const [pair = '', ...rest] = line.split(';');
  const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(pair) ?? [];
  const attributes = new Map(
    rest.map((text) => {
      const [key = '', ...parts] = text.split('=');
      return [key.trim().toLowerCase(), parts.join('=').trim()];
    }),
  );
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  const isForeign = domain && !(domain.includes('.') && isWithin(url.hostname, domain));
  if (!name || isForeign || pair.length > most.characters) return undefined;
  const path = attributes.get('path');
  return {
    name,
    value: value.trim(),
    origin: url.origin,
    ...(domain && { domain }),
    path: path?.startsWith('/') ? path : folderOf(url),
    secure: attributes.has('secure'),
    expires: expiryIn(attributes, now),
  };
}

/** `Max-Age` outranks `Expires`; without either a cookie lives as long as the run. */
function expiryIn(attributes: ReadonlyMap<string, string>, now: number): number {
  const age = attributes.get('max-age');
  if (age && /^-?\d+$/.test(age)) return now + Number(age) * 1_000;
  const until = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(until) ? Number.POSITIVE_INFINITY : until;
}

/** Everything before the last slash. */
const folderOf = ({ pathname }: URL) => pathname.slice(0, pathname.lastIndexOf('/')) || '/';

/** An address is no part of another one. */
const isWithin = (host: string, domain: string) =>
  host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host));

const isSame = (a: Cookie, b: Cookie) =>
  a.name === b.name && a.path === b.path && a.domain === b.domain && (b.domain || a.origin === b.origin);

function goesTo({ origin, domain, path, secure }: Cookie, url: URL): boolean {
  const isHost = domain ? isWithin(url.hostname, domain) : origin === url.origin;
  const { pathname } = url;
  const isBelow = pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  return isHost && isBelow && (!secure || url.protocol === 'https:');
}
