// Snapshots in the browser: taken while the guest counts, gone back to, branched from, deleted; clones, forks, saved state.
import type { Locator, Page } from '@playwright/test';
import { guestFiles } from '../build/scripts/guests.ts';
import { LibraryPage } from './pages/library.ts';
import { MachinePage } from './pages/machine.ts';
import { SnapshotsPage } from './pages/snapshots.ts';
import {
  countingLinux,
  countingSample,
  countOf,
  counts,
  gaps,
  jumpsBack,
  withMemory,
} from './support/counting.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { type Guest, makeSample, makeVm, reaches, vmOf, watchGuest } from './support/guest.ts';
import { tabTo } from './support/keyboard.ts';

const { arm64, uefiDisk } = guestFiles();
/** Firmware, GRUB and a kernel, all emulated, on a core that others use too. */
const uefiBootMs = 150_000;

test.describe.configure({ timeout: 240_000 });

async function pidOf(armoire: Armoire, id: string): Promise<number> {
  return (await vmOf(await armoire.client(), id)).run?.pid ?? 0;
}

async function goesOn(guest: Guest, by = 10): Promise<void> {
  const from = countOf(guest);
  await expect.poll(() => countOf(guest), { message: 'the guest counts on' }).toBeGreaterThan(from + by);
}

/** Takes one and says between which numbers it lies. */
async function takeWhileCounting(snapshots: SnapshotsPage, guest: Guest, name: string) {
  const before = countOf(guest);
  await snapshots.take(name);
  const after = countOf(guest);
  return { before, after };
}

async function goesBack(guest: Guest, jumps: number): Promise<{ from: number; to: number } | undefined> {
  await expect.poll(() => jumpsBack(guest.output()).length, { message: 'the count goes back' }).toBe(jumps);
  return jumpsBack(guest.output()).at(-1);
}

test('a guest counts on while it is taken; restore, branch, delete', async ({ loggedIn: page, armoire }) => {
  const guest = await countingSample(armoire);
  const snapshots = new SnapshotsPage(page);
  await snapshots.open(guest.id);
  const pid = await pidOf(armoire, guest.id);
  const taken = await takeWhileCounting(snapshots, guest, 'Counting');
  await goesOn(guest);
  expect(await pidOf(armoire, guest.id)).toBe(pid);
  expect(counts(guest.output())).toEqual(counts(guest.output()).map((_, index) => index));

  await snapshots.restore('Counting', 'Further on');
  const back = await goesBack(guest, 1);
  expect(back?.to).toBeGreaterThanOrEqual(taken.before);
  expect(back?.to).toBeLessThanOrEqual(taken.after + 1);
  await goesOn(guest);
  await expect(snapshots.node('Further on')).toBeVisible();
  await snapshots.choose('Further on');
  await expect(snapshots.picture).toContainText(/count \d+/);

  await snapshots.act('Further on', 'Branch…');
  const dialog = snapshots.dialog(/^Branch/);
  await dialog.getByRole('textbox', { name: 'Name for the present' }).fill('Left behind');
  await dialog.getByRole('button', { name: 'Branch' }).click();
  await expect(snapshots.node('Left behind')).toBeVisible();
  await expect(dialog).toBeHidden();
  await goesOn(guest);
  await expect(snapshots.tree.getByRole('treeitem')).toHaveCount(4);
  await expect(snapshots.node('Present')).toHaveAttribute('aria-level', '3');

  await snapshots.delete('Counting');
  await goesOn(guest);
  // “Further on” may have counted further than what was left for it: only the step there may lead ahead.
  const furtherOn = (back?.from ?? 0) + 1;
  expect(gaps(guest.output()).filter((gap) => gap.to !== furtherOn)).toEqual([]);
  await snapshots.restore('Left behind', null);
  const restored = guest.output().length;
  await goesOn(guest);
  expect(gaps(guest.output().slice(restored))).toEqual([]);
});

test('a Linux goes on from its memory, and the keyboard alone is enough', async ({
  loggedIn: page,
  armoire,
}) => {
  const guest = await countingLinux(armoire, arm64);
  const snapshots = new SnapshotsPage(page);
  await snapshots.open(guest.id);
  const taken = await takeWhileCounting(snapshots, guest, 'In the loop');
  await goesOn(guest);
  await snapshots.tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  await expect(snapshots.dialog(/^Rename/)).toBeVisible();
  await page.keyboard.type('Renamed');
  await page.keyboard.press('Enter');
  await expect(snapshots.node('Renamed')).toBeVisible();
  await page.keyboard.press('Enter');
  const dialog = snapshots.dialog('Restore “Renamed”');
  await expect(dialog).toBeVisible();
  await tabTo(page, dialog.getByRole('radio', { name: 'Keep it as a snapshot' }));
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'Drop it' })).toBeChecked();
  await tabTo(page, dialog.getByRole('button', { name: 'Restore' }));
  await page.keyboard.press('Enter');
  const back = await goesBack(guest, 1);
  expect(back?.to).toBeLessThanOrEqual(taken.after + 1);
  await goesOn(guest);
  expect(gaps(guest.output())).toEqual([]);
});

test('a UEFI guest finds its disk as it was', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const source = { kind: 'disk', image: uefiDisk.qcow2, use: 'copy' } as const;
  const made = await makeVm(client, source, {
    start: true,
    // A suggested port is one for all of this computer, and other tests may take it meanwhile.
    adjust: (definition) => ({
      ...withMemory(512)(definition),
      network: { ...definition.network, forwards: [] },
    }),
  });
  const guest = await watchGuest(client, made.id);
  await guest.printed('armoire-guest ready', uefiBootMs);
  const sector = 'dd if=/dev/vda bs=512 skip=34 count=1 2>/dev/null | head -c 9';
  const write = (word: string) =>
    `printf '%-512s' ${word} | dd of=/dev/vda bs=512 seek=34 conv=notrunc 2>/dev/null; sync; echo wrote-$((1+1))-${word}\r`;
  guest.type(write('old-state'));
  await guest.printed('wrote-2-old-state');
  const snapshots = new SnapshotsPage(page);
  await snapshots.open(made.id);
  await snapshots.take('Old');
  guest.type(write('new-state'));
  await guest.printed('wrote-2-new-state');
  await snapshots.restore('Old', 'New');
  guest.type(`echo 3 > /proc/sys/vm/drop_caches; ${sector}; echo " is on disk"\r`);
  await guest.printed('old-state is on disk');
  await snapshots.restore('New', null);
  guest.type(`echo 3 > /proc/sys/vm/drop_caches; ${sector}; echo " is on disk"\r`);
  await guest.printed('new-state is on disk');
});

test('a fork counts on beside its original; a linked clone protects its base', async ({
  loggedIn: page,
  armoire,
}) => {
  const client = await armoire.client();
  const guest = await countingSample(armoire);
  const snapshots = new SnapshotsPage(page);
  await snapshots.open(guest.id);
  const taken = await takeWhileCounting(snapshots, guest, 'Base');
  await clone(page, snapshots, 'Fork', 'The fork');
  const machine = new MachinePage(page);
  await machine.is('Running');
  await expect(machine.name).toHaveText('The fork');
  const forked = await watchGuest(client, machine.id());
  await goesOn(forked);
  await goesOn(guest);
  expect(counts(forked.output())[0]).toBeLessThanOrEqual(taken.after + 1);
  expect(gaps(forked.output())).toEqual([]);

  // From the machine as it is now: its snapshot is taken while the fork begins.
  await machine.open(guest.id);
  const before = countOf(guest);
  await machine.more('Clone…');
  await fillClone(snapshots.dialog(/^Clone “/), 'Fork', 'Another fork');
  await expect(machine.name).toHaveText('Another fork');
  await machine.is('Running');
  const another = await watchGuest(client, machine.id());
  await goesOn(another);
  expect(counts(another.output()).at(-1)).toBeGreaterThan(before);
  expect(gaps(another.output())).toEqual([]);
  expect(gaps(guest.output())).toEqual([]);

  await snapshots.open(guest.id);
  await clone(page, snapshots, 'Linked clone', 'The linked one');
  await expect(machine.name).toHaveText('The linked one');
  await expect(machine.main.getByText('Based on')).toBeVisible();
  await snapshots.open(guest.id);
  await snapshots.act('Base', 'Delete…');
  await expect(snapshots.dialog(/^Delete/)).toContainText('The linked one');
});

async function clone(page: Page, snapshots: SnapshotsPage, kind: string, name: string): Promise<void> {
  await snapshots.act('Base', 'Clone from here…');
  await fillClone(snapshots.dialog(/^Clone from/), kind, name);
  await expect(page).not.toHaveURL(/snapshots$/);
}

async function fillClone(dialog: Locator, kind: string, name: string): Promise<void> {
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByText(kind, { exact: true }).click();
  await dialog.getByRole('button', { name: kind === 'Fork' ? 'Fork' : 'Clone' }).click();
}

test('a saved state is resumed without a gap', async ({ loggedIn: page, armoire }) => {
  const guest = await countingSample(armoire);
  const machine = new MachinePage(page);
  await machine.open(guest.id);
  await machine.more('Save state');
  await machine.is('Saved on');
  await expect(new LibraryPage(page).row('counting')).toContainText('Saved');
  const saved = countOf(guest);
  await machine.action('Resume').click();
  await machine.is('Running');
  await goesOn(guest);
  expect(countOf(guest)).toBeGreaterThan(saved);
  expect(jumpsBack(guest.output())).toEqual([]);
  expect(gaps(guest.output())).toEqual([]);

  await machine.more('Save state');
  await machine.is('Saved on');
  await machine.more('Discard saved state…');
  await new LibraryPage(page)
    .dialog(/^Discard/)
    .getByRole('button', { name: 'Discard saved state' })
    .click();
  await reaches(await armoire.client(), guest.id, 'stopped');
  await expect(machine.action('Start')).toBeVisible();
});

test('every start begins from the snapshot that was chosen', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'lab' });
  await client.rpc.vms.start({ id });
  const guest = await watchGuest(client, id);
  await guest.printed('armoire> ');
  const snapshots = new SnapshotsPage(page);
  await snapshots.open(id);
  await snapshots.take('Prompt');
  await snapshots.act('Prompt', 'Start from here every time');
  await expect(snapshots.panel.getByText('Every start begins from')).toBeVisible();
  await client.rpc.vms.forceStop({ id });
  await reaches(client, id, 'stopped');
  const before = guest.output().length;
  await client.rpc.vms.start({ id });
  await reaches(client, id, 'running');
  guest.type('echo from memory\r');
  await expect.poll(() => guest.output().slice(before)).toContain('from memory');
  // A boot would have printed its banner first.
  expect(guest.output().slice(before)).not.toContain('Armoire sample guest');
});
