// Installers and disk images: UEFI finds them, boots them, and the user's own files stay what they are.
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { guestFiles } from '../build/scripts/guests.ts';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { vmOf } from './support/guest.ts';

const { uefiIso, uefiDisk } = guestFiles();
/** Firmware, GRUB and a kernel, all emulated, on a core that others use too. */
const uefiBootMs = 150_000;

test.describe.configure({ timeout: 240_000 });

test('an installer ISO boots by UEFI, with a new disk to install to', async ({ loggedIn: page }) => {
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Install from ISO');
  await wizard.field('Installer image').fill(uefiIso);
  await expect(wizard.form).toContainText('ISO image');
  await wizard.go('Hardware');
  await wizard.go('Storage and network');
  await wizard.field('Size').fill('3');
  await wizard.field('Size').blur();
  await wizard.go('Review');
  await wizard.isProven();
  await wizard.createAndStart.click();

  const { console } = new MachinePage(page);
  await console.shows('armoire-guest ready', uefiBootMs);
  await console.run('echo sectors $(cat /sys/block/vda/size)');
  await console.shows(/^sectors 6291456$/);
});

test('a qcow2 image is copied and boots by UEFI; the original is not touched', async ({
  loggedIn: page,
  armoire,
}) => {
  const image = join(armoire.directories.home, 'my system.qcow2');
  await copyFile(uefiDisk.qcow2, image, constants.COPYFILE_FICLONE);
  const before = await fingerprint(image);
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Existing disk');
  await wizard.field('Disk image').fill(image);
  await expect(wizard.form).toContainText('qcow2 image');
  await wizard.createAndStart.click();

  const machine = new MachinePage(page);
  await machine.console.shows('armoire-guest ready', uefiBootMs);
  await machine.console.run('dd if=/dev/zero of=/dev/vda seek=8 count=8 && sync && echo written $?');
  await machine.console.shows(/^written 0$/);
  expect(await fingerprint(image)).toBe(before);
  expect(await openFiles(await pidOf(machine, armoire))).toContain(
    join(armoire.directories.library, machine.id(), 'disks/disk0.qcow2'),
  );
});

test('a raw image is used where it is and boots by UEFI', async ({ loggedIn: page, armoire }) => {
  const image = join(armoire.directories.home, 'system.img');
  await copyFile(uefiDisk.raw, image, constants.COPYFILE_FICLONE);
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Existing disk');
  await wizard.field('Disk image').fill(image);
  await expect(wizard.form).toContainText('Raw image');
  await wizard.pick('Use it where it is');
  await wizard.createAndStart.click();

  const machine = new MachinePage(page);
  await machine.console.shows('armoire-guest ready', uefiBootMs);
  expect(await openFiles(await pidOf(machine, armoire))).toContain(image);
  expect(await readdir(join(armoire.directories.library, machine.id(), 'disks'))).toEqual([]);
});

async function pidOf(machine: MachinePage, armoire: Armoire): Promise<number> {
  const { run } = await vmOf(await armoire.client(), machine.id());
  return run?.pid ?? 0;
}

async function openFiles(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  return Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
}

async function fingerprint(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const { mtimeMs } = await stat(file);
  return `${hash.digest('hex')} ${mtimeMs}`;
}
