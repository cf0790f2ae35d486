import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { BrowserPlace } from '../kind.ts';

/** A Chromium that can be started. */
export interface Chromium {
  executablePath: string;
  args: string[];
  /** Its environment: it has no use for that of the probe, where credentials are. */
  env: Record<string, string>;
}

/** What Chromium is called on the machines of people, the likeliest first. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];

/** Where it is when it is on no PATH. */
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The Chromium of this machine: what `CHROMIUM` names, else what is installed; undefined where there is none. */
export function findChromium({
  CHROMIUM,
  PATH = '',
}: {
  CHROMIUM?: string | undefined;
  PATH?: string | undefined;
}): string | undefined {
  if (CHROMIUM) return CHROMIUM;
  const folders = PATH.split(delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...usualPlaces].find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Where a probe's asset has the packed Chromium. */
export const packedFolder = 'chromium';

/** The Chromium to check with. Throws where there is none, and says what to do: that is no fault of the target. */
export async function chromiumAt({ chromium, assets }: BrowserPlace = {}): Promise<Chromium> {
  if (chromium) return installed(chromium);
  const packed = assets && join(assets, packedFolder);
  if (packed && existsSync(packed)) return unpacked(packed);
  throw new Error(
    'there is no Chromium on this machine: install one (apt install chromium, brew install chromium), or name it, CHROMIUM=/path/to/chrome',
  );
}

const installed = (executablePath: string): Chromium => ({
  executablePath,
  // Containers have no sandbox.
  args: ['--no-sandbox', '--disable-gpu'],
  env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: tmpdir() },
});

/** Of the flags that the package advises, those that would make pages behave as they do for nobody. */
const unlikeOthers = /^--(disable-web-security|allow-running-insecure-content|headless)\b/;

/** Unpacks once for as long as the function lives. */
async function unpacked(folder: string): Promise<Chromium> {
  const { default: packed } = await import('@sparticuz/chromium');
  return {
    executablePath: await packed.executablePath(folder),
    args: packed.args.filter((flag) => !unlikeOthers.test(flag)),
    env: {
      HOME: tmpdir(),
      FONTCONFIG_PATH: join(tmpdir(), 'fonts'),
      LD_LIBRARY_PATH: join(tmpdir(), 'al2023', 'lib'),
    },
  };
}
