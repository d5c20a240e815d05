// End-to-end lanes: the browser mode in a real Chromium, and the desktop in a real Electron where there is one.
import { defineConfig } from '@playwright/test';
import { chromiumPath } from './build/scripts/stage-browser.ts';
import { chromiumArguments } from './e2e/support/chromium-arguments.ts';

/** A browser is found (or staged) once, by the runner, for the specs that need one. */
const isRunner = process.env.TEST_WORKER_INDEX === undefined;
if (isRunner && !process.argv.includes('--project=electron')) {
  process.env.ARMOIRE_CHROMIUM = await chromiumPath();
}
const chromium = process.env.ARMOIRE_CHROMIUM;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'e2e/.output',
  // A page, a server and a guest wait for each other much of the time: two tests at once take a fifth less than one by one.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  // A recording costs a quarter of the time of a run; `--trace on` makes one of a test that is looked into.
  use: { trace: 'off', screenshot: 'only-on-failure', contextOptions: { reducedMotion: 'reduce' } },
  projects: [
    {
      name: 'browser',
      testIgnore: 'electron*.spec.ts',
      use: {
        browserName: 'chromium',
        launchOptions: {
          ...(chromium && { executablePath: chromium }),
          args: chromiumArguments(),
        },
      },
    },
    { name: 'electron', testMatch: 'electron*.spec.ts' },
  ],
});
