// The disk of the library fills up at every step of every operation on snapshots: nothing is lost, and when there is room
// again everything works.
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { prompt, snapshot, type TestApp, watchConsole, withTestApp } from './app.testing.ts';
import { fillDisk, mayMount, onSmallDisk } from './small-disk.testing.ts';
import { createWithDisk, expectNothingElse, expectSound, removeAll, stepsOf } from './snapshots.testing.ts';
import type { OperationStep } from './vm/snapshots/journal.ts';

const libraryKiB = 320 * 1024;

type Doing = 'take' | 'restore' | 'delete' | 'save' | 'clone' | 'fork';
const cases: readonly (readonly [Doing, readonly OperationStep[]])[] = [
  ['take', stepsOf('take')],
  ['restore', stepsOf('restore')],
  ['delete', stepsOf('delete')],
  ['save', stepsOf('save')],
  ['clone', stepsOf('clone')],
  ['fork', [...stepsOf('clone'), ...stepsOf('resume')]],
];

async function onSmallLibrary(test: TestApp, work: () => Promise<void>): Promise<void> {
  const { library } = test.directories;
  await test.app.close();
  await rm(library, { recursive: true });
  await onSmallDisk(libraryKiB, library, async () => {
    await test.reopen();
    await work();
    await test.app.close();
  });
  await test.reopen();
}

describe.skipIf(!mayMount())('a disk that is full', () => {
  it('before a snapshot is taken refuses it and changes nothing', { timeout: 60_000 }, () =>
    withTestApp((test) =>
      onSmallLibrary(test, async () => {
        const { id } = await createWithDisk(test);
        const free = await fillDisk(test.directories.library);
        const taking = test.client.snapshots.take({ id, name: 'one', note: '' });
        await expect(taking).rejects.toMatchObject({ code: 'FAULT', data: { code: 'disk-full' } });
        await free();
        expect((await test.client.snapshots.tree({ id })).snapshots).toEqual([]);
        await expectSound(test, id);
        await test.client.vms.forceStop({ id });
      }),
    ),
  );

  // One VM for all steps: each begins from what the full disk before has left.
  it.each(cases)('from any step of a %s on loses nothing', { timeout: 240_000 }, (doing, steps) =>
    withTestApp((test) =>
      onSmallLibrary(test, async () => {
        const { id } = await createWithDisk(test);
        await (await watchConsole(test, id)).expect(prompt);
        for (const step of steps) {
          await fillDuring(test, { id, doing, step });
          // Its images are whole, and whoever comes next finds nothing half done.
          await test.reopen();
          await expectSound(test, id);
          if ((await test.state(id)).state !== 'running') await startAgain(test, id);
          const after = await test.client.snapshots.take({ id, name: 'after', note: '' });
          await test.client.snapshots.restore({ id, snapshot: after.id, keepPresent: null, memory: true });
          const console = await watchConsole(test, id);
          console.type(`\recho alive after ${step}\r`);
          await console.expect(`\r\nalive after ${step}`);
          await expectSound(test, id);
          await removeOthers(test, id);
        }
        await test.client.vms.forceStop({ id });
      }),
    ),
  );
});

/** From the step on there is no room, until it has come to its end. */
async function fillDuring(
  test: TestApp,
  { id, doing, step }: { id: string; doing: Doing; step: OperationStep },
): Promise<void> {
  const { client } = test;
  const one = await client.snapshots.take({ id, name: 'one', note: '' });
  await client.snapshots.take({ id, name: 'two', note: '' });
  let free: (() => Promise<void>) | undefined;
  test.onStep = async (_machine, reached) => {
    if (reached === step) free ??= await fillDisk(test.directories.library);
  };
  const does = {
    take: () => client.snapshots.take({ id, name: 'three', note: '' }),
    delete: () => client.snapshots.delete({ id, snapshot: one.id }),
    restore: () => client.snapshots.restore({ id, snapshot: one.id, keepPresent: null, memory: true }),
    save: () => client.vms.saveState({ id }),
    clone: () => client.vms.clone({ id, name: 'Linked', kind: 'linked', snapshot: one.id, start: false }),
    fork: () => client.vms.clone({ id, name: 'Fork', kind: 'fork', snapshot: null, start: true }),
  }[doing];
  const failed = await does().then(
    () => false,
    (error: unknown) => {
      expect(error, step).toMatchObject({ code: 'FAULT' });
      return true;
    },
  );
  test.onStep = () => undefined;
  expect(free, step).toBeDefined();
  await free?.();
  if (doing === 'fork' && failed) await expectNothingElse(test, id);
}

/** Room for the next step. */
async function removeOthers(test: TestApp, id: string): Promise<void> {
  for (const other of await snapshot(test.client)) {
    if (other.id === id) continue;
    if (other.state !== 'stopped') await test.client.vms.forceStop({ id: other.id });
    await test.client.vms.delete({ id: other.id });
  }
  await removeAll(test, id);
}

const startAgain = (test: TestApp, id: string) => test.client.vms.start({ id });
