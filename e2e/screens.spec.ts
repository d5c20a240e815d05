// Every screen, light and dark: pictured for the documentation, and held to what axe knows of accessibility.
import { constants } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { guestFiles } from '../build/scripts/guests.ts';
import { ConsolePage } from './pages/console.ts';
import { LibraryPage } from './pages/library.ts';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { inspect, photograph } from './support/camera.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { makeSample, makeVm, reaches, samplePrompt, vmOf, watchGuest } from './support/guest.ts';
import { goTo } from './support/route.ts';

const { arm64, uBoot, uefiDisk } = guestFiles();

test.use({
  viewport: { width: 1200, height: 750 },
  expectedErrors: /WebSocket connection to|Failed to load resource/,
});
test.describe.configure({ timeout: 300_000 });

/** A file of the test guests as one in the user's home; resolves to its path. */
async function atHome({ directories }: Armoire, file: string, name: string): Promise<string> {
  const copy = join(directories.home, name);
  await mkdir(dirname(copy), { recursive: true });
  await copyFile(file, copy, constants.COPYFILE_FICLONE);
  return copy;
}

/** A library as somebody has it after a week; resolves to the id of the sample that runs. */
async function furnish(armoire: Armoire): Promise<{ running: string; crashed: string }> {
  const client = await armoire.client();
  const kernel = await atHome(armoire, arm64.kernel, 'linux/Image');
  const initrd = await atHome(armoire, arm64.initrd, 'linux/initrd.cpio.gz');
  const image = await atHome(armoire, uefiDisk.qcow2, 'images/system.qcow2');
  const file = await atHome(armoire, uBoot.arm64, 'firmware/u-boot.bin');
  await makeVm(client, { kind: 'kernel', kernel, initrd }, { name: 'Debian kernel, busybox' });
  await makeVm(client, { kind: 'disk', image, use: 'copy' }, { name: 'UEFI disk' });
  await makeVm(client, { kind: 'firmware', how: 'bios', file }, { name: 'U-Boot' });
  const { id: crashed } = await makeSample(client, { name: 'Crashed one', start: true });
  await (await watchGuest(client, crashed)).printed(samplePrompt);
  process.kill((await vmOf(client, crashed)).run?.pid ?? 0, 'SIGKILL');
  await reaches(client, crashed, 'crashed');
  const { id: running } = await makeSample(client, { name: 'Sample', start: true });
  const guest = await watchGuest(client, running);
  await guest.printed(samplePrompt);
  guest.type('help\r');
  await guest.printed(/poweroff[\s\S]*armoire> /);
  return { running, crashed };
}

const preview = (page: Page) => page.getByRole('img', { name: 'The console’s last screen' });

/** With what comes a moment later. */
async function overviewIsFull(page: Page): Promise<void> {
  await expect(preview(page)).toContainText('poweroff');
  await expect(page.getByRole('region', { name: 'Load' })).not.toContainText('–');
}

test('the empty library and the wizard', async ({ loggedIn: page, armoire }) => {
  const abilities = page.getByRole('region', { name: 'What this computer can do' });
  await expect(abilities).toContainText('free');
  await expect(abilities).toContainText('UEFI firmware');
  await photograph(page, 'library-empty');

  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Sample');
  await expect(wizard.createAndStart).toBeEnabled();
  await photograph(page, 'wizard-what');
  await wizard.choose('Firmware or bare metal');
  await inspect(page, 'wizard, firmware');
  await wizard.choose('Existing disk');
  await wizard.field('Disk image').fill('/nowhere');
  await expect(wizard.form.getByRole('alert')).toBeVisible();
  await inspect(page, 'wizard, a file that cannot be used');

  await wizard.choose('Linux kernel');
  await wizard.field('Kernel').fill(await atHome(armoire, arm64.kernel, 'linux/Image'));
  const initrd = await atHome(armoire, arm64.initrd, 'linux/initrd.cpio.gz');
  await wizard.field('Initial RAM disk (optional)').fill(initrd);
  await expect(wizard.createAndStart).toBeEnabled();
  await photograph(page, 'wizard-kernel');
  await wizard.form.getByRole('button', { name: 'Browse…' }).first().click();
  await expect(page.getByRole('dialog').getByRole('row').first()).toBeVisible();
  await photograph(page, 'file-browser');
  await page.keyboard.press('Escape');

  await wizard.go('Hardware');
  await photograph(page, 'wizard-hardware');
  await wizard.form.getByText('More hardware').click();
  await inspect(page, 'wizard, more hardware');
  await wizard.form.getByRole('button', { name: 'Change board…' }).click();
  await expect(page.getByRole('dialog', { name: 'Choose a board' })).toBeVisible();
  await photograph(page, 'board-picker');
  await page.keyboard.press('Escape');
  await wizard.go('Storage and network');
  await wizard.form.getByRole('button', { name: 'New empty disk' }).click();
  await wizard.form.getByRole('button', { name: 'Add a forward' }).click();
  await photograph(page, 'wizard-storage');
  await wizard.go('Review');
  await wizard.isProven();
  await photograph(page, 'wizard-review');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog', { name: 'Discard this machine?' })).toBeVisible();
  await inspect(page, 'wizard, discard');
});

test('the library and the machine page', async ({ loggedIn: page, armoire }) => {
  const { running, crashed } = await furnish(armoire);
  const machine = new MachinePage(page);
  const library = new LibraryPage(page);
  await expect(library.row('Sample')).toContainText('Running');
  await photograph(page, 'library');

  await machine.open(running, 'console');
  await machine.console.shows('poweroff');
  await photograph(page, 'machine-console');
  const overview = await machine.tab('Overview');
  await overviewIsFull(page);
  const [drawn, room] = await preview(page).evaluate((picture) => {
    const screen = picture.querySelector('.xterm-screen');
    return [screen?.scrollWidth ?? 0, screen?.closest('[inert]')?.clientWidth ?? 0] as const;
  });
  expect(drawn, 'columns are drawn').toBeGreaterThan(0);
  expect(drawn, 'columns beyond the picture').toBeLessThanOrEqual(room);
  await expect(overview.getByRole('region', { name: 'Load' })).toContainText(/CPU\d/);
  await photograph(page, 'machine-overview');
  for (const tab of ['Hardware', 'Board', 'Command', 'Log'] as const) {
    const panel = await machine.tab(tab);
    await expect(panel).not.toBeEmpty();
    if (tab === 'Log') await expect(panel.getByRole('log')).toBeVisible();
    if (tab === 'Board') await expect(panel.getByText('Address space')).toBeVisible();
    if (tab === 'Command') await expect(panel.getByRole('row').nth(5)).toBeVisible();
    await photograph(page, `machine-${tab.toLowerCase()}`);
  }
  await machine.open(crashed);
  await expect(machine.notice('QEMU ended unexpectedly')).toBeVisible();
  await expect(preview(page)).toContainText(samplePrompt.trim());
  await photograph(page, 'machine-crashed');

  await dialogs(page, machine, library, running);

  await machine.open(running, 'console');
  const opened = page.waitForEvent('popup');
  await machine.console.button('Open in a window of its own').click();
  const window = new ConsolePage(await opened);
  await window.shows('poweroff');
  await window.isLive();
  await photograph(window.page, 'console-window');

  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('region', { name: 'About' })).toBeVisible();
  await photograph(page, 'settings');
});

async function dialogs(
  page: Page,
  machine: MachinePage,
  library: LibraryPage,
  running: string,
): Promise<void> {
  for (const [entry, title] of [
    ['Rename…', /^Rename/],
    ['Clone…', /^Clone/],
    ['Delete…', /^Delete/],
  ] as const) {
    await library.act('UEFI disk', entry);
    await expect(library.dialog(title)).toBeVisible();
    if (entry === 'Delete…') await photograph(page, 'delete');
    else await inspect(page, entry);
    await page.keyboard.press('Escape');
  }
  await library.row('U-Boot').click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  await inspect(page, 'a menu');
  await page.keyboard.press('Escape');

  await machine.open(running, 'console');
  const { console } = machine;
  await console.paste('echo one\necho two\n');
  await expect(page.getByRole('dialog')).toBeVisible();
  await photograph(page, 'console-paste');
  await page.keyboard.press('Escape');
  for (const entry of ['Fit guest to window…', 'Clear…', 'Keyboard…']) {
    await console.more(entry);
    await expect(library.dialog(/./)).toBeVisible();
    await inspect(page, entry);
    await page.keyboard.press('Escape');
    await expect(library.dialog(/./)).toBeHidden();
  }
  await console.button('Search').click();
  await console.region.getByRole('searchbox').fill('the');
  await inspect(page, 'console search');
  await console.region.getByRole('button', { name: 'Close search' }).click();
}

test('what is wrong: a damaged machine, and a lost connection', async ({ loggedIn: page, armoire }) => {
  const id = '00000001-0000-4000-8000-000000000000';
  await armoire.server().stop();
  await mkdir(join(armoire.directories.library, id));
  await writeFile(join(armoire.directories.library, id, 'vm.json'), '{"schemaVersion": 1, "rev');
  await armoire.restart();
  await armoire.logIn(page);
  await new LibraryPage(page).row(id).click();
  await expect(page.getByRole('alert')).toContainText('breaks off in the middle');
  await photograph(page, 'machine-damaged');
  await armoire.server().kill();
  await expect(page.getByText('Connection to Armoire lost.')).toBeVisible();
  await photograph(page, 'connection-lost');
  await armoire.restart();
});

test('from a telephone’s width to a wall’s', async ({ loggedIn: page, armoire }) => {
  const { running } = await furnish(armoire);
  const machine = new MachinePage(page);
  const wizard = new WizardPage(page);
  const screens: readonly { name: string; go: () => Promise<void> }[] = [
    {
      name: 'machine-overview',
      go: async () => {
        await machine.open(running);
        await overviewIsFull(page);
      },
    },
    {
      name: 'machine-console',
      go: async () => {
        await machine.open(running, 'console');
        await machine.console.isLive();
      },
    },
    { name: 'machine-hardware', go: () => machine.open(running, 'hardware') },
    {
      name: 'wizard',
      go: async () => {
        await goTo(page, '#/new');
        await wizard.choose('Sample');
        await expect(wizard.createAndStart).toBeEnabled();
      },
    },
    {
      name: 'settings',
      go: async () => {
        await goTo(page, '#/settings');
        await expect(page.getByRole('region', { name: 'About' })).toBeVisible();
      },
    },
    {
      name: 'library',
      go: async () => {
        await goTo(page, '#/');
        await expect(new LibraryPage(page).row('Sample')).toBeVisible();
      },
    },
  ];
  for (const { name, go } of screens) {
    for (const [words, width, height] of [
      ['360', 360, 740],
      ['768', 768, 1024],
      ['4k', 3840, 2160],
    ] as const) {
      await page.setViewportSize({ width, height });
      await go();
      await fits(page, `${name} at ${width}`);
      if (words === '360') await photograph(page, `${name}-360`);
    }
  }
});

/** Nothing sticks out sideways: no part of the page has to be scrolled to by hand. */
async function fits(page: Page, where: string): Promise<void> {
  const sticking = () =>
    page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  await expect.soft.poll(sticking, { message: where, timeout: 3_000 }).toBe(0);
}
