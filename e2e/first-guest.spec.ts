// A newcomer's first minute: from an empty library to typing into a running guest.
import type { Locator } from '@playwright/test';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { expect, test } from './support/fixtures.ts';
import { samplePrompt } from './support/guest.ts';
import { tabTo } from './support/keyboard.ts';

test('an empty library says what this computer can do', async ({ loggedIn: page }) => {
  await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
  const abilities = page.getByRole('region', { name: 'What this computer can do' });
  await expect(abilities).toContainText(/QEMU\s*\d+\.\d+\.\d+/);
  await expect(abilities).toContainText(/\d+ boards, \d+ CPU models/);
  await expect(abilities).toContainText(/TCG|KVM|HVF/);
  await expect(abilities).toContainText(/UEFI firmware\s*Found/);
  await expect(abilities).toContainText(/GiB free/);
});

test('the big card leads to a guest that answers what is typed', async ({ loggedIn: page }) => {
  await page.getByRole('button', { name: 'Create and start' }).click();
  const machine = new MachinePage(page);
  await machine.console.shows(samplePrompt);
  // One comes to a guest to type.
  await expect(machine.console.input).toBeFocused();
  await machine.console.run('info');
  await machine.console.shows(/Exception level\s+EL1/);
  await machine.console.shows(/UART\s+pl011@9000000 at 0x09000000/);
  await machine.console.run('echo hello from the guest');
  await machine.console.shows(/^hello from the guest$/);
  await machine.is('Running');
});

test('the keyboard alone leads through the wizard to a guest', async ({ loggedIn: page }) => {
  const { keyboard } = page;
  const wizard = new WizardPage(page);
  const machine = new MachinePage(page);
  const pressAt = async (target: Locator, key = 'Enter') => {
    await expect(target).toBeEnabled();
    await tabTo(page, target);
    await keyboard.press(key);
  };
  await pressAt(page.getByRole('button', { name: 'New', exact: true }));
  await wizard.isAt('What do you want to run?');
  const sample = wizard.form.getByRole('radio', { name: 'Sample' });
  await pressAt(sample, 'Space');
  await expect(sample).toBeChecked();
  for (const title of ['Hardware', 'Storage and network', 'Review']) {
    await pressAt(wizard.next);
    await wizard.isAt(title);
  }
  await wizard.isProven();
  await pressAt(wizard.createAndStart);
  await machine.console.shows(samplePrompt);
  await tabTo(page, machine.console.input);
  await keyboard.type('echo by keys alone\n');
  await machine.console.shows(/^by keys alone$/);
  await keyboard.press('Control+Shift+L');
  await expect(machine.console.input).not.toBeFocused();
});
