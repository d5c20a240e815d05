// Firmware and bare metal: each way into the machine, proved by what then runs.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guestFiles } from '../build/scripts/guests.ts';
import { repoRoot } from '../build/scripts/paths.ts';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { rawImage } from './support/elf.ts';
import { expect, test } from './support/fixtures.ts';
import { bootMs, samplePrompt } from './support/guest.ts';

const sampleElf = join(repoRoot, 'resources/sample/sample-virt.elf');

test('U-Boot, uploaded and started by -bios, reaches its prompt and answers', async ({
  loggedIn: page,
  armoire,
}) => {
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Firmware or bare metal');
  await wizard.pick('Firmware image');
  await wizard.form.getByLabel('Upload a file: File').setInputFiles(guestFiles().uBoot.arm64);
  await expect(wizard.field('File')).toHaveValue(join(armoire.directories.library, 'uploads', 'u-boot.bin'));
  await wizard.createAndStart.click();

  const { console } = new MachinePage(page);
  await console.shows('Hit any key to stop autoboot', bootMs);
  await console.run('');
  await console.shows(/^=>/);
  await console.run('version');
  await console.shows(/^=> version\nU-Boot \d{4}\.\d{2}/);
});

test('an ELF of the user’s is loaded by its headers and started', async ({ loggedIn: page, armoire }) => {
  const elf = join(armoire.directories.home, 'my program.elf');
  await copyFile(sampleElf, elf);
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Firmware or bare metal');
  await wizard.pick('ELF program');
  await wizard.field('File').fill(elf);
  await expect(wizard.form).toContainText('64-bit ELF for');
  await wizard.createAndStart.click();
  const { console } = new MachinePage(page);
  await console.shows(samplePrompt);
  await console.run('el');
  await console.shows(/^EL1;/);
});

test('a raw image is loaded at its address and started there', async ({ loggedIn: page, armoire }) => {
  const { address, bytes } = rawImage(await readFile(sampleElf));
  const raw = join(armoire.directories.home, 'program.bin');
  await writeFile(raw, bytes);
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Firmware or bare metal');
  await wizard.pick('Raw at an address');
  await wizard.field('File').fill(raw);
  // Over the device tree that QEMU puts at the bottom of RAM: refused, and said why.
  await wizard.field('Address').fill('0x40000000');
  await expect(wizard.form.getByRole('listitem').filter({ hasText: 'device tree' })).toBeVisible();
  await expect(wizard.createAndStart).toBeDisabled();
  await wizard.field('Address').fill(`0x${address.toString(16)}`);
  await wizard.createAndStart.click();
  const { console } = new MachinePage(page);
  await console.shows(samplePrompt);
  await console.run('echo loaded raw');
  await console.shows(/^loaded raw$/);
});
