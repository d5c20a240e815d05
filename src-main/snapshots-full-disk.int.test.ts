// The disk of the library fills up at every step of every operation on snapshots: nothing is lost, and when there is room
// again everything works.
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { prompt, type TestApp, watchConsole, withTestApp } from './app.testing.ts';
import { fillDisk, mayMount, onSmallDisk } from './small-disk.testing.ts';
import { createWithDisk, expectNothingElse, expectSound } from './snapshots.testing.ts';
import { type OperationStep, operationSteps } from './vm/snapshots/journal.ts';

const libraryKiB = 320 * 1024;

type Doing = 'take' | 'restore' | 'delete' | 'save' | 'clone' | 'fork';
const steps = (kind: keyof typeof operationSteps, doing: Doing) =>
  operationSteps[kind].map((step) => [`${kind}:${step}` as OperationStep, doing] as const);
const cases = [
  ...steps('take', 'take'),
  ...steps('restore', 'restore'),
  ...steps('delete', 'delete'),
  ...steps('save', 'save'),
  ...steps('clone', 'clone'),
  ...steps('clone', 'fork'),
  ...steps('resume', 'fork'),
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

  it.each(cases)('from %s on during %s loses nothing', { timeout: 60_000 }, (at, doing) =>
    withTestApp((test) =>
      onSmallLibrary(test, async () => {
        const { client } = test;
        const { id } = await createWithDisk(test);
        await (await watchConsole(test, id)).expect(prompt);
        const one = await client.snapshots.take({ id, name: 'one', note: '' });
        await client.snapshots.take({ id, name: 'two', note: '' });
        let free: () => Promise<void> = async () => undefined;
        test.onStep = async (_machine, step) => {
          if (step === at) free = await fillDisk(test.directories.library);
        };
        const does = {
          take: () => client.snapshots.take({ id, name: 'three', note: '' }),
          delete: () => client.snapshots.delete({ id, snapshot: one.id }),
          restore: () => client.snapshots.restore({ id, snapshot: one.id, keepPresent: null, memory: true }),
          save: () => client.vms.saveState({ id }),
          clone: () =>
            client.vms.clone({ id, name: 'Linked', kind: 'linked', snapshot: one.id, start: false }),
          fork: () => client.vms.clone({ id, name: 'Fork', kind: 'fork', snapshot: null, start: true }),
        }[doing];
        const done = await does().then(
          () => true,
          (error: unknown) => expect(error).toMatchObject({ code: 'FAULT' }),
        );
        test.onStep = () => undefined;
        await free();
        if (doing === 'fork' && done !== true) await expectNothingElse(test, id);
        // Its images are whole, and whoever comes next finds nothing half done.
        await test.reopen();
        await expectSound(test, id);
        const { state } = await test.state(id);
        if (state !== 'running') await startAgain(test, id);
        const after = await test.client.snapshots.take({ id, name: 'after', note: '' });
        await test.client.snapshots.restore({ id, snapshot: after.id, keepPresent: null, memory: true });
        const console = await watchConsole(test, id);
        console.type('\recho alive\r');
        await console.expect('\r\nalive');
        await expectSound(test, id);
        await test.client.vms.forceStop({ id });
      }),
    ),
  );
});

const startAgain = (test: TestApp, id: string) => test.client.vms.start({ id });
