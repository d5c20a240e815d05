// A full disk and a read-only library need a file system of their own: mounted where this user may, else skipped.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { prompt, resourcesDir, watchConsole, withTestApp } from './app.testing.ts';
import { createApp } from './app.ts';
import { fillDisk, mayMount, onSmallDisk } from './small-disk.testing.ts';

const fault = (code: string) => ({ code: 'FAULT', data: { code } });

const vmsIn = async (library: string) =>
  (await readdir(library)).filter((name) => /^[0-9a-f]{8}-/.test(name));
const leftovers = async (directory: string) =>
  (await readdir(directory, { recursive: true })).filter((name) => /partial|\.new-|\.deleted-/.test(name));

describe.skipIf(!mayMount())('a library on a full disk', () => {
  it('loses nothing, says so, and works again when there is room', () =>
    withTestApp(async (test) => {
      const { library } = test.directories;
      await test.app.close();
      await rm(library, { recursive: true });
      await onSmallDisk(4096, library, async () => {
        await test.reopen();
        const vm = await test.createSample({}, false);
        if (!vm.definition) throw new Error('no definition');
        const before = await readFile(path.join(library, vm.id, 'vm.json'), 'utf8');
        const free = await fillDisk(library);

        const edit = {
          id: vm.id,
          revision: vm.revision,
          definition: { ...vm.definition, note: 'x'.repeat(3000) },
        };
        await expect(test.client.vms.update(edit)).rejects.toMatchObject(fault('disk-full'));
        await expect(
          test.client.vms.clone({ id: vm.id, name: 'Copy', kind: 'copy', snapshot: null, start: false }),
        ).rejects.toMatchObject(fault('disk-full'));
        await expect(test.createSample({}, false)).rejects.toMatchObject(fault('disk-full'));
        await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject(fault('disk-full'));
        expect(await readFile(path.join(library, vm.id, 'vm.json'), 'utf8')).toBe(before);
        expect(await vmsIn(library)).toEqual([vm.id]);
        expect(await leftovers(library)).toEqual([]);
        expect((await test.state(vm.id)).state).toBe('stopped');

        await free();
        await test.client.vms.update(edit);
        expect((await test.client.vms.start({ id: vm.id })).state).toBe('running');
        await test.client.vms.forceStop({ id: vm.id });
        await test.app.close();
      });
      await test.reopen();
    }));

  it('leaves a running VM running, and tells that its output is lost', () =>
    withTestApp(async (test) => {
      const { library } = test.directories;
      await test.app.close();
      await rm(library, { recursive: true });
      await onSmallDisk(4096, library, async () => {
        await test.reopen();
        const vm = await test.createSample();
        const console = await watchConsole(test, vm.id);
        await console.expect(prompt);
        const free = await fillDisk(library);
        console.type('fill 64\r');
        const rules = async () => (await test.state(vm.id)).run?.findings.map(({ rule }) => rule);
        await expect.poll(rules, { timeout: 8000 }).toContain('console-disk-full');
        await free();
        await expect.poll(rules, { timeout: 8000 }).toEqual([]);
        console.type('echo alive\r');
        await console.expect('\r\nalive');
        await test.client.vms.forceStop({ id: vm.id });
        await test.app.close();
      });
      await test.reopen();
    }));
});

describe.skipIf(!mayMount())('an image on a full disk', () => {
  const guests = path.resolve(import.meta.dirname, '../.stage/guests/arm64');
  afterEach(() => vi.unstubAllEnvs());

  it('pauses the guest with the reason; it goes on at a word when there is room', { timeout: 120_000 }, () =>
    withTestApp(async (test) => {
      const small = path.join(path.dirname(test.directories.library), 'small');
      vi.stubEnv('ARMOIRE_FILES', [small, guests].join(path.delimiter));
      await onSmallDisk(4096, small, async () => {
        const image = path.join(small, 'disk.raw');
        await writeFile(image, '');
        await truncate(image, 64 * 1024 * 1024);
        await test.reopen();
        const { request } = await test.client.vms.suggest({
          source: {
            kind: 'kernel',
            kernel: path.join(guests, 'Image'),
            initrd: path.join(guests, 'initrd.cpio.gz'),
          },
        });
        const disk = { id: 'disk0', file: image, format: 'raw', media: 'disk', bus: 'virtio' } as const;
        request.definition.disks = [{ ...disk, readOnly: false }];
        const { id } = await test.client.vms.create({ request, start: true });
        const console = await watchConsole(test, id);
        await console.expect('~ # ', 60_000);
        console.type(`dd if=/dev/urandom of=/dev/vda bs=64k count=128 conv=fsync && echo all is writ''ten\r`);
        const rules = async () => (await test.state(id)).run?.findings.map(({ rule }) => rule);
        await expect.poll(rules, { timeout: 30_000 }).toEqual(['disk-stopped']);
        expect((await test.state(id)).state).toBe('paused');
        expect((await test.client.vms.log({ id })).text).toContain('Disk disk0: ');

        execFileSync('mount', ['-o', 'remount,size=32m', small]);
        await test.client.vms.resume({ id });
        await console.expect('all is written', 60_000);
        expect(await rules()).toEqual([]);
        await test.client.vms.forceStop({ id });
        await test.app.close();
      });
      await test.reopen();
    }),
  );
});

describe.skipIf(!mayMount())('a read-only library', () => {
  it('is refused when it is opened, and told when it becomes so', () =>
    withTestApp(async (test) => {
      const { library } = test.directories;
      await test.app.close();
      await rm(library, { recursive: true });
      await onSmallDisk(4096, library, async () => {
        await test.reopen();
        const vm = await test.createSample({}, false);
        execFileSync('mount', ['-o', 'remount,ro', library]);
        await expect(test.client.vms.rename({ id: vm.id, name: 'New' })).rejects.toMatchObject(
          fault('library-unwritable'),
        );
        await expect(test.client.vms.start({ id: vm.id })).rejects.toMatchObject(fault('library-unwritable'));
        await expect(test.client.vms.delete({ id: vm.id })).rejects.toMatchObject(
          fault('library-unwritable'),
        );
        expect((await test.client.host.info()).library.writable).toBe(false);
        expect((await test.state(vm.id)).definition?.name).toBe('Sample');
        const other = { ...test.directories, runtime: `${test.directories.runtime}-2` };
        await mkdir(other.runtime);
        const open = createApp({
          mode: 'browser',
          directories: other,
          resourcesDir,
          version: 'test',
          shell: {},
        });
        await expect(open).rejects.toMatchObject({ data: { code: 'library-unwritable' } });
        execFileSync('mount', ['-o', 'remount,rw', library]);
        await test.client.vms.rename({ id: vm.id, name: 'New' });
        await test.app.close();
      });
      await test.reopen();
    }));
});
