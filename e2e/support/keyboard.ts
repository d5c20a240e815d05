// Getting about by keyboard alone, as somebody without a mouse does.
import type { Locator, Page } from '@playwright/test';

const mostStops = 60;

/** Presses Tab until `target` has the focus. Throws when it never does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < mostStops; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${target}.`);
}
