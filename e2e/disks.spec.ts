// Disks on the Hardware tab: what they take, grown, checked, added to a machine that runs, in another order.
import { guestFiles } from '../build/scripts/guests.ts';
import { MachinePage } from './pages/machine.ts';
import { expect, test } from './support/fixtures.ts';
import { bootMs, makeSample, makeVm, vmOf, watchGuest } from './support/guest.ts';

const { arm64 } = guestFiles();

test.describe.configure({ timeout: 240_000 });

test('a disk is grown and checked; its order of boot is moved', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'disks', newDiskBytes: 64 * 1024 ** 2 });
  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  const act = async (verb: string, disk = 'empty') => {
    await machine.main.getByRole('button', { name: `Actions for ${disk}` }).click();
    await page.getByRole('menuitem', { name: verb }).click();
  };
  await expect(machine.main).toContainText('64 MiB for the guest');

  await act('Resize…');
  const resize = page.getByRole('dialog', { name: 'Resize empty' });
  await resize.getByRole('textbox', { name: 'Size' }).fill('128');
  await resize.getByRole('button', { name: 'Grow' }).click();
  await expect(resize.getByRole('status')).toContainText('128 MiB now');
  await resize.getByRole('button', { name: 'Close' }).last().click();
  await expect(machine.main).toContainText('128 MiB for the guest');

  await act('Check…');
  const check = page.getByRole('dialog', { name: 'Check empty' });
  await check.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(check.getByRole('status')).toContainText('The image is sound.');
  await check.getByRole('button', { name: 'Close' }).last().click();

  await machine.main.getByRole('button', { name: 'Add disk…' }).click();
  await page.getByRole('dialog', { name: 'Add a disk' }).getByRole('button', { name: 'Add' }).click();
  await expect(machine.main.getByRole('button', { name: 'Actions for disk0' })).toBeVisible();
  await machine.main.getByRole('button', { name: 'Try disk0', exact: true }).click();
  await machine.main.getByRole('button', { name: 'Try empty', exact: true }).click();
  await machine.main.getByRole('button', { name: 'Try empty earlier' }).click();
  await machine.main.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .poll(async () => (await vmOf(client, id)).definition?.disks.map(({ bootIndex }) => bootIndex))
    .toEqual([0, 1]);

  await act('Remove…', 'disk0');
  const remove = page.getByRole('dialog', { name: 'Remove disk0?' });
  await remove.getByText('Delete the image too').click();
  await remove.getByRole('button', { name: 'Remove and delete' }).click();
  await expect(machine.main.getByRole('button', { name: 'Actions for disk0' })).toBeHidden();
});

test('a running Linux gets another disk and loses it again', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { kernel, initrd } = arm64;
  const { id } = await makeVm(client, { kind: 'kernel', kernel, initrd }, { name: 'plugs', start: true });
  const guest = await watchGuest(client, id);
  await guest.printed('~ # ', bootMs);
  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  await machine.main.getByRole('button', { name: 'Add disk…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a disk' });
  await dialog.getByRole('textbox', { name: 'Size' }).fill('1');
  await expect(dialog).toContainText('plugged into the running machine at once');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog).toBeHidden();
  // The echo of what is typed is no answer: hence the quotes.
  guest.type(
    'modprobe virtio_blk; until grep -q 1048576.vda /proc/partitions; do sleep 1; done; echo ca""me\r',
  );
  await guest.printed('came', 60_000);
  await machine.main.getByRole('button', { name: 'Actions for disk0' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const remove = page.getByRole('dialog', { name: 'Remove disk0?' });
  await remove.getByText('Delete the image too').click();
  await remove.getByRole('button', { name: 'Remove and delete' }).click();
  await expect(remove).toBeHidden();
  guest.type('while grep -q vda /proc/partitions; do sleep 1; done; echo go""ne\r');
  await guest.printed('gone', 60_000);
});
