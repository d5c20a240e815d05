// Files that cannot be used: each is told beside its field, with the reason, before anything is made of it.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { guestFiles } from '../build/scripts/guests.ts';
import { MachinePage } from './pages/machine.ts';
import { type Source, WizardPage } from './pages/wizard.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { makeVm, samplePrompt } from './support/guest.ts';
import { whyOnlyRoot } from './support/server.ts';

const run = promisify(execFile);
const { arm64 } = guestFiles();

interface Unusable {
  what: string;
  source: Source;
  field: string;
  /** Makes it below `home` and resolves to its path. */
  make: (home: string, armoire: Armoire) => Promise<string>;
  words: string | RegExp;
}

const kernel = { source: 'Linux kernel', field: 'Kernel' } as const;
const disk = { source: 'Existing disk', field: 'Disk image' } as const;

async function written(file: string, content: string | Buffer): Promise<string> {
  await writeFile(file, content);
  return file;
}

async function qemuImg(armoire: Armoire, ...args: string[]): Promise<void> {
  const { inUse } = await (await armoire.client()).rpc.host.qemu({ refresh: false });
  await run(inUse?.imgPath ?? 'qemu-img', args);
}

const unusable: readonly Unusable[] = [
  { ...kernel, what: 'missing', make: async (home) => join(home, 'none'), words: 'There is no such file.' },
  {
    ...kernel,
    what: 'a folder',
    make: async (home) => {
      await mkdir(join(home, 'folder'));
      return join(home, 'folder');
    },
    words: 'This is a folder, not a file.',
  },
  {
    ...kernel,
    what: 'a pipe',
    make: async (home) => {
      await run('mkfifo', [join(home, 'pipe')]);
      return join(home, 'pipe');
    },
    words: 'This is a device, not a file',
  },
  {
    ...kernel,
    what: 'empty',
    make: (home) => written(join(home, 'empty'), ''),
    words: 'This file is empty.',
  },
  {
    ...kernel,
    what: 'outside of what a browser may use',
    make: async () => '/etc/hostname',
    words: 'outside of the folders that may be used from the browser',
  },
  {
    ...kernel,
    what: 'packed with xz',
    make: (home) => written(join(home, 'vmlinuz.xz'), Buffer.from('fd377a585a0000000000', 'hex')),
    words: 'unpack a xz kernel first',
  },
  {
    ...disk,
    what: 'based on another image',
    make: async (home, armoire) => {
      await writeFile(join(home, 'base.raw'), Buffer.alloc(1024 * 1024));
      const overlay = join(home, 'overlay.qcow2');
      await qemuImg(
        armoire,
        'create',
        '-q',
        '-f',
        'qcow2',
        '-b',
        join(home, 'base.raw'),
        '-F',
        'raw',
        overlay,
      );
      return overlay;
    },
    words: /backing file|based on another/,
  },
  {
    ...disk,
    what: 'a qcow2 with its data elsewhere',
    make: async (home, armoire) => {
      const image = join(home, 'split.qcow2');
      await qemuImg(
        armoire,
        'create',
        '-q',
        '-f',
        'qcow2',
        '-o',
        `data_file=${join(home, 'data.raw')}`,
        image,
        '1M',
      );
      return image;
    },
    words: /data file|another file/,
  },
  {
    ...disk,
    what: 'of a format with extents',
    make: async (home, armoire) => {
      const image = join(home, 'other.vmdk');
      await qemuImg(armoire, 'create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicFlat', image, '1M');
      return image;
    },
    words: /vmdk|VMDK/,
  },
];

test('what cannot be used is told beside its field, and nothing can be created of it', async ({
  loggedIn: page,
  armoire,
}) => {
  const wizard = new WizardPage(page);
  await wizard.open();
  for (const { what, source, field, make, words } of unusable) {
    await test.step(`${source}: ${what}`, async () => {
      await wizard.choose(source);
      await wizard.field(field).fill(await make(armoire.directories.home, armoire));
      await expect(wizard.form).toContainText(words);
      // The verdict is there: before it is, nothing could be created either.
      await expect(wizard.form.getByText('Error:').first()).toBeVisible();
      await expect(wizard.createAndStart.and(page.locator(':enabled'))).toHaveCount(0);
      await wizard.field(field).fill('');
      await expect(wizard.form.getByText('Error:')).toHaveCount(0);
    });
  }
  expect((await readdir(armoire.directories.library)).filter((name) => name.length === 36)).toEqual([]);
});

test('an installer that does not begin like an ISO image is doubted, and can be insisted on', async ({
  loggedIn: page,
  armoire,
}) => {
  const image = await written(join(armoire.directories.home, 'page.iso'), '<!doctype html>'.repeat(5000));
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Install from ISO');
  await wizard.field('Installer image').fill(image);
  await expect(wizard.form).toContainText('It does not begin like an ISO image.');
  await expect(wizard.form.getByText('There is a warning to look at.')).toBeVisible();
  await expect(wizard.createAndStart).toBeEnabled();
});

test('a raw image that looks like nothing is asked about, never guessed', async ({
  loggedIn: page,
  armoire,
}) => {
  const image = await written(join(armoire.directories.home, 'strange.img'), Buffer.alloc(1024 * 1024, 'x'));
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Existing disk');
  await wizard.field('Disk image').fill(image);
  const format = wizard.form.getByRole('radiogroup', { name: 'Format of the image' });
  await expect(format).toBeVisible();
  await expect(format.getByRole('radio', { checked: true })).toHaveCount(0);
  await expect(wizard.createAndStart.and(page.locator(':enabled'))).toHaveCount(0);
});

test('a file that vanished is named at Start, and the machine starts when it is back', async ({
  loggedIn: page,
  armoire,
}) => {
  const elf = join(armoire.directories.home, 'program.elf');
  const client = await armoire.client();
  const sample = await makeVm(client, { kind: 'sample' }, { name: 'source' });
  await rename(join(armoire.directories.library, sample.id, 'firmware/sample-virt.elf'), elf);
  const { id } = await makeVm(client, { kind: 'firmware', how: 'elf', file: elf }, { name: 'fragile' });
  await rename(elf, `${elf}.away`);
  const machine = new MachinePage(page);
  await machine.open(id, 'console');
  await machine.action('Start').click();
  const notice = machine.notice('program.elf');
  await expect(notice).toContainText(/is not there/);
  await machine.is('Stopped');
  await rename(`${elf}.away`, elf);
  await machine.action('Start').click();
  await machine.console.shows(samplePrompt);
  await expect(notice).toBeHidden();
});

test.describe('for a user whom permissions bind', () => {
  const why = whyOnlyRoot();
  test.skip(why !== undefined, why);
  test.use({ unprivileged: true });

  test('an unreadable file is told as such', async ({ loggedIn: page, armoire }) => {
    const secret = await written(join(armoire.directories.home, 'secret'), 'x');
    await chmod(secret, 0);
    const wizard = new WizardPage(page);
    await wizard.open();
    await wizard.choose('Linux kernel');
    await wizard.field('Kernel').fill(secret);
    await expect(wizard.form).toContainText('This file cannot be read: permission is missing.');
    await wizard.field('Kernel').fill(arm64.kernel);
    await expect(wizard.form).toContainText('Linux arm64 kernel');
  });

  test('a library that became read-only refuses with the reason and keeps what it has', async ({
    loggedIn: page,
    armoire,
  }) => {
    const { library } = armoire.directories;
    await makeVm(await armoire.client(), { kind: 'sample' }, { name: 'kept' });
    const before = (await readdir(library)).sort();
    await chmod(library, 0o500);
    try {
      const wizard = new WizardPage(page);
      await wizard.open();
      await wizard.choose('Sample');
      await wizard.createAndStart.click();
      await expect(wizard.form.getByRole('alert')).toContainText('cannot be written');
      expect((await readdir(library)).sort()).toEqual(before);
      await chmod(library, 0o700);
      await wizard.createAndStart.click();
      await new MachinePage(page).console.shows(samplePrompt);
    } finally {
      await chmod(library, 0o700);
    }
  });
});
