// What Chromium is started with besides what Playwright gives it.

/** Pages of the address bar that nobody sees: loaded for each window, they cost a third of a test's time. */
const addressBar = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/**
 * What Playwright switches off for its own working (packages/playwright-core/src/server/chromium/chromiumSwitches.ts):
 * of two lists of features Chromium reads the last alone.
 */
const playwrights = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

export function chromiumArguments(): string[] {
  // Chromium's sandbox refuses to work for root, which is who runs in a container.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...sandbox, `--disable-features=${[...addressBar, ...playwrights].join(',')}`];
}
