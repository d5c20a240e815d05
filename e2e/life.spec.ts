// A machine's life: what its buttons do to the guest, what the guest does by itself, and what is said when QEMU fails.
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { LibraryPage } from './pages/library.ts';
import { MachinePage } from './pages/machine.ts';
import { type Armoire, expect, test } from './support/fixtures.ts';
import { type Guest, makeSample, samplePrompt, vmOf, watchGuest } from './support/guest.ts';

const banner = /Armoire sample guest/g;

interface Running {
  machine: MachinePage;
  guest: Guest;
  pid: number;
}

/** A sample that waits at its prompt, with its page open. */
async function runSample(page: Page, armoire: Armoire): Promise<Running> {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'lively', start: true });
  const guest = await watchGuest(client, id);
  await guest.printed(samplePrompt);
  const machine = new MachinePage(page);
  await machine.open(id);
  await machine.is('Running');
  return { machine, guest, pid: (await vmOf(client, id)).run?.pid ?? 0 };
}

test('pause holds the guest, and resume lets it go on where it was', async ({ loggedIn: page, armoire }) => {
  const { machine, guest } = await runSample(page, armoire);
  guest.type('count\r');
  await guest.printed('count 5\r\n');
  await machine.action('Pause').click();
  await machine.is('Paused');
  const held = guest.output();
  // Ten lines would come in this time; that none comes can be seen by waiting only.
  await wait(1000);
  expect(guest.output()).toBe(held);
  await machine.action('Resume').click();
  await machine.is('Running');
  const next = Number(/count (\d+)\s*$/.exec(held)?.[1]) + 1;
  await guest.printed(`count ${next}\r\n`);
  expect(guest.output().slice(held.length)).toMatch(new RegExp(`^\\s*count ${next}\r\n`));
});

test('reset starts the guest again in the same QEMU', async ({ loggedIn: page, armoire }) => {
  const { machine, guest, pid } = await runSample(page, armoire);
  await machine.action('Reset').click();
  await expect.poll(() => guest.output().match(banner)?.length).toBe(2);
  await machine.is('Running');
  expect((await vmOf(await armoire.client(), guest.id)).run?.pid).toBe(pid);
});

test('a guest that restarts itself goes on running; one that switches itself off is stopped', async ({
  loggedIn: page,
  armoire,
}) => {
  const { machine, guest, pid } = await runSample(page, armoire);
  guest.type('reboot\r');
  await expect.poll(() => guest.output().match(banner)?.length).toBe(2);
  await machine.is('Running');
  const log = await machine.tab('Log');
  await log.getByRole('button', { name: 'Refresh' }).click();
  await expect(log).toContainText('The guest restarted itself.');

  guest.type('poweroff\r');
  await machine.is('Stopped');
  await expect(await machine.tab('Overview')).toContainText('The guest shut itself down');
  expect(await isAlive(pid)).toBe(false);
});

test('shut down presses the power button; a guest that ignores it can be forced after a while', async ({
  loggedIn: page,
  armoire,
}) => {
  const { rpc } = await armoire.client();
  await rpc.host.saveSettings({ shutdownWaitSeconds: 5 });
  const { machine, pid } = await runSample(page, armoire);
  await machine.action('Shut down').click();
  await machine.is('Shutting down');
  const notice = machine.notice('was asked to shut down');
  await expect(notice).toBeHidden();
  await expect(notice).toBeVisible();
  await notice.getByRole('button', { name: 'Force stop' }).click();
  await machine.is('Stopped');
  expect(await isAlive(pid)).toBe(false);
  await expect(await machine.tab('Overview')).toContainText('Stopped by force');
});

test('a guest that hears the power button ends as asked', async ({ loggedIn: page, armoire }) => {
  const { machine, guest } = await runSample(page, armoire);
  await machine.action('Shut down').click();
  await machine.is('Shutting down');
  // What an init does when the button is pressed.
  guest.type('poweroff\r');
  await machine.is('Stopped');
  await expect(await machine.tab('Overview')).toContainText('Shut down as asked');
});

test('QEMU killed from outside is shown as crashed, with a reason and a way on', async ({
  loggedIn: page,
  armoire,
}) => {
  const { machine, pid } = await runSample(page, armoire);
  process.kill(pid, 'SIGKILL');
  await machine.is('Crashed');
  const notice = machine.notice('QEMU ended unexpectedly');
  await expect(notice).toContainText('SIGKILL');
  await expect(notice).toContainText(/Start the VM again/);
  await machine.action('Start').click();
  await machine.is('Running');
  await expect(notice).toBeHidden();
});

test('QEMU stopped by a signal is shown as silent, and taken up again when it answers', async ({
  loggedIn: page,
  armoire,
}) => {
  const { machine, guest, pid } = await runSample(page, armoire);
  process.kill(pid, 'SIGSTOP');
  const notice = machine.notice('QEMU has not answered for');
  await expect(notice).toBeVisible();
  await expect(notice).toContainText(`kill -CONT ${pid}`);
  process.kill(pid, 'SIGCONT');
  await expect(notice).toBeHidden();
  await machine.is('Running');
  guest.type('echo awake again\r');
  await guest.printed(/^awake again/m);
});

test('a silent QEMU can be stopped by force', async ({ loggedIn: page, armoire }) => {
  const { machine, pid } = await runSample(page, armoire);
  process.kill(pid, 'SIGSTOP');
  await expect(machine.notice('QEMU has not answered for')).toBeVisible();
  await machine.action('Force stop').click();
  await machine.is('Stopped');
  expect(await isAlive(pid)).toBe(false);
});

test('every page shows a change of state as it happens', async ({ loggedIn: page, armoire, context }) => {
  const { machine } = await runSample(page, armoire);
  const other = await context.newPage();
  await other.goto(armoire.server().origin);
  const row = new LibraryPage(other).row('lively');
  await expect(row).toContainText('Running');
  await machine.action('Pause').click();
  await expect(row).toContainText('Paused');
  await machine.action('Resume').click();
  await expect(row).toContainText('Running');
  await machine.action('Force stop').click();
  await expect(row).toContainText('Stopped');
});

/** False for a process that is gone or only waits to be noticed. */
async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s+Z/m.test(status);
}
