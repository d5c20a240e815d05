// The console as a tool: windows, search, paste, links, Break, the log.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';
import { consoleWindowBytes } from '../src-main/contract/console.ts';
import { ConsolePage } from './pages/console.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { samplePrompt, vmOf } from './support/guest.ts';
import { talk } from './support/talk.ts';

async function openWindow(page: Page, console: ConsolePage): Promise<ConsolePage> {
  const opened = page.waitForEvent('popup');
  await console.button('Open in a window of its own').click();
  const window = new ConsolePage(await opened);
  await window.shows(samplePrompt);
  return window;
}

function logFile({ directories }: Armoire, id: string): string {
  return join(directories.library, id, 'logs', 'uart0.log');
}

function dialog(page: Page, title: string | RegExp): Locator {
  return page.getByRole('dialog', { name: title }).or(page.getByRole('alertdialog', { name: title }));
}

test('two viewers see the same guest, and either can type', async ({ loggedIn: page, armoire }) => {
  const { console } = await talk(page, armoire);
  const window = await openWindow(page, console);
  await expect(window.page).toHaveTitle(/^talker/);
  await window.run('echo from the window');
  await console.shows(/^from the window$/);
  await console.run('echo from the tab');
  await window.shows(/^from the tab$/);
});

test('the scrollback can be searched', async ({ loggedIn: page, armoire }) => {
  const { console, guest } = await talk(page, armoire);
  guest.type('echo needle one\recho needle two\r');
  await console.shows(/^needle two$/);
  await console.input.focus();
  await page.keyboard.press('Control+Shift+F');
  const box = console.region.getByRole('searchbox', { name: 'Search the console' });
  await box.fill('needle');
  // Each line is there as it was typed and as it was answered.
  await expect(console.region.getByText(/^\d of 4$/)).toBeVisible();
  await box.fill('no such words');
  await expect(console.region.getByText('Not found')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(console.input).toBeFocused();
});

test('several pasted lines are shown before the guest gets them', async ({ loggedIn: page, armoire }) => {
  const { console, guest } = await talk(page, armoire);
  const several = 'echo first\necho second\n';
  await console.paste(several);
  const question = dialog(page, 'Paste 2 lines into the guest?');
  await expect(question.getByRole('listitem')).toHaveText(['echo first', 'echo second']);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await console.run('echo nothing was pasted');
  await guest.printed(/^nothing was pasted/m);
  expect(guest.output()).not.toContain('first');

  await console.paste(several);
  await question.getByRole('button', { name: 'Paste as one line' }).click();
  await page.keyboard.press('Enter');
  await guest.printed(/^first echo second/m);

  await console.paste(several);
  await question.getByRole('button', { name: 'Paste', exact: true }).click();
  await guest.printed(/^first\r\n[\s\S]*^second\r\n/m);

  await console.paste('echo one line is not asked about');
  await page.keyboard.press('Enter');
  await guest.printed(/^one line is not asked about/m);
});

test('a link that the guest prints is shown in full before it opens', async ({ loggedIn: page, armoire }) => {
  const { console, guest } = await talk(page, armoire);
  await page.context().route('https://example.org/**', (route) => route.fulfill({ body: 'a page' }));
  guest.type('echo see https://example.org/a/path?q=1 now\r');
  await console.shows(/^see https:/);
  await clickText(page, console, 'https://example.org/a/path?q=1');
  const question = dialog(page, 'Open this link?');
  await expect(question).toContainText('https://example.org/a/path?q=1');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  expect(page.context().pages()).toHaveLength(1);

  await clickText(page, console, 'https://example.org/a/path?q=1');
  const opened = page.context().waitForEvent('page');
  await question.getByRole('button', { name: 'Open example.org' }).click();
  expect((await opened).url()).toBe('https://example.org/a/path?q=1');
});

/** The terminal finds links under the pointer: it has to be moved over one before it is pressed. */
async function clickText(page: Page, console: ConsolePage, text: string): Promise<void> {
  const row = console.screen.locator('> div').filter({ hasText: text }).last();
  const place = await row.evaluate((element, wanted) => {
    const line = element.textContent ?? '';
    const from = line.indexOf(wanted);
    const range = document.createRange();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let seen = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (from < seen + length) {
        range.setStart(node, from - seen);
        range.setEnd(node, from - seen + 1);
        break;
      }
      seen += length;
    }
    const { left, top, width, height } = range.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  }, text);
  // From somewhere else: it looks again when the pointer comes to another character.
  await page.mouse.move(place.x, place.y - 200);
  await page.mouse.move(place.x, place.y, { steps: 4 });
  await page.mouse.click(place.x, place.y);
}

test('a Break reaches the guest', async ({ loggedIn: page, armoire }) => {
  const { console } = await talk(page, armoire);
  await console.more('Send Break');
  await console.shows('[break]');
});

test('the saved log is what the guest printed, byte for byte', async ({ loggedIn: page, armoire }) => {
  const { console, guest } = await talk(page, armoire);
  await console.run('fill 100');
  await guest.printed(/fill 100 KiB crc32 [0-9A-Fa-f]{8}\r\n[\s\S]*armoire> /);
  const downloading = page.waitForEvent('download');
  await console.more('Save log…');
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('talker uart0.log');
  const saved = await readFile(await download.path());
  expect(saved.equals(await readFile(logFile(armoire, guest.id)))).toBe(true);
  expect(saved.toString('latin1')).toBe(guest.output());
});

test('clear forgets the output everywhere, and the guest does not notice', async ({
  loggedIn: page,
  armoire,
}) => {
  const { console, guest } = await talk(page, armoire);
  const window = await openWindow(page, console);
  await console.more('Clear…');
  await dialog(page, 'Clear this console?').getByRole('button', { name: 'Clear', exact: true }).click();
  for (const viewer of [console, window]) {
    await expect(viewer.screen).not.toContainText('Armoire sample guest');
  }
  await expect.poll(async () => (await stat(logFile(armoire, guest.id))).size).toBe(0);
  await console.run('echo after the clearing');
  for (const viewer of [console, window]) await viewer.shows(/^after the clearing$/);
});

test('the text can be made larger and smaller', async ({ loggedIn: page, armoire }) => {
  const { console } = await talk(page, armoire);
  const row = console.screen.locator('> div').first();
  const height = async () => (await row.boundingBox())?.height ?? 0;
  const normal = await height();
  await console.more('Larger text');
  await expect.poll(height).toBeGreaterThan(normal);
  await console.input.focus();
  await page.keyboard.press('Control+-');
  await expect.poll(height).toBe(normal);
});

test('a viewer that stands still slows neither the guest nor the others', async ({
  loggedIn: page,
  armoire,
}) => {
  const { console, guest } = await talk(page, armoire);
  const client = await armoire.client();
  let taken = 0;
  const stalled = await client.openConsole(
    guest.id,
    'uart0',
    (bytes) => {
      taken += bytes.length;
    },
    { acknowledge: false },
  );
  const before = guest.output().length;
  await console.run('fill 768');
  await guest.printed(/fill 768 KiB crc32 [0-9A-Fa-f]{8}/, 60_000);
  expect(taken).toBeLessThanOrEqual(consoleWindowBytes);
  // QEMU answers as ever, and every byte is there.
  await client.rpc.vms.pause({ id: guest.id });
  expect((await vmOf(client, guest.id)).state).toBe('paused');
  const [, bytes = '', sum = ''] =
    /fill 768\r\n([\s\S]*?)fill 768 KiB crc32 ([0-9A-Fa-f]{8})/.exec(guest.output().slice(before)) ?? [];
  expect(bytes.length).toBe(768 * 1024);
  expect(crc32(Buffer.from(bytes, 'latin1'))).toBe(Number.parseInt(sum, 16));
  stalled.close();
});
