// What snapshots rest on stays as it is, whatever is done with the VM's disks: nothing writes to it, nothing removes it.
import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { qemusOf, type TestApp, withTestApp } from './app.testing.ts';
import type { Disk } from './contract/definition.ts';
import type { VmView } from './contract/vm.ts';
import { createWithDisk, diskBytes, expectSound, filesOf } from './snapshots.testing.ts';

const fault = (code: string) => ({ code: 'FAULT', data: { code } });
const take = (test: TestApp, { id }: VmView, name = 'one') =>
  test.client.snapshots.take({ id, name, note: '' });
const remove = ({ client }: TestApp, { id, revision }: VmView, disk: string, deleteImage: boolean) =>
  client.disks.remove({ id, revision, disk, deleteImage });

const diskOf = (vm: VmView, id = 'disk0'): Disk => {
  const disk = vm.definition?.disks.find((other) => other.id === id);
  if (!disk) throw new Error(`no disk ${id}`);
  return disk;
};

const addAgain = ({ client }: TestApp, { id, revision }: VmView, disk: Disk) =>
  client.disks.add({ id, revision, disk, source: { kind: 'in-place', file: disk.file } });

function edit({ client }: TestApp, vm: VmView, change: (disk: Disk) => Disk): Promise<VmView> {
  const { id, revision, definition } = vm;
  if (!definition) throw new Error('no definition');
  return client.vms.update({
    id,
    revision,
    definition: { ...definition, disks: definition.disks.map(change) },
  });
}

/** Images that QEMU has open for writing. */
async function writtenBy(test: TestApp): Promise<string[]> {
  const [pid] = await qemusOf(test.directories);
  const files: string[] = [];
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const file = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
    const flags = /^flags:\s*(\d+)/m.exec(
      await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(() => ''),
    );
    if (file.endsWith('.qcow2') && (Number.parseInt(flags?.[1] ?? '0', 8) & 3) !== 0) files.push(file);
  }
  return files;
}

it('a disk that is taken out of a running VM and comes back has its layers again', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    let vm = await createWithDisk(test, { start: false });
    vm = await edit(test, vm, (disk) => ({ ...disk, bus: 'scsi' }));
    vm = await test.client.disks.add({
      id: vm.id,
      revision: vm.revision,
      disk: { ...diskOf(vm), id: 'data' },
      source: { kind: 'new', sizeBytes: diskBytes },
    });
    await test.client.vms.start({ id: vm.id });
    await take(test, vm);
    vm = await test.state(vm.id);
    const disk = diskOf(vm, 'data');
    vm = await remove(test, vm, 'data', false);
    vm = await addAgain(test, vm, disk);
    expect(vm.run?.definitionChanged).toBe(false);
    const written = await writtenBy(test);
    expect(written.filter((file) => file.endsWith('/data.qcow2'))).toHaveLength(1);
    expect(written.join()).not.toContain('/disks/data.qcow2');
    await take(test, vm, 'two');
    await expectSound(test, vm.id);
  }),
);

it('an image that a snapshot needs is no disk to write to', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    let vm = await createWithDisk(test, { start: false });
    await take(test, vm);
    vm = await test.state(vm.id);
    const disk = diskOf(vm);
    await expect(edit(test, vm, (old) => ({ ...old, id: 'other' }))).rejects.toMatchObject(
      fault('bad-input'),
    );
    await expect(edit(test, vm, (old) => ({ ...old, readOnly: true }))).rejects.toMatchObject(
      fault('bad-input'),
    );
    vm = await remove(test, vm, 'disk0', true);
    expect(await filesOf(test, vm.id)).toContain('disks/disk0.qcow2');
    await expect(addAgain(test, vm, disk)).rejects.toMatchObject(fault('bad-input'));
    vm = await addAgain(test, vm, { ...disk, readOnly: true });
    await test.client.vms.start({ id: vm.id });
  }),
);

it('a read-only disk that a snapshot uses stays as it is, and stays', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    let vm = await createWithDisk(test, { start: false });
    vm = await edit(test, vm, (disk) => ({ ...disk, readOnly: true }));
    const { id: snapshot } = await take(test, vm);
    vm = await test.state(vm.id);
    await expect(edit(test, vm, (disk) => ({ ...disk, readOnly: false }))).rejects.toMatchObject(
      fault('bad-input'),
    );
    await test.client.snapshots.restore({ id: vm.id, snapshot, keepPresent: null, memory: false });
    expect(await filesOf(test, vm.id)).toContain('disks/disk0.qcow2');
    await test.client.vms.start({ id: vm.id });
  }),
);

it(
  'a disk that was taken out while its image stays outlives the snapshot below it',
  { timeout: 60_000 },
  () =>
    withTestApp(async (test) => {
      let vm = await createWithDisk(test, { start: false });
      const { id: snapshot } = await take(test, vm);
      vm = await test.state(vm.id);
      const disk = diskOf(vm);
      vm = await remove(test, vm, 'disk0', false);
      await test.client.snapshots.delete({ id: vm.id, snapshot });
      vm = await addAgain(test, vm, disk);
      await test.client.vms.start({ id: vm.id });
      await expectSound(test, vm.id);
    }),
);

it(
  'a disk that was taken out keeps what was written to it, whatever is taken, restored and deleted after',
  {
    timeout: 60_000,
  },
  () =>
    withTestApp(async (test) => {
      let vm = await createWithDisk(test, { start: false });
      const { id: one } = await take(test, vm);
      // What only the newest layer knows.
      await test.client.disks.resize({ id: vm.id, disk: 'disk0', sizeBytes: 2 * diskBytes, shrink: false });
      vm = await test.state(vm.id);
      const disk = diskOf(vm);
      vm = await remove(test, vm, 'disk0', false);
      // Its name is not given away: the layers under it wait for its image.
      vm = await test.client.disks.add({
        id: vm.id,
        revision: vm.revision,
        disk,
        source: { kind: 'new', sizeBytes: diskBytes },
      });
      expect(vm.definition?.disks.map(({ id }) => id)).toEqual(['disk0-1']);
      const { id: two } = await take(test, vm, 'two');
      const { id: three } = await take(test, vm, 'three');
      await test.client.snapshots.delete({ id: vm.id, snapshot: two });
      await test.client.snapshots.restore({ id: vm.id, snapshot: three, keepPresent: null, memory: false });
      await test.client.snapshots.delete({ id: vm.id, snapshot: three });
      await test.client.snapshots.delete({ id: vm.id, snapshot: one });
      vm = await addAgain(test, await test.state(vm.id), disk);
      const { disks } = await test.client.disks.report({ id: vm.id });
      expect(disks.map(({ id, virtualBytes }) => [id, virtualBytes])).toEqual([
        ['disk0-1', diskBytes],
        ['disk0', 2 * diskBytes],
      ]);
      await test.client.vms.start({ id: vm.id });
      await take(test, vm, 'four');
      await expectSound(test, vm.id);
    }),
);

it('an image that became whole again waits for nothing: it may be made read-only', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    let vm = await createWithDisk(test, { start: false });
    const { id: one } = await take(test, vm);
    await test.client.snapshots.delete({ id: vm.id, snapshot: one });
    vm = await edit(test, await test.state(vm.id), (disk) => ({ ...disk, readOnly: true }));
    await take(test, vm, 'two');
    await test.client.vms.start({ id: vm.id });
    await take(test, vm, 'three');
    await expectSound(test, vm.id);
  }),
);

it('a disk that was made smaller stays so when the snapshot before it goes', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    const vm = await createWithDisk(test, { start: false });
    const sizeBytes = diskBytes / 2;
    await test.client.disks.resize({ id: vm.id, disk: 'disk0', sizeBytes, shrink: true });
    const [before] = (await test.client.snapshots.tree({ id: vm.id })).snapshots;
    await test.client.snapshots.delete({ id: vm.id, snapshot: before?.id ?? '' });
    const { disks } = await test.client.disks.report({ id: vm.id });
    expect(disks).toMatchObject([{ virtualBytes: sizeBytes, layers: [] }]);
    await test.client.vms.start({ id: vm.id });
    await expectSound(test, vm.id);
  }),
);

it('layers are kept when the manifest that names them is gone', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    const vm = await createWithDisk(test, { start: false });
    const one = await take(test, vm);
    const two = await take(test, vm, 'two');
    const three = await take(test, vm, 'three');
    for (const { id } of [one, two]) {
      await rm(path.join(test.directories.library, vm.id, 'snapshots', id, 'manifest.json'));
    }
    const before = await filesOf(test, vm.id);
    await test.reopen();
    expect((await test.client.snapshots.tree({ id: vm.id })).damaged.join()).toContain(two.id);
    await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject(fault('damaged'));
    await test.client.snapshots.delete({ id: vm.id, snapshot: three.id });
    const after = await filesOf(test, vm.id);
    expect(after.filter((file) => file.endsWith('disk0.qcow2'))).toEqual(
      before.filter((file) => file.endsWith('disk0.qcow2')),
    );
  }),
);

it('a linked clone whose description is damaged keeps what it builds on', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    const vm = await createWithDisk(test, { start: false });
    const { id: snapshot } = await take(test, vm);
    const clone = { id: vm.id, name: 'clone', kind: 'linked', snapshot, start: false } as const;
    const { id } = await test.client.vms.clone(clone);
    const file = path.join(test.directories.library, id, 'vm.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"schemaVersion": 2', '"schemaVersion": 3'));
    await test.reopen();
    await expect(test.client.snapshots.delete({ id: vm.id, snapshot })).rejects.toMatchObject(
      fault('wrong-state'),
    );
    await expect(test.client.vms.delete({ id: vm.id })).rejects.toMatchObject(fault('wrong-state'));
    await writeFile(file, text);
    await test.reopen();
    await test.client.vms.start({ id });
  }),
);

it(
  'a clone has the read-only disks of the VM, and its snapshot stays while it is made',
  { timeout: 60_000 },
  () =>
    withTestApp(async (test) => {
      let vm = await createWithDisk(test, { start: false });
      vm = await edit(test, vm, (disk) => ({ ...disk, readOnly: true }));
      const { id: snapshot } = await take(test, vm);
      let during: unknown;
      test.onStep = async (_, step) => {
        if (step !== 'clone:files-copied') return;
        during = await test.client.snapshots.delete({ id: vm.id, snapshot }).catch((error: unknown) => error);
      };
      for (const kind of ['copy', 'linked'] as const) {
        during = undefined;
        const { id } = await test.client.vms.clone({ id: vm.id, name: kind, kind, snapshot, start: true });
        expect(during).toMatchObject(fault('wrong-state'));
        expect(await filesOf(test, id)).toContain('disks/disk0.qcow2');
      }
      await test.client.snapshots.delete({ id: vm.id, snapshot });
    }),
);

it('a saved state is resumed once, however often it is asked for', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    const { id } = await createWithDisk(test);
    let shutdown: Promise<unknown> | undefined;
    test.onStep = (_, step) => {
      // It waits for its turn, in which the guest must not go on behind its saved memory.
      if (step === 'save:memory-saved')
        shutdown = test.client.vms.shutdown({ id }).catch((error: unknown) => error);
    };
    await test.client.vms.saveState({ id });
    expect(await shutdown).toBeInstanceOf(Error);
    expect((await test.state(id)).state).toBe('saved');
    const starts = await Promise.allSettled([test.client.vms.start({ id }), test.client.vms.start({ id })]);
    expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await test.state(id)).state).toBe('running');
  }),
);

it('the VM’s own description is no disk from a browser', { timeout: 60_000 }, () =>
  withTestApp(async (test) => {
    const vm = await createWithDisk(test, { start: false });
    for (const file of ['vm.json', './vm.json', 'run.json', 'snapshots/under-way.json']) {
      const raw: Disk = { ...diskOf(vm), id: 'own', file, format: 'raw' };
      await expect(addAgain(test, vm, raw)).rejects.toMatchObject(fault('not-permitted'));
      await expect(edit(test, vm, () => raw)).rejects.toMatchObject(fault('not-permitted'));
    }
  }),
);
