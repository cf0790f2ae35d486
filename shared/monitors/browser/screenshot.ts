import type { Page } from 'playwright-core';

/** Bytes of a picture, so that an observation with it fits into a message, and the picture into an item of DynamoDB. */
export const maxScreenshotBytes = 120_000;

/** JPEG qualities, the best first; the first whose picture is small enough is taken. */
const qualities = [60, 35, 15];

/**
 * What the page looks like, as a JPEG in base64. Undefined where there is none in time, or where it would show a secret: fields are
 * painted over where any is used, and a page that prints one is not photographed.
 * @param timeout milliseconds
 */
export async function takeScreenshot(
  page: Page,
  secrets: ReadonlySet<string>,
  timeout: number,
): Promise<string | undefined> {
  try {
    if (page.isClosed() || page.url() === 'about:blank') return undefined;
    const frames = page.frames();
    if (secrets.size > 0) {
      const texts = await Promise.all(frames.map((frame) => textOf(frame, timeout)));
      if (texts.some((text) => [...secrets].some((secret) => text.includes(secret)))) return undefined;
    }
    const mask =
      secrets.size > 0
        ? frames.map((frame) => frame.locator('input, textarea, select, [contenteditable]'))
        : [];
    for (const quality of qualities) {
      const picture = await page.screenshot({ type: 'jpeg', quality, mask, timeout, animations: 'disabled' });
      if (picture.length <= maxScreenshotBytes) return picture.toString('base64');
    }
    return undefined;
  } catch {
    // The page is busy, or gone: evidence is worth no failure of its own.
    return undefined;
  }
}

/** What people read of a page. */
export const textOf = (frame: Pick<Page, 'locator'>, timeout: number): Promise<string> =>
  frame.locator('body').innerText({ timeout });
