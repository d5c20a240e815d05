// A vm.json that cannot be used: shown with its reason, kept byte for byte, and no obstacle to the others.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LibraryPage } from './pages/library.ts';
import { MachinePage } from './pages/machine.ts';
import { expect, test } from './support/fixtures.ts';
import { makeSample, samplePrompt } from './support/guest.ts';

interface Damage {
  id: string;
  what: string;
  reason: string | RegExp;
  damage: (sound: string) => string | Buffer;
}

const id = (number: number) => `0000000${number}-0000-4000-8000-000000000000`;

const damages: readonly Damage[] = [
  { id: id(1), what: 'empty', reason: 'The file is empty.', damage: () => '' },
  {
    id: id(2),
    what: 'half',
    reason: 'The file breaks off in the middle.',
    damage: (sound) => sound.slice(0, sound.length / 2),
  },
  {
    id: id(3),
    what: 'NULs',
    reason: 'nothing but zero bytes',
    damage: (sound) => Buffer.alloc(sound.length),
  },
  { id: id(4), what: 'of another type', reason: 'not the description of a VM', damage: () => '["vm"]\n' },
  {
    id: id(5),
    what: 'with a field of the wrong type',
    reason: /not valid at definition\.vcpus/,
    damage: (sound) => sound.replace(/"vcpus": \d+/, '"vcpus": "two"'),
  },
  {
    id: id(6),
    what: 'from a newer Armoire',
    reason: 'A newer Armoire wrote this VM (format 99',
    damage: (sound) => sound.replace(/"schemaVersion": \d+/, '"schemaVersion": 99'),
  },
];

test.use({ expectedErrors: /WebSocket connection to|Failed to load resource/ });

test('every kind of damage is named, nothing is overwritten, and the sound machine runs', async ({
  loggedIn: page,
  armoire,
}) => {
  const sound = await makeSample(await armoire.client(), { name: 'sound' });
  const { library: directory } = armoire.directories;
  const file = (vm: string) => join(directory, vm, 'vm.json');
  const document = await readFile(file(sound.id), 'utf8');
  await armoire.server().stop();
  const written = new Map<string, Buffer>();
  for (const { id: vm, damage } of damages) {
    await mkdir(join(directory, vm));
    await writeFile(file(vm), damage(document));
    written.set(vm, await readFile(file(vm)));
  }
  await armoire.restart();
  await armoire.logIn(page);

  const library = new LibraryPage(page);
  const machine = new MachinePage(page);
  await expect(library.list.getByRole('option')).toHaveCount(damages.length + 1);
  for (const { id: vm, what, reason } of damages) {
    await test.step(what, async () => {
      await expect(library.row(vm)).toContainText(reason);
      await expect(library.row(vm)).toContainText('Damaged');
      await library.row(vm).click();
      await expect(machine.notice('This machine’s file cannot be read.')).toContainText(reason);
      await expect(machine.main).toContainText(file(vm));
      await expect(machine.action('Start')).toHaveCount(0);
    });
  }
  await library.row('sound').click();
  await machine.action('Start').click();
  await machine.is('Running');
  await machine.tab('Console');
  await machine.console.shows(samplePrompt);
  for (const [vm, bytes] of written) expect((await readFile(file(vm))).equals(bytes), vm).toBe(true);
});

test('a file damaged while Armoire runs is not overwritten by an edit', async ({
  loggedIn: page,
  armoire,
}) => {
  const { id: vm } = await makeSample(await armoire.client(), { name: 'unlucky' });
  const file = join(armoire.directories.library, vm, 'vm.json');
  await writeFile(file, '{"schemaVersion": 1, "revi');
  const library = new LibraryPage(page);
  await library.act('unlucky', 'Rename…');
  const dialog = library.dialog(/^Rename/);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('another');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The file breaks off in the middle.');
  expect(await readFile(file, 'utf8')).toBe('{"schemaVersion": 1, "revi');
});
