import type { Child } from 'hono/jsx';

/** A link out of the console; only http and https become one, anything else stays text. */
export const OutwardLink = ({ to, children }: { to: string; children?: Child }) =>
  isWeb(to) ? (
    <a href={to} rel="noopener noreferrer" target="_blank">
      {children ?? to}
    </a>
  ) : (
    <span>{children ?? to}</span>
  );

const isWeb = (url: string) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

export const monitorPath = (id: string) => `/monitors/${encodeURIComponent(id)}`;
export const screenshotPath = (monitor: string, location: string, at: number) =>
  `${monitorPath(monitor)}/screenshots/${encodeURIComponent(location)}/${at}`;
export const incidentPath = (id: string) => `/incidents/${encodeURIComponent(id)}`;
