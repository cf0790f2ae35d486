import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { assetPaths } from './assets.ts';
import { HatchPattern } from './chart.tsx';

/** What every page needs to know of the system around it. */
export interface Surroundings {
  /** The config's name. */
  system: string;
  /** Epoch milliseconds. */
  now: number;
  /** In the local runtime there are an outbox and the demo site. */
  local: boolean;
  /** Whether a person signed in, and so may sign out; with the name given then. */
  signedIn?: { person: string | undefined } | undefined;
}

interface LayoutProps {
  title: string;
  /** Path of the section that is shown as current. */
  section: string;
  surroundings: Surroundings;
  children: Child;
}

const sections = [
  { path: '/', label: 'Monitors' },
  { path: '/incidents', label: 'Incidents' },
  { path: '/silences', label: 'Silences' },
  { path: '/alarms', label: 'Alarms' },
  { path: '/oncall', label: 'On call' },
  { path: '/responses', label: 'Response' },
];

const localSections = [
  { path: '/outbox', label: 'Outbox' },
  { path: '/demo', label: 'Demo site' },
];

/** A whole page. Only `main` is replaced when the page refreshes itself. */
export const Layout = ({ title, section, surroundings, children }: LayoutProps) => (
  <>
    {raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${surroundings.system} · Tocsin`}</title>
        <link rel="icon" href={assetPaths.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assetPaths.stylesheet} />
        <script src={assetPaths.script} defer></script>
      </head>
      <body>
        <HatchPattern />
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <a class="brand" href="/">
            Tocsin <span>{surroundings.system}</span>
          </a>
          <nav aria-label="Sections">
            {[...sections, ...(surroundings.local ? localSections : [])].map(({ path, label }) => (
              <a href={path} {...(path === section && { 'aria-current': 'page' as const })}>
                {label}
              </a>
            ))}
          </nav>
          {surroundings.signedIn && (
            <form method="post" action="/sign-out" class="sign-out">
              <span class="soft">{surroundings.signedIn.person}</span>
              <button type="submit">Sign out</button>
            </form>
          )}
        </header>
        <main id="main" tabindex={-1}>
          {children}
        </main>
      </body>
    </html>
  </>
);

/** What stands where there is nothing to show yet: what will appear, and when. */
export const Empty = ({ children }: { children: Child }) => <p class="empty">{children}</p>;
