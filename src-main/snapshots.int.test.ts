import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  jobThat,
  pidOf,
  processesOf,
  prompt,
  type TestApp,
  watchConsole,
  withTestApp,
} from './app.testing.ts';
import {
  counting,
  countsOf,
  createWithDisk,
  expectCountsOn,
  expectSound,
  expectUnbroken,
  filesOf,
  lastCount,
} from './snapshots.testing.ts';
import { memoryFile, snapshotDirectory } from './vm/names.ts';

/** Its RAM is the snapshot's memory, which takes no room of its own; and what it was started with is shown. */
async function expectMapped(test: TestApp, vm: string, of: { id: string; snapshot: string }): Promise<void> {
  const file = path.join(test.directories.library, of.id, snapshotDirectory(of.snapshot), memoryFile);
  const shown = await test.client.vms.commandLine({ id: vm });
  const words = shown.arguments.flatMap((argument) => argument.words);
  expect(words.join(' ')).toContain(file);
  if (process.platform !== 'linux') return;
  const pid = pidOf(await test.state(vm));
  expect(await readFile(`/proc/${pid}/maps`, 'utf8')).toContain(file);
  const running = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
  expect(running.slice(-words.length)).toEqual(words);
}

const fault = (code: string) => ({ code: 'FAULT', data: { code } });

describe('a snapshot of a running guest', () => {
  it('holds its memory, and its counter never stops', { timeout: 120_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const { id, run } = await createWithDisk(test);
      const console = await counting(test, id);
      const taken = await client.snapshots.take({ id, name: 'one', note: 'first' });
      expect(taken).toMatchObject({ name: 'one', note: 'first', memory: true, paused: false, parent: null });
      expect((await test.state(id)).state).toBe('running');
      const before = await expectCountsOn(console);

      const two = await client.snapshots.take({ id, name: 'two', note: '' });
      expect(two.parent).toBe(taken.id);
      await expectCountsOn(console);
      expect(pidOf(await test.state(id))).toBe(run?.pid);
      expect((await client.snapshots.tree({ id })).present.parent).toBe(two.id);

      await client.snapshots.restore({ id, snapshot: taken.id, keepPresent: null, memory: true });
      expect((await test.state(id)).state).toBe('running');
      const log = countsOf(console.text());
      await lastCount(console);
      const after = countsOf(console.text()).slice(log.length);
      expectUnbroken(after);
      expect(after[0]).toBeLessThanOrEqual(before);
      await expectSound(test, id);
    }),
  );

  it('is called off while its memory is being saved, and nothing has happened', { timeout: 120_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const vm = await createWithDisk(test, { memoryMiB: 1024 });
      const console = await counting(test, vm.id);
      const before = await filesOf(test, vm.id);
      // A QEMU that ends of it does so in more than half of the cases.
      for (const name of ['one', 'two', 'three', 'four']) {
        const taking = client.snapshots.take({ id: vm.id, name, note: '' });
        const outcome = taking.catch((error: unknown) => error);
        await expect
          .poll(async () => (await filesOf(test, vm.id)).filter((file) => file.endsWith(memoryFile)))
          .toHaveLength(1);
        const job = await jobThat(test, ({ kind }) => kind === 'take-snapshot');
        await client.jobs.cancel({ job: job.id });
        expect(await outcome).toMatchObject(fault('cancelled'));
        expect(pidOf(await test.state(vm.id))).toBe(pidOf(vm));
      }
      expect(await filesOf(test, vm.id)).toEqual(before);
      await expectCountsOn(console);
      await client.snapshots.take({ id: vm.id, name: 'five', note: '' });
      await expectSound(test, vm.id);
    }),
  );

  it('is deleted while the guest runs, and its space comes back', { timeout: 120_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const { id } = await createWithDisk(test);
      const console = await counting(test, id);
      const one = await client.snapshots.take({ id, name: 'one', note: '' });
      const two = await client.snapshots.take({ id, name: 'two', note: '' });
      await client.snapshots.take({ id, name: 'three', note: '' });
      await client.snapshots.delete({ id, snapshot: two.id });
      await client.snapshots.delete({ id, snapshot: one.id });
      expect((await client.snapshots.tree({ id })).snapshots.map(({ name }) => name)).toEqual(['three']);
      await expectCountsOn(console);
      await expectSound(test, id);
      const left = (await client.snapshots.tree({ id })).snapshots[0];
      await client.snapshots.delete({ id, snapshot: left?.id ?? '' });
      expect((await filesOf(test, id)).filter((file) => !file.endsWith('disk0.qcow2'))).toEqual([]);
      expect(await filesOf(test, id)).toHaveLength(1);
      await client.vms.forceStop({ id });
      await client.vms.start({ id });
      await (await watchConsole(test, id)).expect(prompt);
      await expectSound(test, id);
    }),
  );

  it('branches: the present is kept, and both go on', { timeout: 120_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const { id } = await createWithDisk(test);
      await counting(test, id);
      const root = await client.snapshots.take({ id, name: 'root', note: '' });
      await client.snapshots.restore({ id, snapshot: root.id, keepPresent: 'left', memory: true });
      await client.snapshots.take({ id, name: 'right', note: '' });
      const tree = await client.snapshots.tree({ id });
      expect(tree.snapshots.map(({ name, parent }) => [name, parent])).toEqual([
        ['root', null],
        ['left', root.id],
        ['right', root.id],
      ]);
      await client.snapshots.delete({ id, snapshot: root.id });
      const left = (await client.snapshots.tree({ id })).snapshots.find(({ name }) => name === 'left');
      await client.snapshots.restore({ id, snapshot: left?.id ?? '', keepPresent: null, memory: true });
      expect((await test.state(id)).state).toBe('running');
      await expectSound(test, id);
    }),
  );
});

describe('a snapshot of a stopped VM', () => {
  it('holds disks alone, is restored, and deleting it leaves the disk as it was', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const { id } = await createWithDisk(test, { start: false });
      const one = await client.snapshots.take({ id, name: 'one', note: '' });
      expect(one.memory).toBe(false);
      await expect(
        client.snapshots.restore({ id, snapshot: one.id, keepPresent: null, memory: true }),
      ).rejects.toMatchObject(fault('bad-input'));
      await client.snapshots.restore({ id, snapshot: one.id, keepPresent: 'two', memory: false });
      await client.vms.start({ id });
      await client.vms.forceStop({ id });
      for (const { id: snapshot } of (await client.snapshots.tree({ id })).snapshots) {
        await client.snapshots.delete({ id, snapshot });
      }
      expect(await filesOf(test, id)).toEqual(['disks/disk0.qcow2']);
      await client.vms.start({ id });
      await (await watchConsole(test, id)).expect(prompt);
      await expectSound(test, id);
    }),
  );

  it('is taken by itself before the version of the machine changes', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id, revision, definition } = await createWithDisk(test, { start: false });
      if (!definition) throw new Error('it has no definition');
      await test.client.vms.update({ id, revision, definition: { ...definition, machine: 'virt-9.2' } });
      const { snapshots } = await test.client.snapshots.tree({ id });
      expect(snapshots).toMatchObject([{ name: 'Before virt-9.2', origin: 'automatic' }]);
      await test.client.vms.start({ id });
      await (await watchConsole(test, id)).expect(prompt);
    }),
  );

  it('every start begins from it when wished', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const { id } = await createWithDisk(test);
      const console = await counting(test, id);
      const one = await client.snapshots.take({ id, name: 'ready', note: '' });
      await client.vms.setResetTo({ id, snapshot: one.id });
      await expect(client.snapshots.delete({ id, snapshot: one.id })).rejects.toMatchObject(
        fault('wrong-state'),
      );
      await client.vms.forceStop({ id });
      for (let round = 0; round < 2; round++) {
        await client.vms.start({ id });
        expect((await test.state(id)).resetTo?.name).toBe('ready');
        await lastCount(console);
        await expectMapped(test, id, { id, snapshot: one.id });
        await client.vms.forceStop({ id });
      }
      await expectSound(test, id);
    }),
  );
});

describe('saved state', () => {
  it('goes on where it was, after the app was restarted too', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { id } = await createWithDisk(test);
      await counting(test, id);
      await test.client.vms.saveState({ id });
      expect((await test.state(id)).state).toBe('saved');
      expect(await processesOf(id)).toEqual([]);
      const { definition, revision } = await test.state(id);
      if (!definition) throw new Error('it has no definition');
      await expect(test.client.vms.update({ id, revision, definition })).rejects.toMatchObject(
        fault('wrong-state'),
      );
      await test.reopen();
      expect(await test.state(id)).toMatchObject({ state: 'saved' });
      await test.client.vms.start({ id });
      expect((await test.state(id)).state).toBe('running');
      const console = await watchConsole(test, id);
      await expectCountsOn(console);
      expect((await filesOf(test, id)).filter((file) => file.startsWith('saved/'))).toEqual([]);
      await test.client.vms.saveState({ id });
      await test.client.vms.discardState({ id });
      expect((await test.state(id)).state).toBe('stopped');
    }),
  );
});

describe('clones', () => {
  it('a fork goes on beside the VM that it was made from', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const { id } = await createWithDisk(test);
      await counting(test, id);
      const unsettled: boolean[] = [];
      const memoryOf = async (snapshot: string) => {
        const file = path.join(test.directories.library, id, 'snapshots', snapshot, 'manifest.json');
        return JSON.parse(await readFile(file, 'utf8')).memory;
      };
      test.onStep = async ({ id: of, snapshots }, step) => {
        if (of !== id || step !== 'take:manifest-written') return;
        for (const { id: snapshot } of snapshots.manifests.values()) {
          unsettled.push('unsettledIn' in (await memoryOf(snapshot)));
        }
      };
      const fork = await client.vms.clone({ id, name: 'Fork', kind: 'fork', snapshot: null, start: true });
      expect(fork).toMatchObject({ state: 'running', basedOn: { id } });
      const console = await watchConsole(test, fork.id);
      // It begins with what was on the screen at that moment.
      await console.expect('count 0\r\n');
      await expectCountsOn(console);
      const [base] = (await client.snapshots.tree({ id })).snapshots;
      expect(base).toMatchObject({ origin: 'fork', usedBy: ['Fork'] });
      await expectMapped(test, fork.id, { id, snapshot: base?.id ?? '' });
      // The fork did not wait for the memory to be on the disk; it comes there all the same.
      expect(unsettled).toEqual([true]);
      await expect.poll(() => memoryOf(base?.id ?? '')).not.toHaveProperty('unsettledIn');
      await expect(client.snapshots.delete({ id, snapshot: base?.id ?? '' })).rejects.toMatchObject(
        fault('wrong-state'),
      );
      await client.vms.forceStop({ id });
      await expect(client.vms.delete({ id })).rejects.toMatchObject(fault('wrong-state'));
      // The fork has a life of its own, snapshots included.
      const own = await client.snapshots.take({ id: fork.id, name: 'own', note: '' });
      await client.snapshots.restore({ id: fork.id, snapshot: own.id, keepPresent: null, memory: true });
      await client.vms.forceStop({ id: fork.id });
      const copy = await client.vms.clone({
        id: fork.id,
        name: 'Copy',
        kind: 'copy',
        snapshot: null,
        start: false,
      });
      expect(copy.basedOn).toBeUndefined();
      await client.vms.delete({ id: fork.id });
      await client.snapshots.delete({ id, snapshot: base?.id ?? '' });
      await client.vms.start({ id: copy.id });
      await (await watchConsole(test, copy.id)).expect(prompt);
      await expectSound(test, copy.id);
      await expectSound(test, id);
    }),
  );

  it('a fork without disks goes on when its base was deleted', { timeout: 60_000 }, () =>
    withTestApp(async (test) => {
      const { client } = test;
      const { request } = await client.vms.suggest({ source: { kind: 'sample' } });
      const { id } = await client.vms.create({ request, start: true });
      await counting(test, id);
      const base = await client.snapshots.take({ id, name: 'base', note: '' });
      const fork = await client.vms.clone({ id, name: 'Fork', kind: 'fork', snapshot: base.id, start: true });
      await client.snapshots.delete({ id, snapshot: base.id });
      const console = await watchConsole(test, fork.id);
      await expectCountsOn(console);
      // Also after a reset, which reads the program anew, and with a memory of its own.
      await client.vms.reset({ id: fork.id });
      await console.expect(prompt);
      await counting(test, fork.id);
      const own = await client.snapshots.take({ id: fork.id, name: 'own', note: '' });
      await client.snapshots.restore({ id: fork.id, snapshot: own.id, keepPresent: null, memory: true });
      await lastCount(await watchConsole(test, fork.id));
    }),
  );
});
