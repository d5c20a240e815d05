// Guests outlive the app: killed or stopped, it finds them again, and their consoles have lost nothing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ConsolePage } from './pages/console.ts';
import { MachinePage } from './pages/machine.ts';
import { countingSample, counts } from './support/counting.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { allVms, makeSample, samplePrompt, vmOf, watchGuest } from './support/guest.ts';
import { runningQemus } from './support/server.ts';

// Its page is cut off from it, which the browser writes to its console.
test.use({ expectedErrors: /WebSocket connection to|Failed to load resource/ });

function consoleFile({ directories }: Armoire, id: string): string {
  return join(directories.library, id, 'logs', 'uart0.log');
}

for (const [words, end] of [
  ['killed', 'kill'],
  ['stopped', 'stop'],
] as const) {
  test(`the app is ${words} while a guest counts: same process afterwards, no gap and no repeat`, async ({
    loggedIn: page,
    armoire,
  }) => {
    const { id } = await countingSample(armoire);
    const before = await vmOf(await armoire.client(), id);
    await armoire.server()[end]();
    const last = counts(await readFile(consoleFile(armoire, id), 'latin1')).at(-1) ?? 0;
    await expect
      .poll(async () => counts(await readFile(consoleFile(armoire, id), 'latin1')).at(-1), {
        message: 'the guest counts on while nobody manages it',
      })
      .toBeGreaterThan(last + 10);

    await armoire.restart();
    await armoire.logIn(page);
    const after = await vmOf(await armoire.client(), id);
    expect(after.state).toBe('running');
    expect(after.run?.pid).toBe(before.run?.pid);
    expect(after.run?.startedAt).toBe(before.run?.startedAt);
    expect(await runningQemus(armoire.directories)).toEqual([before.run?.pid]);

    const guest = await watchGuest(await armoire.client(), id);
    await guest.printed(`count ${last + 20}\r\n`);
    const machine = new MachinePage(page);
    await machine.open(id, 'console');
    await machine.console.isLive();
    await machine.console.input.focus();
    await page.keyboard.press('x');
    await guest.printed(/count \d+\r\n.*armoire> /);
    await machine.console.run('echo still here');
    await machine.console.shows(/^still here$/);

    const seen = counts(guest.output());
    expect(seen).toEqual(seen.map((_, index) => index));
    // The page may show the last prompt before the other viewer has it.
    await expect
      .poll(async () => (await readFile(consoleFile(armoire, id), 'latin1')) === guest.output(), {
        message: 'a viewer has seen what the guest printed, byte for byte',
      })
      .toBe(true);
  });
}

test('QEMU that ended while the app was away is noticed, not taken for running', async ({ armoire }) => {
  const { id } = await countingSample(armoire);
  const { run } = await vmOf(await armoire.client(), id);
  await armoire.server().kill();
  process.kill(run?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => runningQemus(armoire.directories)).toEqual([]);
  await armoire.restart();
  const [vm] = await allVms(await armoire.client());
  expect(vm?.state).toBe('crashed');
  expect(vm?.lastExit?.fault?.message).toContain('while Armoire was not running');
});

test('a page loaded again has everything that the guest printed', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'talkative', start: true });
  const guest = await watchGuest(client, id);
  await guest.printed(samplePrompt);
  guest.type('fill 200\r');
  await guest.printed(/fill 200 KiB crc32 [0-9A-Fa-f]{8}/, 60_000);
  const machine = new MachinePage(page);
  await machine.open(id, 'console');
  await machine.console.shows(/fill 200 KiB crc32/);
  await page.reload();
  await machine.console.shows(/fill 200 KiB crc32/);
  await searchFor(page, 'Armoire sample guest');
});

/** The banner is far above what is in view: only a search of the whole scrollback finds it. */
async function searchFor(page: Page, text: string): Promise<void> {
  const { region, screen } = new ConsolePage(page);
  await expect(screen).not.toContainText(text);
  await region.getByRole('button', { name: 'Search', exact: true }).click();
  await region.getByRole('searchbox', { name: 'Search the console' }).fill(text);
  await expect(region.getByText('1 of 1')).toBeVisible();
  await expect(screen).toContainText(text);
}
