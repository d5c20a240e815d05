// For those who write what the machine runs: its memory map as text, the debugger, rebuilt images, silence, SD cards.
import { copyFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { BoardPicker } from './pages/board-picker.ts';
import { Fields } from './pages/fields.ts';
import { MachinePage } from './pages/machine.ts';
import { WizardPage } from './pages/wizard.ts';
import { expect, test } from './support/fixtures.ts';
import { makeSample, makeVm, reaches, samplePrompt, vmOf, watchGuest } from './support/guest.ts';
import { lateProgram } from './support/late-program.ts';

const sampleElf = join(import.meta.dirname, '../resources/sample/sample-virt.elf');

test('the memory map is copied for C and for a linker, and the device tree saved', async ({
  loggedIn: page,
  armoire,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: armoire.server().origin });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const { id } = await makeSample(await armoire.client(), { name: 'mapped' });
  const machine = new MachinePage(page);
  await machine.open(id, 'board');

  await machine.main.getByRole('button', { name: 'Copy as C #defines' }).click();
  await expect(machine.main.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await copied()).toContain(
    '#define PL011_BASE 0x09000000UL\n#define PL011_SIZE 0x00001000UL\n#define PL011_IRQ 33\n',
  );
  await machine.main.getByRole('button', { name: 'Copy as linker MEMORY' }).click();
  await expect.poll(copied).toContain('ram (rwx) : ORIGIN = 0x40000000, LENGTH = 0x08000000');

  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    machine.main.getByRole('button', { name: 'Save compiled' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe('mapped.dtb');
  expect((await readFile(await saved.path())).readUInt32BE(0)).toBe(0xd00dfeed);
  await expect(machine.main.getByRole('region', { name: 'Source of the device tree' })).toContainText(
    'compatible = "linux,dummy-virt"',
  );
});

test('the picture of the address space leads to the table by keys alone', async ({
  loggedIn: page,
  armoire,
}) => {
  const { id } = await makeSample(await armoire.client(), { name: 'keys' });
  const machine = new MachinePage(page);
  await machine.open(id, 'board');
  const picture = machine.main.getByRole('listbox', { name: /^Address space/ });
  await picture
    .getByRole('option', { name: /Flash memory/ })
    .first()
    .focus();
  await page.keyboard.type('UART');
  await page.keyboard.press('Enter');
  const row = machine.main.getByRole('row').filter({ hasText: 'pl011@9000000' });
  await expect(row).toHaveAttribute('aria-current', 'true');
  await expect(row).toBeInViewport();
});

test('a debugger attaches where the page says, before the first instruction', async ({
  loggedIn: page,
  armoire,
}) => {
  const port = await freePort();
  const client = await armoire.client();
  const { id } = await makeSample(client, {
    name: 'debugged',
    start: true,
    adjust: (definition) => ({
      ...definition,
      debug: { gdb: { enabled: true, port }, startHalted: true, semihosting: false },
    }),
  });
  await reaches(client, id, 'paused');
  const machine = new MachinePage(page);
  await machine.open(id, 'board');
  const debuggerCard = machine.main.getByRole('region', { name: 'Debugger' });
  await expect(debuggerCard).toContainText('The cores wait');
  const file = join(armoire.directories.library, id, 'firmware/sample-virt.elf');
  await expect(debuggerCard).toContainText(`gdb-multiarch -ex 'target remote 127.0.0.1:${port}' ${file}`);
  // The remote protocol's "why did you stop": T05 is a trap, with the thread.
  expect(await askStub(port, '+$?#3f')).toMatch(/\$T05thread/);
  await machine.is('Running');
  const guest = await watchGuest(client, id);
  await guest.printed(samplePrompt);
});

test('a rebuilt program is noticed, and one click runs it in the same console', async ({
  loggedIn: page,
  armoire,
}) => {
  const file = join(armoire.directories.home, 'app.elf');
  await copyFile(sampleElf, file);
  const client = await armoire.client();
  const { id } = await makeVm(
    client,
    { kind: 'firmware', how: 'elf', file },
    { name: 'rebuilt', start: true, adjust: (definition) => ({ ...definition, memoryMiB: 128 }) },
  );
  const guest = await watchGuest(client, id);
  await guest.printed(samplePrompt);
  guest.type('echo said before\r');
  await guest.printed('\nsaid before');
  const before = (await vmOf(client, id)).run?.pid;
  const machine = new MachinePage(page);
  await machine.open(id, 'console');

  const handle = await open(file, 'a');
  await handle.write(Buffer.alloc(16));
  await handle.close();
  const notice = machine.notice('app.elf changed on disk after the start.');
  await notice.getByRole('button', { name: 'Reload and reset' }).click();
  await guest.printed(/said before[\s\S]*Armoire sample guest[\s\S]*armoire> /);
  await expect(notice).toBeHidden();
  expect((await vmOf(client, id)).run?.pid).not.toBe(before);
  await machine.console.shows('said before');
});

test('silence is told with its probable reasons, and ends with the first byte', async ({
  loggedIn: page,
  armoire,
}) => {
  const file = join(armoire.directories.home, 'late.bin');
  await writeFile(file, lateProgram('here I am\r\n', 0xffff));
  const client = await armoire.client();
  const { id } = await makeVm(
    client,
    { kind: 'firmware', how: 'loader', file, address: '0x40100000' },
    { name: 'late', start: true },
  );
  const machine = new MachinePage(page);
  await machine.open(id, 'console');
  const notice = machine.notice('The guest has printed nothing for');
  await expect(notice).toContainText('may print by semihosting', { timeout: 10_000 });
  await expect(notice.getByRole('listitem').first()).toContainText('a UART that has no console here');
  await machine.console.shows('here I am', 60_000);
  await expect(notice).toBeHidden();
});

test('the fix for silence is applied and the machine started again by one click', async ({
  loggedIn: page,
  armoire,
}) => {
  const file = join(armoire.directories.home, 'mute.bin');
  // AArch64 `b .`
  await writeFile(file, Buffer.from([0x00, 0x00, 0x00, 0x14]));
  const client = await armoire.client();
  const { id } = await makeVm(
    client,
    { kind: 'firmware', how: 'loader', file, address: '0x40100000' },
    { name: 'mute', start: true },
  );
  const before = (await vmOf(client, id)).run?.pid;
  const machine = new MachinePage(page);
  await machine.open(id);
  const notice = machine.notice('The guest has printed nothing for');
  await notice.getByRole('button', { name: 'Show all 2 UARTs and restart' }).click();
  await expect.poll(async () => (await vmOf(client, id)).consoles.length).toBe(2);
  await expect.poll(async () => (await vmOf(client, id)).run?.pid ?? before).not.toBe(before);
  await machine.is('Running');
  await expect(notice).toContainText('semihosting');
  await expect(notice.getByRole('button', { name: /UARTs/ })).toHaveCount(0);
});

test('an SD card image of a size that no card has is grown by the fix', async ({
  loggedIn: page,
  armoire,
}) => {
  const image = join(armoire.directories.home, 'card.img');
  await writeFile(image, partitioned());
  await truncate(image, 100 * 1024 * 1024);
  const wizard = new WizardPage(page);
  await wizard.open();
  await wizard.choose('Existing disk');
  await wizard.field('Disk image').fill(image);
  await expect(wizard.form).toContainText('Raw image');
  await wizard.go('Hardware');
  await new BoardPicker(page).use('orangepi-pc');
  await wizard.go('Storage and network');
  const problem = new Fields(wizard.form).problem('must be a power of two');
  await problem.getByRole('button', { name: 'Grow the image to 128 MiB' }).click();
  await expect(problem).toHaveCount(0);
  await expect(wizard.form).toContainText('grown to at least 128 MiB');
  await wizard.go('Review');
  await wizard.isProven();
  await wizard.createAndStart.click();
  const machine = new MachinePage(page);
  await machine.is('Running');
  const copy = join(armoire.directories.library, machine.id(), 'disks/disk0.raw');
  expect((await stat(copy)).size).toBe(128 * 1024 * 1024);
  expect((await stat(image)).size).toBe(100 * 1024 * 1024);
});

/** A master boot record with one partition: what makes a raw image look like a disk. */
function partitioned(): Buffer {
  const sector = Buffer.alloc(512);
  sector[446 + 4] = 0x83;
  sector.writeUInt32LE(2048, 446 + 8);
  sector.writeUInt32LE(8192, 446 + 12);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The stub's first words after the question. */
function askStub(port: number, question: string): Promise<string> {
  return new Promise((done, fail) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(question));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('#')) {
        // `D`: detach, which lets the cores run.
        socket.end('+$D#44');
        done(answer);
      }
    });
    socket.once('error', fail);
  });
}
