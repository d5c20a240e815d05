// A Linux kernel of the user's, from the wizard to a shell in a console window.
import { realpath } from 'node:fs/promises';
import { guestFiles } from '../build/scripts/guests.ts';
import { ConsolePage } from './pages/console.ts';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { expect, test } from './support/fixtures.ts';
import { bootMs } from './support/guest.ts';

const { arm64 } = guestFiles();

test('a kernel chosen by browsing boots to a shell that answers in a window of its own', async ({
  loggedIn: page,
}) => {
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Linux kernel');
  await expect(wizard.form.getByRole('status')).toContainText('Choose a kernel.');

  await wizard.form.getByRole('button', { name: 'Browse…' }).first().click();
  const browser = page.getByRole('dialog', { name: 'Choose a kernel' });
  await browser.getByRole('button', { name: 'Place' }).click();
  await page.getByRole('option', { name: 'guests' }).click();
  await browser.getByRole('row', { name: 'arm64' }).click();
  await browser.getByRole('row', { name: 'Image' }).click();
  await expect(wizard.field('Kernel')).toHaveValue(await realpath(arm64.kernel));
  await expect(wizard.form).toContainText('Linux arm64 kernel');

  await wizard.field('Initial RAM disk (optional)').fill(arm64.initrd);
  await expect(wizard.field('Kernel command line')).toHaveValue(/(^|\s)console=ttyAMA0(\s|$)/);
  await wizard.createAndStart.click();

  const machine = new MachinePage(page);
  await machine.console.shows('armoire-guest ready', bootMs);
  const opened = page.waitForEvent('popup');
  await machine.console.button('Open in a window of its own').click();
  const window = new ConsolePage(await opened);
  await window.shows('~ #');
  await window.run('echo "$(uname -m) $(uname -r)"');
  await window.shows(`aarch64 ${arm64.release}`);
  // The tab that it was opened from shows the same guest.
  await machine.console.shows(`aarch64 ${arm64.release}`);
});

test('what is typed on a wizard page is checked there, and other pages keep it', async ({
  loggedIn: page,
}) => {
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Linux kernel');
  await wizard.field('Kernel').fill(arm64.kernel);
  await wizard.field('Kernel command line').fill('console=ttyS0 quiet');
  // virt has no 8250: the rule names the console that it has, and one click puts it right.
  const problem = wizard.form.getByRole('listitem').filter({ hasText: 'ttyS0' });
  await expect(problem).toBeVisible();
  await problem.getByRole('button').click();
  await expect(wizard.field('Kernel command line')).toHaveValue(/console=ttyAMA0/);
  await wizard.go('Hardware');
  await wizard.field('Name').fill('kept in mind');
  await wizard.form.getByRole('button', { name: 'Back' }).click();
  await wizard.isAt('What do you want to run?');
  await wizard.go('Hardware');
  await expect(wizard.field('Name')).toHaveValue('kept in mind');
});
