// What a full system may print: nothing of it can reach the clipboard or the page, and questions are answered once.
import { guestFiles } from '../build/scripts/guests.ts';
import { ConsolePage } from './pages/console.ts';
import { MachinePage } from './pages/machine.ts';
import { expect, test } from './support/fixtures.ts';
import { bootMs, makeVm, watchGuest } from './support/guest.ts';

const { arm64 } = guestFiles();

test('a Linux guest and its terminal', async ({ loggedIn: page, armoire, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: armoire.server().origin });
  const client = await armoire.client();
  const source = { kind: 'kernel' as const, kernel: arm64.kernel, initrd: arm64.initrd };
  const { id } = await makeVm(client, source, { name: 'shell', start: true });
  const guest = await watchGuest(client, id);
  const machine = new MachinePage(page);
  await machine.open(id, 'console');
  const { console } = machine;
  await guest.printed('~ # ', bootMs);

  await test.step('the guest is told the size of the window', async () => {
    await console.more('Fit guest to window…');
    const dialog = page.getByRole('dialog', { name: 'Fit the guest to this window' });
    const command = (await dialog.getByText(/^stty rows \d+ cols \d+$/).textContent()) ?? '';
    const [, rows, cols] = /rows (\d+) cols (\d+)/.exec(command) ?? [];
    await dialog.getByRole('button', { name: 'Type it into the guest' }).click();
    await console.run('stty size');
    await guest.printed(new RegExp(`^${rows} ${cols}\r$`, 'm'));
  });

  await test.step('escape sequences change neither the clipboard nor the title', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('what I copied'));
    await console.run(`printf '\\033]52;c;aGFja2Vk\\007\\033]0;hacked\\007\\033[21t'; echo pri''nted`);
    await guest.printed(/^[^\n]*printed\r$/m);
    await console.shows('printed');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('what I copied');
    await expect(page).toHaveTitle(/^shell/);
  });

  await test.step('a question to the terminal is answered once, by one of two viewers', async () => {
    const opened = page.waitForEvent('popup');
    await console.button('Open in a window of its own').click();
    const window = new ConsolePage(await opened);
    await window.shows('printed');
    await window.isLive();
    // Reads the seven bytes of an answer, whenever they come, and what comes within two seconds of them.
    const read = 'dd bs=1 count=7 2>/dev/null; timeout 2 cat';
    await window.run(
      `stty raw -echo; printf '\\033[c'; (${read}) > /tmp/answer; stty sane; echo "answer: $(tail -c +2 /tmp/answer)."`,
    );
    await guest.printed(/^answer: \[\?1;2c\.\r\n~ # /m);
  });

  await test.step('old questions are not answered when the page is loaded again', async () => {
    const before = guest.output();
    await page.reload();
    await console.shows(/answer: /);
    await console.isLive();
    // The guest would echo an answer at its prompt before this.
    await console.run("echo al''l quiet");
    await guest.printed(/^all quiet\r$/m);
    expect(guest.output().slice(before.length)).toMatch(/^echo al''l quiet\r\nall quiet\r\n/);
  });
});
