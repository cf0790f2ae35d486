import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { ProbeContext } from '../kind.ts';
import type { Attempt } from '../observation.ts';
import { chromiumAt } from './chromium.ts';
import { startProxy, type VettingProxy } from './proxy.ts';

/** A browser of one attempt, with the proxy that is its only way out. */
export interface Session {
  proxy: VettingProxy;
  /** A context and its page, which share nothing with others. */
  open(options?: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page }>;
  /** Why the browser or a page is gone; undefined while all is well. */
  crash(): string | undefined;
  /** Ends everything, within seconds, whatever it is doing. */
  close(): Promise<void>;
}

/** Milliseconds to start a browser, and to end one that is asked to. */
const patience = { start: 20_000, end: 2_000 };

/**
 * No way out beside the proxy of its pages: no names, no datagrams, no connections ahead of need; what the browser asks for on its own
 * account goes to a port where nobody listens.
 */
const onlyByProxy = [
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--disable-quic',
  '--dns-prefetch-disable',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--no-first-run',
  '--no-pings',
  '--disable-domain-reliability',
];

/** Starts a browser. What goes wrong is a fault of ours, and takes none of the attempt's time. */
export async function startSession(
  { network, browser: place, note }: ProbeContext,
  timeout: number,
  before: Attempt | undefined,
): Promise<Session> {
  const chromium = await chromiumAt(place);
  const proxy = await startProxy({ network, timeout, avoid: before?.address, note });
  try {
    const browser = await launch(chromium);
    return await sessionOf(browser, proxy);
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

async function launch({
  executablePath,
  args,
  env,
}: Awaited<ReturnType<typeof chromiumAt>>): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    args: [...args, ...onlyByProxy],
    env,
    timeout: patience.start,
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}

async function sessionOf(browser: Browser, proxy: VettingProxy): Promise<Session> {
  const pid = await pidOf(browser);
  let gone: string | undefined;
  let isClosing = false;
  browser.once('disconnected', () => {
    if (!isClosing) gone = 'the browser ended by itself';
  });
  return {
    proxy,
    crash: () => gone,
    async open(options) {
      const context = await browser.newContext({
        acceptDownloads: false,
        ...options,
        proxy: { server: proxy.url, bypass: '<-loopback>' },
      });
      const page = await context.newPage();
      page.on('crash', () => {
        gone = 'the page crashed the browser, or it has too little memory';
      });
      return { context, page };
    },
    async close() {
      isClosing = true;
      const isOver = await Promise.race([
        browser.close().then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((resolve) =>
          AbortSignal.timeout(patience.end).addEventListener('abort', () => resolve(false), { once: true }),
        ),
      ]);
      if (!isOver && pid !== undefined) kill(pid);
      await proxy.close();
    },
  };
}

/** A browser that does not listen any more is ended by the system. */
async function pidOf(browser: Browser): Promise<number | undefined> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id;
}

/** Its renderers and helpers are of its process group. */
function kill(pid: number): void {
  for (const target of [-pid, pid])
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It is gone already, or there is no such group.
    }
}
