// Goes to a screen by its address inside of the page, without loading the page anew.
import type { Page } from '@playwright/test';

export async function goTo(page: Page, hash: `#/${string}`): Promise<void> {
  await page.evaluate((wanted) => {
    window.location.hash = wanted;
  }, hash);
}
