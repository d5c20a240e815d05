// What can go wrong while a running VM is forked: the snapshot and the start of the fork go on at the same time, and either
// may fail. The VM counts on, and nothing is left of a fork that failed.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobThat, pidOf, qemusOf, snapshot, type TestApp, watchConsole, withTestApp } from './app.testing.ts';
import { Fault } from './contract/fault.ts';
import type { JobKind } from './contract/job.ts';
import {
  counting,
  createWithDisk,
  expectCountsOn,
  expectNothingElse,
  expectSound,
  filesOf,
  lastCount,
} from './snapshots.testing.ts';
import { memoryFile, snapshotDirectory } from './vm/names.ts';
import type { OperationStep } from './vm/snapshots/journal.ts';

const fork = (test: TestApp, id: string, name = 'Fork') =>
  test.client.vms.clone({ id, name, kind: 'fork', snapshot: null, start: true });

/** Once, when the step is reached; the step waits for it. */
function atStep(test: TestApp, at: OperationStep, work: () => Promise<void>): void {
  test.onStep = async (_machine, step) => {
    if (step !== at) return;
    test.onStep = () => undefined;
    await work();
  };
}

const othersOf = async (test: TestApp, id: string) =>
  (await snapshot(test.client)).filter((vm) => vm.id !== id);

async function callOff(test: TestApp, kind: JobKind): Promise<void> {
  const job = await jobThat(test, (other) => other.kind === kind);
  await test.client.jobs.cancel({ job: job.id });
}

describe('a fork of a running VM', () => {
  it.each<[string, OperationStep, string, (test: TestApp, id: string) => Promise<void>]>([
    [
      'its start is called off',
      'take:noted',
      'cancelled',
      async (test, id) => {
        await expect
          .poll(async () => (await othersOf(test, id)).map(({ state }) => state))
          .toEqual(['starting']);
        const [other] = await othersOf(test, id);
        void test.client.vms.forceStop({ id: other?.id ?? '' }).catch(() => undefined);
      },
    ],
    ['the snapshot is called off', 'take:noted', 'cancelled', (test) => callOff(test, 'take-snapshot')],
    ['it is called off', 'take:noted', 'cancelled', (test) => callOff(test, 'clone')],
  ])('is gone when %s', { timeout: 60_000 }, (_, step, code, fail) =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      const console = await counting(test, id);
      atStep(test, step, () => fail(test, id));
      await expect(fork(test, id)).rejects.toMatchObject({ code: 'FAULT', data: { code } });
      expect(await othersOf(test, id)).toEqual([]);
      await expectNothingElse(test, id);
      // The next one finds nothing in its way.
      const again = await fork(test, id, 'Again');
      expect(again.state).toBe('running');
      await expectCountsOn(console);
      await expectSound(test, id);
    }),
  );

  it.each(['take:memory-saved', 'resume:loaded', 'resume:spent'] as const)(
    'is started once more when its own QEMU is killed at %s',
    { timeout: 60_000 },
    (step) =>
      withTestApp(async (test) => {
        const { id } = await createWithDisk(test);
        const console = await counting(test, id);
        const source = pidOf(await test.state(id));
        let killed = 0;
        atStep(test, step, async () => {
          await expect.poll(async () => (await qemusOf(test.directories)).length).toBe(2);
          killed = (await qemusOf(test.directories)).find((pid) => pid !== source) ?? 0;
          process.kill(killed, 'SIGKILL');
          await expect.poll(() => qemusOf(test.directories)).toEqual([source]);
        });
        const made = await fork(test, id);
        expect(killed).not.toBe(0);
        expect(pidOf(made)).not.toBe(killed);
        expect((await othersOf(test, id)).map(({ id: other, state }) => [other, state])).toEqual([
          [made.id, 'running'],
        ]);
        await lastCount(await watchConsole(test, made.id));
        await expectCountsOn(console);
        await test.client.vms.forceStop({ id: made.id });
        await test.client.vms.delete({ id: made.id });
        await expectNothingElse(test, id);
      }),
  );

  it(
    'is gone when its QEMU is killed and there is no second try: the snapshot is whole',
    { timeout: 60_000 },
    () =>
      withTestApp(async (test) => {
        const { id } = await createWithDisk(test);
        await counting(test, id);
        const source = pidOf(await test.state(id));
        const base = await test.client.snapshots.take({ id, name: 'base', note: '' });
        atStep(test, 'resume:loaded', async () => {
          for (const pid of await qemusOf(test.directories)) if (pid !== source) process.kill(pid, 'SIGKILL');
        });
        const forking = test.client.vms.clone({
          id,
          name: 'Fork',
          kind: 'fork',
          snapshot: base.id,
          start: true,
        });
        await expect(forking).rejects.toMatchObject({
          code: 'FAULT',
          data: { code: 'qemu-failed', remedy: expect.stringMatching(/linked clone/) },
        });
        expect(await othersOf(test, id)).toEqual([]);
        await expectNothingElse(test, id);
      }),
  );

  it('says so when the disk refuses the memory that it goes on from', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      atStep(test, 'resume:running', async () => {
        const [taken] = (await test.client.snapshots.tree({ id })).snapshots;
        const directory = path.join(test.directories.library, id, snapshotDirectory(taken?.id ?? ''));
        // In place of a disk that fails: what is not there cannot be written either.
        await rm(path.join(directory, memoryFile));
      });
      const made = await fork(test, id);
      await expect
        .poll(async () => (await test.state(made.id)).run?.findings.map(({ rule }) => rule))
        .toEqual(['memory-lost']);
      const { snapshots } = await test.client.snapshots.tree({ id });
      expect(snapshots[0]?.mismatch).toMatchObject({ code: 'damaged' });
    }),
  );

  it('lets the settings of the VM be changed meanwhile', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id, definition } = await createWithDisk(test);
      if (!definition) throw new Error('no definition');
      await counting(test, id);
      let problems: unknown;
      atStep(test, 'take:memory-saved', async () => {
        await expect.poll(async () => (await othersOf(test, id)).length).toBe(1);
        const request = { definition: { ...definition, note: 'changed' }, provisions: [] };
        ({ problems } = await test.client.vms.check({ request, id, dry: false }));
      });
      expect((await fork(test, id)).state).toBe('running');
      expect(problems).toEqual([]);
    }),
  );

  it('that fails with its snapshot leaves the VM without a layer more than before', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      const console = await counting(test, id);
      const layers = async () =>
        (await filesOf(test, id)).filter((file) => /snapshots.*qcow2$/.test(file)).length;
      await test.client.snapshots.take({ id, name: 'one', note: '' });
      const before = await layers();
      // The guest writes to its new layer already.
      atStep(test, 'take:kept', async () => {
        throw new Fault({ code: 'disk-full', message: 'Full.', remedy: 'Free some space.' });
      });
      await expect(fork(test, id)).rejects.toMatchObject({ code: 'FAULT', data: { code: 'disk-full' } });
      await expect.poll(layers).toBe(before);
      await expectNothingElse(test, id);
      await expectCountsOn(console);
      await expectSound(test, id);
    }),
  );

  it.each(['take:noted', 'take:memory-saved', 'take:resumed', 'take:kept'] as const)(
    'is gone when the QEMU of the VM is killed at %s, or goes on alone',
    { timeout: 60_000 },
    (step) =>
      withTestApp(async (test) => {
        const vm = await createWithDisk(test);
        await counting(test, vm.id);
        atStep(test, step, async () => {
          process.kill(pidOf(vm), 'SIGKILL');
          await expect.poll(async () => (await test.state(vm.id)).state).toBe('crashed');
        });
        const outcome = await fork(test, vm.id).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'FAULT' });
          return undefined;
        });
        test.onStep = () => undefined;
        if (outcome) await expect.poll(async () => (await othersOf(test, vm.id))[0]?.state).toBe('running');
        else expect(await othersOf(test, vm.id)).toEqual([]);
        expect((await qemusOf(test.directories)).length).toBe(outcome ? 1 : 0);
        await expectSound(test, vm.id);
        await test.client.vms.start({ id: vm.id });
      }),
  );

  it('stands still when the VM does, and of two at once one is refused', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      await test.client.vms.pause({ id });
      const outcomes = await Promise.allSettled([fork(test, id, 'One'), fork(test, id, 'Two')]);
      const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(made).toMatchObject([{ state: 'paused' }]);
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused).toMatchObject([{ reason: { data: { code: 'wrong-state' } } }]);
      expect((await test.state(id)).state).toBe('paused');
      expect((await othersOf(test, id)).map((other) => other.id)).toEqual(made.map((one) => one.id));
    }),
  );
});
