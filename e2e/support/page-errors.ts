// Notes what a page reports as errors: exceptions, and what the browser or the page wrote to its console as such.
import type { Page } from '@playwright/test';

/** The errors so far that `expected` does not match. */
export type PageErrors = (expected: RegExp | null) => string[];

/** Of the page and of every window that it opens. */
export function watchPage(page: Page): PageErrors {
  const errors: string[] = [];
  const context = page.context();
  context.on('weberror', (event) => errors.push(event.error().stack ?? event.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return (expected) => errors.filter((error) => !expected?.test(error));
}
