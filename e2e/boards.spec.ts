// Boards and CPUs that tell the truth: wrong hardware cannot be made, and another board re-fits what hangs on it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { guestFiles } from '../build/scripts/guests.ts';
import type { VmDefinition } from '../src-main/contract/definition.ts';
import { BoardPicker } from './pages/board-picker.ts';
import { Fields } from './pages/fields.ts';
import { LibraryPage } from './pages/library.ts';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { expect, test } from './support/fixtures.ts';
import { bootMs, makeSample, vmOf, watchGuest } from './support/guest.ts';

const { arm64 } = guestFiles();

async function openHardware(page: Page): Promise<WizardPage> {
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Linux kernel');
  await wizard.field('Kernel').fill(arm64.kernel);
  await wizard.field('Initial RAM disk (optional)').fill(arm64.initrd);
  return wizard;
}

test('CPUs that do not fit the board are shown greyed, with the reason', async ({ loggedIn: page }) => {
  const wizard = await openHardware(page);
  await wizard.go('Hardware');
  await new Fields(wizard.form).select('CPU').click();
  const option = (name: string) =>
    page.getByRole('option').filter({ has: page.getByText(name, { exact: true }) });
  await expect(option('cortex-a76')).toBeEnabled();
  await expect(option('cortex-m4')).toBeDisabled();
  await expect(option('cortex-m4')).toContainText('QEMU refuses to start with it.');
});

test('another board re-fits CPU, vCPUs, memory and console, says so, and can be taken back', async ({
  loggedIn: page,
}) => {
  const wizard = await openHardware(page);
  await wizard.go('Hardware');
  const fields = new Fields(wizard.form);
  const boards = new BoardPicker(page);
  await boards.use('raspi3b');
  await expect(boards.current).toContainText('raspi3b');
  const notice = wizard.form.getByRole('status').filter({ hasText: 'The board was changed' });
  await expect(
    notice.getByRole('listitem').filter({ hasText: 'CPU: cortex-a72 → cortex-a53' }),
  ).toBeVisible();
  await expect(notice).toContainText('vCPUs: 2 → 4');
  await expect(fields.select('CPU')).toContainText('cortex-a53');
  await expect(fields.text('vCPUs')).toHaveValue('4');
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(boards.current).toContainText('virt-');
  await expect(fields.select('CPU')).toContainText('cortex-a72');
  await expect(fields.text('vCPUs')).toHaveValue('2');
});

test.describe('a pair of board and CPU that QEMU would quietly make another machine of', () => {
  test.use({ expectedErrors: /WebSocket connection to|Failed to load resource/ });

  test('cannot be made or started, and one click puts it right', async ({ loggedIn: page, armoire }) => {
    const { rpc } = await armoire.client();
    const sample = await makeSample(await armoire.client(), { name: 'mismatched' });
    const wrong = (definition: VmDefinition): VmDefinition => ({
      ...definition,
      machine: 'raspi3b',
      machineOptions: {},
      cpu: 'cortex-a72',
      vcpus: 4,
      memoryMiB: 1024,
    });
    if (!sample.definition) throw new Error('A sample has a definition.');
    const request = { definition: wrong(sample.definition), provisions: [{ kind: 'sample' as const }] };
    await expect(rpc.vms.create({ request, start: false })).rejects.toMatchObject({
      data: { code: 'bad-input', field: '/cpu', fix: { label: expect.stringContaining('cortex-a53') } },
    });

    // As from another computer, or by hand: the file says so all the same.
    const file = join(armoire.directories.library, sample.id, 'vm.json');
    const document = JSON.parse(await readFile(file, 'utf8'));
    await armoire.server().stop();
    await writeFile(file, JSON.stringify({ ...document, definition: wrong(document.definition) }));
    await armoire.restart();
    await armoire.logIn(page);
    await new LibraryPage(page).row('mismatched').click();
    const machine = new MachinePage(page);
    await machine.action('Start').click();
    const fault = machine.notice('cortex-a72');
    await expect(fault).toBeVisible();
    await machine.is('Stopped');
    await fault.getByRole('button', { name: /cortex-a53/ }).click();
    await expect(fault).toBeHidden();
    const mended = await vmOf(await armoire.client(), sample.id);
    expect(mended.definition).toMatchObject({ machine: 'raspi3b', cpu: 'cortex-a53' });
  });
});

test('zcu102 boots a Linux kernel with two consoles', async ({ loggedIn: page, armoire }) => {
  test.setTimeout(240_000);
  const wizard = await openHardware(page);
  await wizard.go('Hardware');
  await new BoardPicker(page).use('xlnx-zcu102');
  await wizard.form.getByText('More hardware').click();
  await new Fields(wizard.form).number('Serial consoles', 2);
  await wizard.createAndStart.click();

  const machine = new MachinePage(page);
  const { console } = machine;
  await console.shows('armoire-guest ready', 2 * bootMs);
  const client = await armoire.client();
  const second = await watchGuest(client, machine.id(), 'uart1');
  await console.run('echo over the second line > /dev/ttyPS1');
  await second.printed('over the second line');
  await console.region.getByRole('button', { name: /UART$/ }).click();
  await page.getByRole('option', { name: /UART1/ }).click();
  await console.shows(/^over the second line$/);
  const { run } = await vmOf(client, machine.id());
  expect(run?.findings).toEqual([]);
});

test('the Board tab shows the guest’s own memory map', async ({ loggedIn: page, armoire }) => {
  const { id } = await makeSample(await armoire.client(), { name: 'mapped' });
  const machine = new MachinePage(page);
  await machine.open(id, 'board');
  const row = (name: string | RegExp) => machine.main.getByRole('row').filter({ hasText: name });
  await expect(row('UART (PL011)').first()).toContainText('0x09000000');
  await expect(row('Flash memory').first()).toContainText('0x00000000');
  // 128 MiB from where virt's RAM begins.
  await expect(row(/0x40000000/)).toContainText('0x47ffffff');
  await machine.main.getByRole('searchbox').fill('pl031');
  await expect(machine.main.getByRole('row').filter({ hasText: '0x09010000' })).toBeVisible();
  await expect(row('UART (PL011)')).toHaveCount(0);
});
