// QEMU is killed at every step of an operation on snapshots. The steps come from the code: a new one is tried here without
// a word.
import { describe, expect, it } from 'vitest';
import { type TestApp, withTestApp } from './app.testing.ts';
import { counting, createWithDisk, expectSound, expectUsable, stepsOf } from './snapshots.testing.ts';
import type { OperationStep } from './vm/snapshots/journal.ts';

describe('kill -9 of QEMU', () => {
  const killAt = (test: TestApp, at: OperationStep) => {
    test.onStep = async (machine, step) => {
      if (step !== at || machine.phase.kind !== 'live') return;
      process.kill(machine.phase.run.record.pid, 'SIGKILL');
      await machine.phase.run.waitForEnd(5000);
    };
  };

  it.each([
    ...stepsOf('take').map((step) => [step, 'take'] as const),
    ...stepsOf('delete').map((step) => [step, 'delete'] as const),
    ...stepsOf('restore').map((step) => [step, 'restore'] as const),
    ...stepsOf('save').map((step) => [step, 'save'] as const),
  ])('at %s leaves the disks at the older or the newer state', { timeout: 90_000 }, (step, kind) =>
    withTestApp(async (test) => {
      const { client } = test;
      const { id } = await createWithDisk(test);
      await counting(test, id);
      const one = await client.snapshots.take({ id, name: 'one', note: '' });
      killAt(test, step);
      const doing = {
        take: () => client.snapshots.take({ id, name: 'two', note: '' }),
        delete: () => client.snapshots.delete({ id, snapshot: one.id }),
        restore: () => client.snapshots.restore({ id, snapshot: one.id, keepPresent: null, memory: true }),
        save: () => client.vms.saveState({ id }),
      }[kind];
      await doing().catch((error: unknown) => expect(error).toMatchObject({ code: 'FAULT' }));
      test.onStep = () => undefined;
      await expect.poll(async () => (await test.state(id)).state).not.toBe('starting');
      await test.reopen();
      await expectSound(test, id);
      const { state } = await test.state(id);
      if (state === 'stopped' || state === 'crashed' || state === 'saved') await startAgain(test, id);
      await expectUsable(test, id);
    }),
  );
});

const startAgain = (test: TestApp, id: string) => test.client.vms.start({ id });
