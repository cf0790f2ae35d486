import * as z from 'zod/mini';
import { AttemptFailed } from '../failure.ts';

/** Fetches JSON: undefined where the body is none. Throws `AttemptFailed`. */
export type FetchJson = (url: string) => Promise<{ status: number; json: unknown }>;

/** A service of registries: the endings it knows, and where it is. */
interface Service {
  endings: string[];
  urls: string[];
}

/** What a registry says: of which domain, and until when it is registered in epoch milliseconds; `free` where it is not. */
export interface Registration {
  domain: string;
  expires: number | 'free';
}

/** https://www.rfc-editor.org/rfc/rfc9224#section-3 */
const bootstrapSchema = z.object({
  services: z.array(z.tuple([z.array(z.string()), z.array(z.string())])),
});

/** https://www.rfc-editor.org/rfc/rfc9083#section-4.5 */
const domainSchema = z.object({
  events: z.optional(
    z.nullable(z.array(z.object({ eventAction: z.string(), eventDate: z.optional(z.nullable(z.string())) }))),
  ),
});

/** What we could not find out: no fault of the domain. */
const unknown = (message: string) => new AttemptFailed('expiry-unknown', message);

const dayMs = 86_400_000;
const kept = new Map<string, { services: Service[]; until: number }>();

/** The services of a bootstrap list, kept for a day. Throws `AttemptFailed`. */
export async function servicesAt(url: string, fetchJson: FetchJson, now: number): Promise<Service[]> {
  const known = kept.get(url);
  if (known && known.until > now) return known.services;
  const { status, json } = await fetchJson(url);
  const list = bootstrapSchema.safeParse(json);
  if (status !== 200 || !list.success)
    throw unknown(`the list of registries at ${url} cannot be read (status ${status})`);
  const services = list.data.services.map(([endings, urls]) => ({ endings, urls }));
  kept.set(url, { services, until: now + dayMs });
  return services;
}

/** The service of a domain's registry: that of its longest ending. Throws `AttemptFailed` where there is none. */
export function serviceOf(domain: string, services: Service[]): { ending: string; url: string } {
  const labels = domain.split('.');
  for (let from = 0; from < labels.length; from++) {
    const ending = labels.slice(from).join('.');
    const urls = services.find(({ endings }) =>
      endings.some((known) => known.toLowerCase() === ending),
    )?.urls;
    const url = urls?.find((text) => text.startsWith('https:')) ?? urls?.[0];
    if (url) return { ending, url };
  }
  throw unknown(`the registry of .${labels.at(-1)} offers no RDAP: nobody tells when ${domain} expires`);
}

/**
 * Asks a registry about a host's domain: the host itself first, then what it lies below, so that no list of public suffixes is
 * needed for `www.example.com.br`. Throws `AttemptFailed` where the registry does not tell.
 */
export async function registrationOf(
  host: string,
  { ending, url }: { ending: string; url: string },
  fetchJson: FetchJson,
): Promise<Registration> {
  let answered = 0;
  for (let domain = host; domain !== ending && domain.includes('.'); domain = parentOf(domain)) {
    const { status, json } = await fetchJson(`${url.replace(/\/$/, '')}/domain/${domain}`);
    if (status === 200) return { domain, expires: expiryIn(json, domain) };
    if (status === 429) throw unknown(`the registry of .${ending} limits how often it is asked (status 429)`);
    if (status < 400 || status >= 500)
      throw unknown(`the registry of .${ending} answered with status ${status}`);
    answered = status;
  }
  if (answered === 404) return { domain: host, expires: 'free' };
  throw unknown(`the registry of .${ending} does not know names like ${host} (status ${answered})`);
}

const parentOf = (domain: string) => domain.slice(domain.indexOf('.') + 1);

function expiryIn(json: unknown, domain: string): number {
  const document = domainSchema.safeParse(json);
  if (!document.success) throw unknown(`what the registry says of ${domain} cannot be read`);
  const date = document.data.events?.find(({ eventAction }) => eventAction === 'expiration')?.eventDate;
  const expires = Date.parse(date ?? '');
  if (Number.isNaN(expires)) throw unknown(`the registry does not tell when ${domain} expires`);
  return expires;
}
