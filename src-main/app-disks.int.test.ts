// Disks through the API with the real QEMU: made, imported, plugged in and out, resized, checked, and what a crash leaves.
import { readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type TestApp, watchConsole, withTestApp } from './app.testing.ts';
import type { Disk } from './contract/definition.ts';
import type { VmView } from './contract/vm.ts';

const MiB = 1024 ** 2;
const fault = (code: string) => ({ code: 'FAULT', data: { code } });

const diskOn = (bus: Disk['bus'], id: string, changes: Partial<Disk> = {}): Disk => ({
  id,
  file: 'disks/settled-later',
  format: 'qcow2',
  media: 'disk',
  bus,
  readOnly: false,
  ...changes,
});

async function withNew(test: TestApp, vm: VmView, disk: Disk, sizeBytes = 64 * MiB): Promise<VmView> {
  return test.client.disks.add({
    id: vm.id,
    revision: vm.revision,
    disk,
    source: { kind: 'new', sizeBytes },
  });
}

const imagesOf = (test: TestApp, { id }: VmView) => readdir(path.join(test.directories.library, id, 'disks'));

/** A disc image: what matters is that it is not empty and its name ends as it does. */
async function isoFile(test: TestApp, name: string, mark: string): Promise<string> {
  const file = path.join(test.directories.library, 'uploads', name);
  const bytes = Buffer.alloc(64 * 1024);
  bytes.write('CD001', 32769);
  bytes.write(mark, 40000);
  await writeFile(file, bytes);
  return file;
}

describe('disks of a VM that is off', () => {
  it('are added, told of, grown and removed', () =>
    withTestApp(async (test) => {
      let vm = await test.createSample({}, false);
      vm = await withNew(test, vm, diskOn('virtio', 'data'));
      expect(vm.definition?.disks).toMatchObject([{ id: 'data', file: 'disks/data.qcow2' }]);
      const { advice } = await test.client.disks.resize({
        id: vm.id,
        disk: 'data',
        sizeBytes: 96 * MiB,
        shrink: false,
      });
      expect(advice).toContain('/dev/vda');
      const report = await test.client.disks.report({ id: vm.id });
      expect(report.disks).toMatchObject([
        { id: 'data', format: 'qcow2', virtualBytes: 96 * MiB, layers: [], detachable: false },
      ]);
      expect(report.totalBytes).toBeGreaterThan(report.disks[0]?.ownBytes ?? 0);
      expect(report.hotplugBuses).toEqual([]);
      await expect(
        test.client.disks.resize({ id: vm.id, disk: 'data', sizeBytes: 32 * MiB, shrink: false }),
      ).rejects.toMatchObject(fault('bad-input'));
      expect(await test.client.disks.check({ id: vm.id, disk: 'data', repair: false })).toEqual({
        clean: true,
        leaks: 0,
        corruptions: 0,
        repaired: 0,
      });
      await expect(withNew(test, vm, diskOn('virtio', 'data'))).rejects.toMatchObject(fault('bad-input'));
      vm = await test.client.disks.remove({
        id: vm.id,
        disk: 'data',
        revision: vm.revision,
        deleteImage: true,
      });
      expect(vm.definition?.disks).toEqual([]);
      expect(await imagesOf(test, vm)).toEqual([]);
      vm = await withNew(test, vm, diskOn('virtio', 'data'));
      vm = await test.client.disks.remove({
        id: vm.id,
        disk: 'data',
        revision: vm.revision,
        deleteImage: false,
      });
      expect(await imagesOf(test, vm)).toEqual(['data.qcow2']);
      vm = await withNew(test, vm, diskOn('virtio', 'data'));
      expect(vm.definition?.disks[0]?.file).toBe('disks/data-2.qcow2');
    }));

  it('come from the user’s image, and one that is in use by another VM is refused by its name', () =>
    withTestApp(async (test) => {
      const image = path.join(test.directories.library, 'uploads', 'mine.raw');
      const bytes = Buffer.alloc(8 * MiB);
      bytes.write('\x55\xaa', 510, 'latin1');
      await writeFile(image, bytes);
      let vm = await test.createSample({}, false);
      vm = await test.client.disks.add({
        id: vm.id,
        revision: vm.revision,
        disk: diskOn('virtio', 'copy'),
        source: { kind: 'import', from: image },
      });
      const inPlace = { kind: 'in-place' as const, file: image };
      const disk = diskOn('virtio', 'same', { format: 'raw' });
      vm = await test.client.disks.add({ id: vm.id, revision: vm.revision, disk, source: inPlace });
      expect((await test.client.disks.report({ id: vm.id })).disks.map(({ file }) => file)).toEqual([
        'disks/copy.qcow2',
        image,
      ]);
      const other = await test.createSample({ name: 'Other' }, false);
      const refused = await test.client.disks
        .add({ id: other.id, revision: other.revision, disk, source: inPlace })
        .catch((error: Error) => error.message);
      expect(refused).toContain('“Sample” has mine.raw');
      expect((await test.state(other.id)).definition?.disks).toEqual([]);
    }));

  it('lose blocks of zeros when they are compacted', () =>
    withTestApp(async (test) => {
      let vm = await test.createSample({}, false);
      vm = await withNew(test, vm, diskOn('virtio', 'data', { format: 'raw' }), 32 * MiB);
      const file = path.join(test.directories.library, vm.id, 'disks', 'data.raw');
      await writeFile(file, Buffer.alloc(32 * MiB));
      const { freedBytes } = await test.client.disks.compact({ id: vm.id, disk: 'data' });
      expect(freedBytes).toBeGreaterThan(31 * MiB);
      expect((await stat(file)).size).toBe(32 * MiB);
      expect(await imagesOf(test, vm)).toEqual(['data.raw']);
    }));

  it('are settled after a crash in the middle: in or out, never between', () =>
    withTestApp(async (test) => {
      let vm = await test.createSample({}, false);
      vm = await withNew(test, vm, diskOn('virtio', 'data'));
      const disks = path.join(test.directories.library, vm.id, 'disks');
      // Saved and not yet renamed; and one that nobody waits for.
      await rename(path.join(disks, 'data.qcow2'), path.join(disks, 'data.qcow2.partial'));
      await writeFile(path.join(disks, 'half.qcow2.partial'), 'half');
      await writeFile(path.join(disks, 'half.qcow2.partial.partial'), 'half');
      await test.reopen();
      expect(await imagesOf(test, vm)).toEqual(['data.qcow2']);
    }));
});

describe('disks of a running VM', () => {
  it.each(['scsi', 'usb'] as const)('come and go on %s without a restart', (bus) =>
    withTestApp(async (test) => {
      let vm = await test.createSample({}, false);
      // The controller is there when the machine starts with a disk of its kind.
      vm = await withNew(test, vm, diskOn(bus, 'first'));
      await test.client.vms.start({ id: vm.id });
      expect((await test.client.disks.report({ id: vm.id })).hotplugBuses).toContain(bus);
      vm = await withNew(test, vm, diskOn(bus, 'second'));
      expect(vm.run?.definitionChanged).toBe(false);
      const { advice } = await test.client.disks.resize({
        id: vm.id,
        disk: 'second',
        sizeBytes: 96 * MiB,
        shrink: false,
      });
      expect(advice).not.toContain('Restart');
      const report = await test.client.disks.report({ id: vm.id });
      expect(report.disks[1]).toMatchObject({ id: 'second', virtualBytes: 96 * MiB, detachable: true });
      // A manager that comes back knows it as well.
      await test.reopen();
      expect((await test.state(vm.id)).run?.definitionChanged).toBe(false);
      vm = await test.client.disks.remove({
        id: vm.id,
        disk: 'second',
        revision: vm.revision,
        deleteImage: true,
      });
      expect(vm.run?.definitionChanged).toBe(false);
      expect(await imagesOf(test, vm)).toEqual(['first.qcow2']);
      // The name is free again in QEMU too.
      vm = await withNew(test, vm, diskOn(bus, 'second'));
      expect(vm.run?.definitionChanged).toBe(false);
    }),
  );

  it('wait for the next start where the bus cannot', () =>
    withTestApp(async (test) => {
      let vm = await test.createSample();
      vm = await withNew(test, vm, diskOn('nvme', 'later'));
      expect(vm.run?.definitionChanged).toBe(true);
      vm = await test.client.disks.remove({
        id: vm.id,
        disk: 'later',
        revision: vm.revision,
        deleteImage: true,
      });
      expect(vm.run?.definitionChanged).toBe(false);
      expect(await imagesOf(test, vm)).toEqual([]);
    }));

  it.each(['scsi', 'usb'] as const)('a CD drive on %s takes another medium', (bus) =>
    withTestApp(async (test) => {
      const [one, two] = [await isoFile(test, 'one.iso', 'ONE'), await isoFile(test, 'two.iso', 'TWO')];
      const drive = diskOn(bus, 'cd', { media: 'cdrom', readOnly: true, format: 'raw' });
      let vm = await test.createSample({}, false);
      vm = await test.client.disks.add({
        id: vm.id,
        revision: vm.revision,
        disk: drive,
        source: { kind: 'in-place', file: one },
      });
      await test.client.vms.start({ id: vm.id });
      for (const file of [two, one, two]) {
        vm = await test.client.disks.changeMedium({ id: vm.id, disk: 'cd', revision: vm.revision, file });
        expect(vm.definition?.disks[0]?.file).toBe(file);
        expect(vm.run?.definitionChanged).toBe(false);
      }
      const gone = path.join(path.dirname(one), 'gone.iso');
      await expect(
        test.client.disks.changeMedium({ id: vm.id, disk: 'cd', revision: vm.revision, file: gone }),
      ).rejects.toMatchObject(fault('file-unusable'));
      expect(await readFile(path.join(test.directories.library, vm.id, 'vm.json'), 'utf8')).toContain(two);
    }),
  );
});

describe('risky changes', () => {
  it('take a snapshot first: a shrunk and a converted disk can be had back', () =>
    withTestApp(async (test) => {
      let vm = await test.createSample({}, false);
      vm = await withNew(test, vm, diskOn('virtio', 'data'));
      await test.client.disks.resize({ id: vm.id, disk: 'data', sizeBytes: 32 * MiB, shrink: true });
      const size = async () => (await test.client.disks.report({ id: vm.id })).disks[0]?.virtualBytes;
      expect(await size()).toBe(32 * MiB);
      const named = async () =>
        (await test.client.snapshots.tree({ id: vm.id })).snapshots.map(({ name }) => name);
      expect(await named()).toEqual(['Before shrinking data']);
      await test.client.disks.check({ id: vm.id, disk: 'data', repair: true });
      await test.client.disks.compact({ id: vm.id, disk: 'data' });

      vm = await test.client.disks.convert({ id: vm.id, disk: 'data', format: 'raw' });
      expect(vm.definition?.disks).toMatchObject([{ id: 'data', file: 'disks/data.raw', format: 'raw' }]);
      const [use] = (await test.client.disks.report({ id: vm.id })).disks;
      expect(use).toMatchObject({ file: 'disks/data.raw', virtualBytes: 32 * MiB, layers: [] });
      expect(await named()).toEqual(['Before shrinking data', 'Before converting data to raw']);
      await test.client.vms.start({ id: vm.id });
      await test.client.vms.forceStop({ id: vm.id });

      const { snapshots } = await test.client.snapshots.tree({ id: vm.id });
      const first = snapshots[0]?.id ?? '';
      await test.client.snapshots.restore({ id: vm.id, snapshot: first, keepPresent: null, memory: false });
      expect(await size()).toBe(64 * MiB);
      await test.reopen();
      await test.client.vms.start({ id: vm.id });
    }));

  it('a disk that grew a snapshot while it ran is let go of with all its layers', () =>
    withTestApp(async (test) => {
      let vm = await test.createSample({}, false);
      vm = await withNew(test, vm, diskOn('scsi', 'first'));
      await test.client.vms.start({ id: vm.id });
      vm = await withNew(test, await test.state(vm.id), diskOn('scsi', 'second'));
      await test.client.snapshots.take({ id: vm.id, name: 'Live', note: '' });
      await test.client.disks.resize({ id: vm.id, disk: 'second', sizeBytes: 96 * MiB, shrink: false });
      vm = await test.state(vm.id);
      vm = await test.client.disks.remove({
        id: vm.id,
        disk: 'second',
        revision: vm.revision,
        deleteImage: true,
      });
      // The snapshot holds the image.
      expect((await imagesOf(test, vm)).sort()).toEqual(['first.qcow2', 'second.qcow2']);
      vm = await withNew(test, vm, diskOn('scsi', 'second'));
      expect(vm.run?.definitionChanged).toBe(false);
      expect(vm.definition?.disks[1]?.file).toBe('disks/second-2.qcow2');
    }));
});

describe('firmware variables', () => {
  it('belong to one running VM at a time, also after a manager has gone; a stale lock is taken over', () =>
    withTestApp(async (test) => {
      const uploads = path.join(test.directories.library, 'uploads');
      const flash = async (name: string) => {
        const file = path.join(uploads, name);
        await writeFile(file, '');
        await truncate(file, 64 * MiB);
        return file;
      };
      const boot = { kind: 'pflash' as const, code: await flash('code.fd'), vars: await flash('vars.fd') };
      const one = await test.createSample({ name: 'One', boot });
      const two = await test.createSample({ name: 'Two', boot }, false);
      const words = () => test.client.vms.start({ id: two.id }).catch((error: Error) => error.message);
      expect(await words()).toContain('“One” runs with vars.fd');
      await test.reopen();
      expect(await words()).toContain('“One” runs with vars.fd');
      await test.client.vms.forceStop({ id: one.id });
      expect((await readdir(uploads)).sort()).toEqual(['code.fd', 'vars.fd']);
      const lock = path.join(uploads, 'vars.fd.armoire-lock');
      await test.client.vms.start({ id: two.id });
      const stale = { ...JSON.parse(await readFile(lock, 'utf8')), vm: one.id, pid: 4194303 };
      await test.client.vms.forceStop({ id: two.id });
      await writeFile(lock, JSON.stringify(stale));
      await test.client.vms.start({ id: two.id });
      expect(await words()).not.toContain('runs with');
    }));
});

describe('a guest with a kernel', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('sees a virtio disk come, grow and go', { timeout: 120_000 }, () =>
    withTestApp(async (test) => {
      const guests = path.resolve(import.meta.dirname, '../.stage/guests/arm64');
      vi.stubEnv('ARMOIRE_FILES', guests);
      await test.reopen();
      const source = {
        kind: 'kernel' as const,
        kernel: path.join(guests, 'Image'),
        initrd: path.join(guests, 'initrd.cpio.gz'),
      };
      const { request } = await test.client.vms.suggest({ source });
      let vm = await test.client.vms.create({ request, start: true });
      const console = await watchConsole(test, vm.id);
      const ask = async (command: string, answer: string) => {
        console.type(`${command}\r`);
        await console.expect(answer, 30_000);
      };
      await console.expect('~ # ', 60_000);
      expect((await test.client.disks.report({ id: vm.id })).hotplugBuses).toContain('virtio');
      vm = await withNew(test, vm, diskOn('virtio', 'data'));
      expect(vm.run?.definitionChanged).toBe(false);
      await ask(
        'modprobe virtio_blk; until grep -q vda /proc/partitions; do sleep 1; done; echo ca""me',
        'came',
      );
      await test.client.disks.resize({ id: vm.id, disk: 'data', sizeBytes: 96 * MiB, shrink: false });
      await ask('until grep -q 98304.vda /proc/partitions; do sleep 1; done; echo gr""ew', 'grew');
      vm = await test.client.disks.remove({
        id: vm.id,
        disk: 'data',
        revision: vm.revision,
        deleteImage: true,
      });
      expect(vm.run?.definitionChanged).toBe(false);
      await ask('grep -c vda /proc/partitions; echo ga""ne', 'gane');
      expect(await imagesOf(test, vm)).toEqual([]);
    }),
  );
});
