// The library: naming, copying, deleting, editing and finding machines.
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fields } from './pages/fields.ts';
import { LibraryPage } from './pages/library.ts';
import { MachinePage } from './pages/machine.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { makeSample, vmOf } from './support/guest.ts';

async function documentOf(
  { directories }: Armoire,
  id: string,
): Promise<{ definition: Record<string, unknown> }> {
  return JSON.parse(await readFile(join(directories.library, id, 'vm.json'), 'utf8'));
}

test('a machine is renamed by keys alone, and keeps the name on disk', async ({
  loggedIn: page,
  armoire,
}) => {
  const { id } = await makeSample(await armoire.client(), { name: 'before' });
  const library = new LibraryPage(page);
  await library.row('before').click();
  await library.list.press('F2');
  const dialog = library.dialog(/^Rename/);
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await name.fill('bad\u0007name');
  await expect(dialog.getByRole('button', { name: 'Rename' })).toBeDisabled();
  await expect(dialog).toContainText('control characters');
  await name.fill('Nachher, “neu” = 1');
  await name.press('Enter');
  await expect(library.row('Nachher, “neu” = 1')).toBeVisible();
  expect((await documentOf(armoire, id)).definition.name).toBe('Nachher, “neu” = 1');
});

test('a copy has files and an address of its own', async ({ loggedIn: page, armoire }) => {
  const original = await makeSample(await armoire.client(), { name: 'original' });
  const library = new LibraryPage(page);
  await library.act('original', 'Clone…');
  const dialog = library.dialog(/^Clone/);
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('original copy');
  await dialog.getByRole('button', { name: 'Clone' }).click();
  const machine = new MachinePage(page);
  await expect(machine.name).toHaveText('original copy');
  const copy = await vmOf(await armoire.client(), machine.id());
  expect(copy.id).not.toBe(original.id);
  expect(copy.definition?.network.mac).not.toBe(original.definition?.network.mac);
  const program = (id: string) => readFile(join(armoire.directories.library, id, 'firmware/sample-virt.elf'));
  expect((await program(copy.id)).equals(await program(original.id))).toBe(true);
});

test('deleting names what goes, and takes that and nothing else', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const doomed = await makeSample(client, { name: 'doomed' });
  const kept = await makeSample(client, { name: 'kept' });
  const library = new LibraryPage(page);
  await library.row('doomed').click();
  await library.list.press('Delete');
  const dialog = library.dialog('Delete “doomed”?');
  const directory = join(armoire.directories.library, doomed.id);
  await expect(dialog).toContainText(directory);
  const files = dialog.getByRole('list', { name: 'Files' }).getByRole('listitem');
  await expect(files.filter({ hasText: 'vm.json' })).toBeVisible();
  await expect(files.filter({ hasText: 'firmware/sample-virt.elf' })).toBeVisible();

  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await access(join(directory, 'vm.json'));
  await library.list.press('Delete');
  await dialog.getByRole('button', { name: 'Delete permanently' }).click();
  await expect(library.row('doomed')).toHaveCount(0);
  await expect(library.row('kept')).toBeVisible();
  const left = (await readdir(armoire.directories.library)).filter((name) => name.length === 36);
  expect(left).toEqual([kept.id]);
});

test('an edit that would not start is refused beside its field, and one click mends it', async ({
  loggedIn: page,
  armoire,
}) => {
  const { id } = await makeSample(await armoire.client(), { name: 'edited' });
  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  const fields = new Fields(machine.main);
  await fields.choose('Interrupt controller \\(GIC\\)', 'GICv2');
  await fields.number('vCPUs', 9);
  const problem = fields.problem('serves 8 vCPUs; with 9, QEMU refuses to start');
  await expect(problem).toBeVisible();
  const save = machine.main.getByRole('button', { name: 'Save', exact: true });
  await expect(save).toBeDisabled();
  await problem.getByRole('button', { name: 'Use GICv3' }).click();
  await expect(problem).toBeHidden();
  await save.click();
  await expect(page.getByText('Saved.')).toBeVisible();
  expect((await documentOf(armoire, id)).definition).toMatchObject({
    vcpus: 9,
    machineOptions: { gicVersion: '3' },
  });
});

test('two people edit one machine: the second is told, and decides', async ({ loggedIn: page, armoire }) => {
  const { rpc } = await armoire.client();
  const { id } = await makeSample(await armoire.client(), { name: 'shared' });
  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  const fields = new Fields(machine.main);
  await fields.text('Note').fill('mine');

  await rpc.vms.rename({ id, name: 'renamed by another' });
  const notice = machine.notice('Somebody else has changed this machine meanwhile.');
  await expect(notice).toBeVisible();
  await expect(machine.main.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await notice.getByRole('button', { name: 'Take theirs, drop my changes' }).click();
  await expect(fields.text('Name')).toHaveValue('renamed by another');
  await expect(fields.text('Note')).toHaveValue('');

  // Whoever saves without having seen the newest is refused, whatever the page would do.
  const stale = await vmOf(await armoire.client(), id);
  await rpc.vms.rename({ id, name: 'renamed again' });
  const { definition, revision } = stale;
  if (!definition) throw new Error('A sample has a definition.');
  await expect(rpc.vms.update({ id, revision, definition })).rejects.toMatchObject({
    data: { code: 'conflict' },
  });
});

test('an edit is still there after a look at another tab and another machine', async ({
  loggedIn: page,
  armoire,
}) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'half edited' });
  const other = await makeSample(client, { name: 'other' });
  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  const fields = new Fields(machine.main);
  await fields.text('Note').fill('not saved yet');
  await machine.tab('Log');
  await machine.tab('Hardware');
  await expect(fields.text('Note')).toHaveValue('not saved yet');
  await machine.open(other.id, 'hardware');
  await expect(fields.text('Note')).toHaveValue('');
  await machine.open(id, 'hardware');
  await expect(fields.text('Note')).toHaveValue('not saved yet');
  await machine.main.getByRole('button', { name: 'Discard' }).click();
  await machine.tab('Log');
  await machine.tab('Hardware');
  await expect(fields.text('Note')).toHaveValue('');
});

test('machines are found by name, board and state', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  await makeSample(client, { name: 'alpha' });
  await makeSample(client, { name: 'beta', start: true });
  const library = new LibraryPage(page);
  await expect(library.list.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('/');
  await expect(library.search).toBeFocused();
  await page.keyboard.type('running virt');
  await expect(library.list.getByRole('option')).toHaveText(/beta/);
  await library.search.fill('nowhere');
  await expect(library.side).toContainText('No name, board, CPU, state or note matches “nowhere”.');
  await page.keyboard.press('Escape');
  await expect(library.list.getByRole('option')).toHaveCount(2);
});

test('the command tab shows the very command line that runs', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'explained', start: true });
  const { run } = await vmOf(client, id);
  const machine = new MachinePage(page);
  await machine.open(id, 'command');
  const rows = machine.main.getByRole('row');
  await expect(rows.filter({ hasText: '-machine virt-' })).toContainText('Board');
  const shown = await rows.evaluateAll((all) =>
    all.flatMap((row) => row.querySelector('td')?.textContent ?? []),
  );
  const [, ...options] = shown;
  // The bundled QEMU is started through its own loader, so that words of that come first.
  const running = (await readFile(`/proc/${run?.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
  const asShown = options.map((option) => option.trim()).join(' ');
  expect(running.join(' ').slice(-asShown.length)).toBe(asShown);
});
