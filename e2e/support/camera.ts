// Looks at a screen in both themes: a picture of it for people, and axe's verdict for those who do not see it.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { repoRoot } from '../../build/scripts/paths.ts';
import { testPlace } from './server.ts';

/** Where pictures go; left out: none are taken, the screens are only looked at by axe. */
const wanted = process.env.ARMOIRE_SCREENSHOTS;
const directory = wanted === undefined ? undefined : resolve(repoRoot, wanted);

export const themes = ['light', 'dark'] as const;

/** Writes `<name>-light.png` and `<name>-dark.png` where they are wanted, and notes every violation of accessibility in either. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  for (const theme of themes) {
    await show(page, theme);
    await hidePlace(page);
    await hideRing(page);
    if (directory !== undefined) {
      await page.screenshot({ path: join(directory, `${name}-${theme}.png`), animations: 'disabled' });
    }
    await noteViolations(page, name, theme);
  }
}

/** As `photograph`, without the pictures: for dialogs and menus. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const theme of themes) {
    await show(page, theme);
    await noteViolations(page, name, theme);
  }
}

async function show(page: Page, theme: (typeof themes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  // Colours fade over, and the terminal draws itself anew in a frame of its own.
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    for (let frame = 0; frame < 3; frame++) await new Promise((drawn) => requestAnimationFrame(drawn));
  });
}

/** Where the pictures were taken is nobody's business: the repository and what a test keeps are shown at places of their own. */
async function hidePlace(page: Page): Promise<void> {
  await page.evaluate(
    ([root, place]) => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const shown = node.nodeValue ?? '';
        const hidden = shown
          .replaceAll(root, '/opt/armoire')
          .replaceAll(new RegExp(`${place}\\w+`, 'g'), '/home/you');
        if (hidden !== shown) node.nodeValue = hidden;
      }
    },
    [repoRoot, testPlace] as const,
  );
}

/** Going to an address focuses what is there; a ring around the whole page would look like a mistake in a picture. */
async function hideRing(page: Page): Promise<void> {
  await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && focused.tagName === 'MAIN') focused.blur();
  });
}

/** The themes differ in colours alone: what else there is to find, the first has shown. */
async function noteViolations(page: Page, name: string, theme: (typeof themes)[number]): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(
    async (rules) => {
      const { axe: loaded } = window as unknown as { axe: typeof axe };
      // Without fetching the style sheets once more: the rule about a locked orientation alone reads them.
      const options = {
        resultTypes: ['violations' as const],
        preload: false,
        ...(rules && { runOnly: rules }),
      };
      return (await loaded.run(document, options)).violations;
    },
    theme === themes[0] ? null : ['color-contrast', 'link-in-text-block'],
  );
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
  expect.soft(found, `${name}, ${theme}`).toEqual([]);
}
