// The desktop in a real Electron: what its windows show, and what they must not be able to do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { electronArguments, electronBinary, launchDesktop } from './support/electron.ts';
import { makeDirectories, type ServerDirectories, serverEnvironment } from './support/server.ts';

const binary = electronBinary();
const consoleHash = '#/console/3f1f4e0a-7f55-4a52-9c0e-0d7a3c1f2b11/uart0';

test.skip(
  !binary,
  'Electron runtime is not installed: run "npx install-electron" where its download server is reachable.',
);

test.skip(process.platform === 'win32', 'Armoire does not run on Windows yet: electron-windows.spec.ts.');

let directories: ServerDirectories;
let desktop: ElectronApplication;
let page: Page;

test.beforeAll(async () => {
  directories = await makeDirectories();
  desktop = await launchDesktop(binary ?? '', directories);
  page = await desktop.firstWindow();
});

test.afterAll(async () => {
  await desktop?.close();
  if (directories) await rm(directories.root, { recursive: true, force: true });
});

test('the first window shows the library, from a secure origin of the app', async () => {
  expect(new URL(page.url()).href).toBe('app://armoire/index.html#/');
  expect(await page.evaluate(() => window.isSecureContext)).toBe(true);
  await expect(page).toHaveTitle(/Armoire/);
  // Comes over the message port: without a connection there is nothing but a waiting page.
  await expect(page.getByRole('button', { name: /new/i }).first()).toBeVisible();
});

test('the page has the transport and nothing of node or electron', async () => {
  const seen = await page.evaluate(() => ({
    armoire: JSON.stringify((window as unknown as { armoire: unknown }).armoire),
    globals: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
      (name) => name in window,
    ),
  }));
  expect(seen).toEqual({ armoire: '{"transport":"message-port"}', globals: [] });
});

test('windows are sandboxed and isolated', async () => {
  const preferences = await desktop.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => {
      const all = (
        webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences }
      ).getLastWebPreferences();
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = all;
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
    }),
  );
  expect(preferences).toEqual([
    { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
  ]);
});

test('text is never run as a program', async () => {
  const outcome = await page.evaluate(() => {
    try {
      return String(new Function('return 1')());
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(outcome).toBe('EvalError');
});

test('app:// gives out nothing but the page', async () => {
  const statuses = await page.evaluate(() =>
    Promise.all(
      ['/../package.json', '/%2e%2e/%2e%2e/package.json', '/..%2f..%2fpackage.json', '//etc/passwd'].map(
        async (path) => (await fetch(`app://armoire${path}`)).status,
      ),
    ),
  );
  expect(statuses).toEqual([404, 404, 404, 404]);
});

test('the page can neither leave nor open a foreign window', async () => {
  const before = page.url();
  await page.evaluate(() => {
    window.open('https://example.org/');
    window.open('file:///etc/passwd');
    window.location.href = 'https://example.org/';
  });
  // A navigation that was allowed would have begun by the time a later task has run and been answered.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  expect(page.url()).toBe(before);
  expect(desktop.windows()).toHaveLength(1);
});

test('it is granted no permission but the clipboard', async () => {
  const states = await page.evaluate(async () => {
    const names = ['notifications', 'geolocation', 'camera', 'microphone'] as PermissionName[];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
  });
  expect(states).toEqual(['denied', 'denied', 'denied', 'denied']);
});

test('a console gets a window of its own, and only one', async () => {
  const opened = desktop.waitForEvent('window');
  await page.evaluate((hash) => window.open(hash), consoleHash);
  const console = await opened;
  await expect.poll(() => console.url()).toBe(`app://armoire/index.html${consoleHash}`);
  await page.evaluate((hash) => window.open(hash), consoleHash);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  expect(desktop.windows()).toHaveLength(2);
  await console.close();
});

test('a second start shows the first one and ends', async () => {
  const second = spawn(binary ?? '', electronArguments(), {
    env: serverEnvironment(directories),
    stdio: 'ignore',
  });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
  expect(desktop.windows()).toHaveLength(1);
});
