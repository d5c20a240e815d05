// The manager is killed at every step of an operation on snapshots. The steps come from the code: a new one is tried here
// without a word.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  pidOf,
  processesOf,
  prompt,
  resourcesDir,
  snapshot,
  type TestApp,
  watchConsole,
  withTestApp,
} from './app.testing.ts';
import type { SnapshotTree } from './contract/snapshot.ts';
import { fixtureProgram } from './fixture-program.testing.ts';
import {
  counting,
  createWithDisk,
  expectCountsOn,
  expectNothingElse,
  expectSound,
  expectUsable,
  removeAll,
  stepsOf,
} from './snapshots.testing.ts';
import type { OperationStep } from './vm/snapshots/journal.ts';

/** The manager does this in a process of its own, which is killed at the step; then another one comes. */
async function dieDuring(
  test: TestApp,
  step: OperationStep,
  procedure: string,
  input: object,
): Promise<void> {
  await test.app.close();
  const orders = { directories: test.directories, resourcesDir, call: { procedure, input }, dieAt: step };
  const child = spawn(process.execPath, [fixtureProgram('app-manager'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    // It came to its end without that step: there is none on this way.
    if (/^(done|failed)/m.test(said)) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  await test.reopen();
  expect(said, `${step} is a step of ${procedure}`).not.toMatch(/^(done|failed)/m);
}

const namesOf = ({ snapshots }: SnapshotTree) => snapshots.map(({ name }) => name);

const expectCounting = async (test: TestApp, id: string) => expectCountsOn(await watchConsole(test, id));

// One guest for all steps of an operation: each begins from what the death before has left.
describe('kill -9 of the manager', () => {
  it.each([
    ['any step', 32, stepsOf('take')],
    // Large enough that QEMU still saves it when the next manager comes.
    ['the saving of much memory', 1024, ['take:saving']],
  ] as const)(
    'at %s, a take leaves a snapshot or none, and the counter unbroken',
    { timeout: 240_000 },
    (_, memoryMiB, steps) =>
      withTestApp(async (test) => {
        const vm = await createWithDisk(test, { memoryMiB });
        await counting(test, vm.id);
        for (const step of steps) {
          await dieDuring(test, step, 'snapshots.take', { id: vm.id, name: step, note: '' });
          expect(pidOf(await test.state(vm.id))).toBe(pidOf(vm));
          await expect.poll(async () => (await test.state(vm.id)).state).toBe('running');
          expect(['', step]).toContain(namesOf(await test.client.snapshots.tree({ id: vm.id })).join());
          await expectCounting(test, vm.id);
          await expectSound(test, vm.id);
          await removeAll(test, vm.id);
        }
        await expectUsable(test, vm.id);
      }),
  );

  it('at any step of restore leaves the present or the snapshot', { timeout: 240_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      const one = await test.client.snapshots.take({ id, name: 'one', note: '' });
      const input = { id, snapshot: one.id, keepPresent: null, memory: true };
      for (const step of stepsOf('restore')) {
        const before = pidOf(await test.state(id));
        await dieDuring(test, step, 'snapshots.restore', input);
        const { present, snapshots } = await test.client.snapshots.tree({ id });
        expect(present.parent).toBe(one.id);
        expect(snapshots[0]?.damage).toBeUndefined();
        await expectSound(test, id);
        const after = await test.state(id);
        if (after.state === 'running') {
          expect(pidOf(after)).toBe(before);
          await expectCounting(test, id);
        } else {
          expect(await processesOf(id)).toEqual([]);
          await test.client.vms.start({ id });
        }
      }
      await expectUsable(test, id);
    }),
  );

  it('at any step of delete leaves what grew from it, and its space comes back', { timeout: 240_000 }, () =>
    withTestApp(async (test) => {
      const vm = await createWithDisk(test);
      const { id } = vm;
      await counting(test, id);
      for (const step of stepsOf('delete')) {
        const one = await test.client.snapshots.take({ id, name: 'one', note: '' });
        await test.client.snapshots.take({ id, name: 'two', note: '' });
        await dieDuring(test, step, 'snapshots.delete', { id, snapshot: one.id });
        expect(namesOf(await test.client.snapshots.tree({ id }))).toEqual(['two']);
        expect(pidOf(await test.state(id))).toBe(pidOf(vm));
        await expectCounting(test, id);
        await removeAll(test, id);
        await expectSound(test, id);
      }
      await expectUsable(test, id);
    }),
  );

  it('at any step of save leaves it running or saved', { timeout: 240_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      for (const step of stepsOf('save')) {
        await dieDuring(test, step, 'vms.saveState', { id });
        const { state } = await test.state(id);
        expect(['running', 'saved']).toContain(state);
        if (state === 'saved') await test.client.vms.start({ id });
        await expectCounting(test, id);
        await expectSound(test, id);
      }
      await expectUsable(test, id);
    }),
  );

  it('at any step of resume leaves it saved, or going on', { timeout: 240_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      for (const step of stepsOf('resume')) {
        await test.client.vms.saveState({ id });
        await dieDuring(test, step, 'vms.start', { id });
        const { state } = await test.state(id);
        expect(['saved', 'running', 'paused']).toContain(state);
        if (state === 'saved') await test.client.vms.start({ id });
        if (state === 'paused') await test.client.vms.resume({ id });
        await expectCounting(test, id);
        await expectSound(test, id);
      }
      await expectUsable(test, id);
    }),
  );

  it.each(stepsOf('clone'))('at %s leaves a linked clone or none', { timeout: 90_000 }, (step) =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      const input = { id, name: 'Linked', kind: 'linked', snapshot: null, start: false };
      await dieDuring(test, step, 'vms.clone', input);
      for (const vm of (await snapshot(test.client)).filter((other) => other.id !== id)) {
        await test.client.vms.start({ id: vm.id });
        await (await watchConsole(test, vm.id)).expect(prompt);
        await expectSound(test, vm.id);
        await test.client.vms.forceStop({ id: vm.id });
        await test.client.vms.delete({ id: vm.id });
      }
      await expectUsable(test, id);
    }),
  );

  // The snapshot is taken and the fork's QEMU is started at the same time.
  it.each([
    ['clone', 'no fork'],
    ['take', 'no fork'],
    ['resume', 'no fork, or one that goes on'],
  ] as const)('at any step of %s during a fork leaves %s', { timeout: 240_000 }, (kind, left) =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      for (const step of stepsOf(kind)) {
        const input = { id, name: `Fork at ${step}`, kind: 'fork', snapshot: null, start: true };
        await dieDuring(test, step, 'vms.clone', input);
        const forks = (await snapshot(test.client)).filter((other) => other.id !== id);
        if (left === 'no fork' || step === 'resume:started' || step === 'resume:loaded')
          expect(forks).toEqual([]);
        for (const { id: fork } of forks) await expectGoesOn(test, fork);
        await expectNothingElse(test, id);
        await expectCounting(test, id);
        await expectSound(test, id);
      }
      await expectUsable(test, id);
    }),
  );
});

/** A fork whose manager died goes on where it was taken; then it is removed. */
async function expectGoesOn(test: TestApp, id: string): Promise<void> {
  const { state } = await test.state(id);
  if (state === 'paused') await test.client.vms.resume({ id });
  expect(['paused', 'running']).toContain(state);
  await expectCounting(test, id);
  await expectSound(test, id);
  await test.client.vms.forceStop({ id });
  await test.client.vms.delete({ id });
}
