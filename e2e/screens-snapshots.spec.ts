// The screens of snapshots, light and dark, wide and narrow, empty and full: pictured, and held to what axe knows.
import { MachinePage } from './pages/machine.ts';
import { SnapshotsPage } from './pages/snapshots.ts';
import { inspect, photograph } from './support/camera.ts';
import { expect, test } from './support/fixtures.ts';
import { makeSample, samplePrompt, watchGuest } from './support/guest.ts';

test.use({ viewport: { width: 1200, height: 750 } });
test.describe.configure({ timeout: 300_000 });

test('a tree with branches, its dialogs, and a narrow window', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'Firmware lab', start: true });
  const guest = await watchGuest(client, id);
  await guest.printed(samplePrompt);
  const snapshots = new SnapshotsPage(page);
  await snapshots.open(id);
  await photograph(page, 'snapshots-empty');

  await snapshots.take('Fresh boot', 'The prompt, nothing typed yet.');
  guest.type('help\r');
  await guest.printed(/poweroff[\s\S]*armoire> /);
  await snapshots.take('Help read');
  guest.type('count\r');
  await guest.printed('count 20\r\n');
  await snapshots.take('Counting');
  await snapshots.restore('Help read', 'Counted on');
  guest.type('echo another way\r');
  await guest.printed('another way');
  await snapshots.take('Another way', 'What happens without counting?\nThe same, only quieter.');
  await snapshots.restore('Fresh boot', 'Quiet end');
  await snapshots.take('Second try');
  await snapshots.act('Fresh boot', 'Start from here every time');
  await expect(snapshots.panel.getByText('Every start begins from')).toBeVisible();

  await snapshots.choose('Counted on');
  await expect(snapshots.picture).toBeVisible();
  await expect(snapshots.panel.getByText('The same as now.')).toBeVisible();
  await photograph(page, 'snapshots');
  await snapshots.choose('Present');
  await inspect(page, 'the present');
  await photograph(page, 'snapshots-present');

  await snapshots.panel.getByRole('button', { name: 'Take snapshot…' }).click();
  await expect(snapshots.dialog(/^Take/)).toBeVisible();
  await photograph(page, 'snapshot-take');
  await page.keyboard.press('Escape');
  for (const [action, title, name] of [
    ['Restore…', /^Restore/, 'snapshot-restore'],
    ['Branch…', /^Branch/, 'snapshot-branch'],
    ['Clone from here…', /^Clone from/, 'snapshot-clone'],
    ['Rename…', /^Rename/, 'snapshot-rename'],
    ['Delete…', /^Delete/, 'snapshot-delete'],
  ] as const) {
    await snapshots.act('Help read', action);
    await expect(snapshots.dialog(title)).toBeVisible();
    await photograph(page, name);
    await page.keyboard.press('Escape');
  }

  await page.setViewportSize({ width: 360, height: 740 });
  await snapshots.choose('Counted on');
  await expect(snapshots.picture).toBeVisible();
  await photograph(page, 'snapshots-360');
  const sticking = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sticking).toBe(0);
});

test('two hundred snapshots, and the way through them by keyboard', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'Long history' });
  const taken: string[] = [];
  for (let number = 1; number <= 200; number += 1)
    taken.push((await client.rpc.snapshots.take({ id, name: `Night ${number}`, note: '' })).id);
  const snapshots = new SnapshotsPage(page);
  await snapshots.open(id);
  await expect(snapshots.tree.getByRole('treeitem')).toHaveCount(201);
  await snapshots.tree.focus();
  await page.keyboard.press('Home');
  await expect(snapshots.pane('Night 1')).toBeVisible();
  await photograph(page, 'snapshots-many');
  await page.keyboard.press('End');
  await expect(snapshots.pane('Present')).toBeVisible();
});

test('disks on the Hardware tab, and a machine that is saved', async ({ loggedIn: page, armoire }) => {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'Disk lab', newDiskBytes: 8 * 1024 ** 3 });
  await client.rpc.snapshots.take({ id, name: 'Empty disk', note: '' });
  const machine = new MachinePage(page);
  await machine.open(id, 'hardware');
  await machine.main.getByRole('button', { name: 'Add disk…' }).click();
  const adding = page.getByRole('dialog', { name: 'Add a disk' });
  await expect(adding).toBeVisible();
  await photograph(page, 'disk-add');
  await adding.getByRole('button', { name: 'Add' }).click();
  const actions = machine.main.getByRole('button', { name: 'Actions for empty' });
  await expect(machine.main.getByRole('button', { name: 'Actions for disk0' })).toBeVisible();
  await actions.scrollIntoViewIfNeeded();
  await photograph(page, 'machine-disks');
  for (const [verb, title] of [
    ['Resize…', 'Resize empty'],
    ['Convert…', 'Convert empty to raw?'],
    ['Compact…', 'Compact empty'],
    ['Check…', 'Check empty'],
    ['Remove…', 'Remove empty?'],
  ] as const) {
    await actions.click();
    await page.getByRole('menuitem', { name: verb }).click();
    await expect(page.getByRole('dialog', { name: title })).toBeVisible();
    await inspect(page, title);
    await page.keyboard.press('Escape');
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await actions.scrollIntoViewIfNeeded();
  await photograph(page, 'machine-disks-360');
  await page.setViewportSize({ width: 1200, height: 750 });

  await client.rpc.vms.start({ id });
  await client.rpc.vms.saveState({ id });
  await machine.open(id);
  await machine.is('Saved on');
  await photograph(page, 'machine-saved');
  await machine.more('Discard saved state…');
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await inspect(page, 'discard saved state');
});
